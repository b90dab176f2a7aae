// A CSV file of people (RFC 4180), read as it comes: a first line with names of columns in any
// order, commas, quotes doubled within quotes, lines that end in CR LF or LF, UTF-8 with or without
// a byte order mark. Owns nothing but the row that it reads.
#pragma once

#include "accounts/import_row.h"

namespace accounts {

/// Code::io where the source fails, or what `sink` fails with; whatever is wrong with the file is
/// told to `sink`.
base::Result<void> read_import_csv(const ImportSource& source, const ImportSink& sink);

}  // namespace accounts

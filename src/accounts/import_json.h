// A JSON file of people, read as it comes: a list of flat objects, whose members are the columns of
// import_row.h and whose values are texts or null. Owns nothing but the object that it reads.
#pragma once

#include "accounts/import_row.h"

namespace accounts {

/// Code::io where the source fails, or what `sink` fails with; whatever is wrong with the file is
/// told to `sink`.
base::Result<void> read_import_json(const ImportSource& source, const ImportSink& sink);

}  // namespace accounts

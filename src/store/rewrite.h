// A database of an older program, whose pages have no checksums, written anew with them. Owns the
// file beside it while it is made; the old one is whole until the new one replaces it.
#pragma once

#include <memory>
#include <string>

#include "base/disk.h"
#include "store/connection.h"

namespace store {

/// The database of `old`, which is `database`, with checksums. Nobody else may have it open:
/// Code::conflict. Code::full where there is no room for both; the old one is left as it was.
base::Result<std::unique_ptr<Connection>> give_checksums(base::Disk& disk, const Database& database,
                                                         std::unique_ptr<Connection> old);

}  // namespace store

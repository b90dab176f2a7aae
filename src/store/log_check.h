// What is left of the write-ahead log of a program that was killed. SQLite takes it up to the first
// frame that does not have its checksum and forgets the rest: right for a torn end, and wrong where
// a bit was flipped in what had been acknowledged. This tells the two apart where that can be told.
// Owns nothing and changes nothing.
#pragma once

#include <string>

#include "base/disk.h"

namespace store {

/// Code::corrupt where the log of the database at `path` is damaged before a transaction that was
/// synced: behind the damaged frame one ends, and the next goes on from it, which is written after
/// the one before was synced. In the last transaction damage and a torn end look alike, and SQLite
/// decides. A damaged header counts where frames that it belongs to are not in the database yet: it
/// is written anew only when they all are. Before SQLite opens it.
base::Result<void> check_log(base::Disk& disk, const std::string& path);

}  // namespace store

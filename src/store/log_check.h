// What is left of the write-ahead log of a program that was killed. SQLite takes it up to the first
// frame that does not have its checksum and forgets the rest: right for a torn end, and wrong where
// a bit was flipped in what had been acknowledged. This tells the two apart where that can be told,
// and makes durable what SQLite will take. Owns nothing; never changes what the log says.
#pragma once

#include <cstdint>
#include <string>

#include "base/disk.h"

namespace store {

/// Of the database at `path`, which nobody may write meanwhile. Changes nothing.
///
/// Code::corrupt where its log has a damaged frame before the end of a transaction that another one
/// follows: the next is written after the one before was synced, so that a crash cannot leave this.
/// In the last transaction damage and a torn end look alike, and SQLite decides. A damaged header
/// counts where frames that it belongs to are not in the database yet: it is written anew only when
/// they all are.
base::Result<void> check_log(base::Disk& disk, const std::string& path);

/// The same, before SQLite opens it.
///
/// A killed process may have left a commit that was written and not synced, or whose sync failed,
/// so that no later sync would keep it. From here on others act on what is read: all that SQLite
/// will take is therefore written once more and synced. What it will not take is cut off, or the
/// next transaction would stand before the remains of another.
base::Result<void> settle_log(base::Disk& disk, const std::string& path);

/// Cuts off and syncs what a transaction that failed has left in the log `from` there on, in bytes,
/// beside readers. For the one who writes, when nothing is being written. What is left would follow
/// a commit that a crash tears in its place, and make it look like one that was acknowledged and is
/// damaged.
base::Result<void> cut_log(base::Disk& disk, const std::string& path, std::uint64_t from);

}  // namespace store

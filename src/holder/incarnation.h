// How often this service has been put on another host: a number beside the root that only a restore
// from a holder raises. Owns the file ROOT/incarnation. A replica refuses whoever comes with a
// smaller one than it has met, so that a host that was replaced cannot go on.
#pragma once

#include <cstdint>
#include <string>

#include "base/disk.h"

namespace holder {

/// 1 where there is no file. Code::corrupt where it is not a number from 1 on and a line feed.
base::Result<std::uint64_t> read_incarnation(base::Disk& disk, const std::string& root);
/// Durable on return; after a crash the old or the new.
base::Result<void> write_incarnation(base::Disk& disk, const std::string& root,
                                     std::uint64_t incarnation);

}  // namespace holder

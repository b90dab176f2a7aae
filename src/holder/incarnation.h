// How often this service has been put on another host: a number beside the root that only a restore
// from a holder raises. Owns the file ROOT/incarnation; a holder has one of the same form, of the
// newest host that it has met (holder/fence.h).
#pragma once

#include <cstdint>
#include <string>

#include "base/disk.h"

namespace holder {

/// 1 where there is no such file in `directory`. Code::corrupt where it is not a number from 1 on
/// and a line feed.
base::Result<std::uint64_t> read_incarnation(base::Disk& disk, const std::string& directory);
/// Durable on return; after a crash the old or the new.
base::Result<void> write_incarnation(base::Disk& disk, const std::string& directory,
                                     std::uint64_t incarnation);

}  // namespace holder

// What stands in a holder's directory, for people who ask: read beside whoever serves it, without
// opening, recovering or changing anything. Owns nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/disk.h"

namespace holder {

struct RootLook {
  /// While one is being replaced, the older one's: it is not destroyed yet. Nothing where a
  /// passphrase hides it.
  std::optional<std::uint64_t> epoch;
};
/// The root in `directory`; nothing where none is kept.
base::Result<std::optional<RootLook>> look_at_root(base::Disk& disk, const std::string& directory);

struct ReplicaLook {
  std::uint64_t incarnation = 0;  // of the newest server that it has met
  /// The root before it is destroyed; 0: no tree yet; nothing: a passphrase hides it.
  std::optional<std::uint64_t> epoch = 0;
  std::uint64_t leaves = 0;  // of its copy of the log
  std::uint64_t open_intents = 0;
  base::Time contact{};                // when a server was heard last, exact to a minute
  std::uint64_t pages_damaged = 0;     // of the tree: that do not open, as far as was looked
  std::optional<base::Time> scrubbed;  // when all of them were looked at last
};
/// Nothing where no server has been followed yet. Code::corrupt where it is damaged.
base::Result<std::optional<ReplicaLook>> look_at_replica(base::Disk& disk,
                                                         const std::string& directory);

}  // namespace holder

// What a replica remembers beside its tree: which server it follows, which one wrote the tree, and
// the erasures whose commit it waits for. Owns the file `state`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/disk.h"
#include "holder/replica_messages.h"

namespace holder {

struct ReplicaState {
  std::uint64_t incarnation = 0;
  std::uint64_t tree_incarnation = 0;
  base::Time contact{};  // about when the server was heard last
  Intents intents{};
  std::uint64_t pages_damaged = 0;  // as the look over its leaves found it
  base::Time scrubbed{};            // when such a look came to its end last; 0: never

  /// Nothing where there is no such file; Code::corrupt where it is damaged.
  static base::Result<std::optional<ReplicaState>> read(base::Disk& disk, const std::string& path);
  /// Durable on return; after a crash the old or the new.
  base::Result<void> write(base::Disk& disk, const std::string& path) const;
};

}  // namespace holder

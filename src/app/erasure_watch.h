// Erasures that wait for a repair, as whoever runs the server sees them: once each in the log, by
// opaque ids, and as a figure of the metrics. Owns what it has said.
#pragma once

#include <set>

#include "base/log.h"
#include "http/metrics.h"
#include "vault/vault.h"

namespace app {

class ErasureWatch {
 public:
  ErasureWatch(vault::Vault& vault, base::Log& log) : vault_(vault), log_(log) {}
  /// Lets time pass in the vault, and says which erasures are stuck that were not before.
  base::Result<void> tick();

 private:
  vault::Vault& vault_;
  base::Log& log_;
  std::set<std::uint64_t> said_;  // intents
};

/// erasures_unfinished.
http::Figure erasure_figure(vault::Vault& vault);

}  // namespace app

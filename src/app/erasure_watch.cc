#include "app/erasure_watch.h"

namespace app {

base::Result<void> ErasureWatch::tick() {
  auto ticked = vault_.tick();
  std::set<std::uint64_t> stuck;
  for (const vault::StuckErasure& one : vault_.stuck_erasures()) {
    stuck.insert(one.intent);
    if (said_.contains(one.intent)) continue;
    for (const base::OwnerId owner : one.owners)
      log_.error("an erasure cannot be finished",
                 {{"erasure", one.intent}, {"owner", owner}, {"why", one.why}});
  }
  said_ = std::move(stuck);
  return ticked;
}

http::Figure erasure_figure(vault::Vault& vault) {
  return {"erasures_unfinished", "Erasures that were begun and cannot be finished yet",
          http::Figure::Kind::gauge, vault.stuck_erasures().size()};
}

}  // namespace app

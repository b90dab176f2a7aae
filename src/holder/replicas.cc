#include "holder/replicas.h"

#include <algorithm>

#include "base/mandate.h"

namespace holder {

using base::Result;

namespace {

// As long as a link waits for an answer: who is asked has answered by then, or counts as away and
// is not waited for the next time. Shorter, a slow replica could not stop a host that was replaced.
constexpr base::Duration kAnswerMax = std::chrono::seconds(2);

}  // namespace

Result<void> Replicas::intend() {
  for (Replicator* replicator : replicators_) replicator->wake();
  const base::Time deadline = clock_.now() + kAnswerMax;
  for (Replicator* replicator : replicators_)
    replicator->tell(std::max(base::Duration{}, deadline - clock_.now()));
  if (any_replaced()) return base::replaced_host();
  return {};
}

bool Replicas::say_replaced() {
  std::vector<std::uint64_t> doubts;
  for (Replicator* replicator : replicators_) doubts.push_back(replicator->doubt());
  const base::Time deadline = clock_.now() + kAnswerMax;
  for (std::size_t i = 0; i < replicators_.size(); ++i) replicators_[i]->hear(doubts[i], deadline);
  return any_replaced();
}

bool Replicas::any_replaced() {
  return std::ranges::any_of(replicators_, [](Replicator* one) { return one->replaced(); });
}

std::vector<keys::Following> Replicas::await(std::uint64_t epoch, base::Duration patience) {
  const base::Time deadline = clock_.now() + patience;
  std::vector<keys::Following> all;
  for (Replicator* replicator : replicators_) {
    const std::uint64_t confirmed = replicator->await(epoch, deadline);
    all.push_back({replicator->name(), confirmed, confirmed < epoch ? epoch - confirmed : 0});
  }
  return all;
}

void Replicas::wake() {
  for (Replicator* replicator : replicators_) replicator->wake();
}

}  // namespace holder

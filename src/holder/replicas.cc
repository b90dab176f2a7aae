#include "holder/replicas.h"

namespace holder {
namespace {

// An erasure does not wait longer than this for its intent to be known elsewhere.
constexpr base::Duration kTellingMax = std::chrono::milliseconds(100);

}  // namespace

void Replicas::intend() {
  for (Replicator* replicator : replicators_) replicator->wake();
  const base::Time deadline = clock_.now() + kTellingMax;
  for (Replicator* replicator : replicators_)
    replicator->tell(std::max(base::Duration{}, deadline - clock_.now()));
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

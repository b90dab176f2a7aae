#include "vault/key_lease.h"

#include <vector>

namespace vault {
namespace {

constexpr int kLookedAt = 2;

}  // namespace

void KeyLease::end() {
  ended = true;
  input_key.wipe();
  segment.reset();
  base::wipe(plain);
  plain.clear();
}

std::shared_ptr<KeyLease> KeyLeases::take(base::OwnerId owner, base::SecretBytes key) {
  auto lease = std::make_shared<KeyLease>(wait_, std::move(key));
  const base::Lock lock(mutex_);
  // More are looked at than are added, so that of any two listed about one is held.
  for (int i = 0; i < kLookedAt; ++i) sweep_one();
  held_.emplace(Place{owner, next_++}, lease);
  return lease;
}

void KeyLeases::sweep_one() {
  auto at = held_.upper_bound(swept_);
  if (at == held_.end()) at = held_.begin();
  if (at == held_.end()) return;
  swept_ = at->first;
  if (at->second.expired()) held_.erase(at);
}

std::size_t KeyLeases::listed() const {
  const base::Lock lock(mutex_);
  return held_.size();
}

void KeyLeases::end(base::OwnerId owner) {
  std::vector<std::shared_ptr<KeyLease>> leases;
  {
    const base::Lock lock(mutex_);
    const auto first = held_.lower_bound({owner, 0});
    auto last = first;
    for (; last != held_.end() && last->first.first == owner; ++last)
      if (auto lease = last->second.lock()) leases.push_back(std::move(lease));
    held_.erase(first, last);
  }
  for (const auto& lease : leases) {
    const base::Lock lock(lease->mutex);
    lease->end();
  }
}

}  // namespace vault

#include "vault/key_lease.h"

#include <vector>

namespace vault {

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
  // Those of this owner that were dropped leave the list here, so that it stays as short as it can.
  const auto [first, last] = held_.equal_range(owner);
  for (auto at = first; at != last;) at = at->second.expired() ? held_.erase(at) : std::next(at);
  held_.emplace(owner, lease);
  return lease;
}

void KeyLeases::end(base::OwnerId owner) {
  std::vector<std::shared_ptr<KeyLease>> leases;
  {
    const base::Lock lock(mutex_);
    const auto [first, last] = held_.equal_range(owner);
    for (auto at = first; at != last; ++at)
      if (auto lease = at->second.lock()) leases.push_back(std::move(lease));
    held_.erase(first, last);
  }
  for (const auto& lease : leases) {
    const base::Lock lock(lease->mutex);
    lease->end();
  }
}

}  // namespace vault

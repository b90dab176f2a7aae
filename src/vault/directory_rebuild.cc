#include <map>

#include "vault/directory.h"

// The directory made anew after a restore. What a backup held of it is older than the keys of its
// buckets wherever somebody was erased since; who is in it follows from the users' records instead.
// The buckets keep their owners and keys where the tree has them.

namespace vault {
namespace {

using base::Code;
using base::Result;

// Entries that wait in memory for the next transaction.
constexpr std::size_t kWaitingMax = std::size_t{1} << 18;

}  // namespace

/// Gives a new owner to whatever the tree holds no key for, or none that can be read.
Result<void> Directory::replace_keyless(std::vector<base::OwnerId>& minted) {
  const auto look = [&](base::OwnerId& owner) -> Result<void> {
    const auto state = TRY(keys_.state(owner));
    if (state == keys::State::live && TRY(keys_.readable(owner))) return {};
    owner = base::OwnerId::random(entropy_);
    minted.push_back(owner);
    return {};
  };
  for (auto& owner : owners_) TRY(look(owner));
  TRY(look(system_));
  if (minted.empty()) return {};
  return keys_.mint(minted);
}

Result<std::uint64_t> Directory::rebuild(const Vault::Listings& listings) {
  const BucketLocks::Hold all = locks_.take_all();
  std::vector<base::OwnerId> minted;
  TRY(replace_keyless(minted));
  TRY(store_.write([&](store::Tx& tx) { return empty_all(tx, minted); }));

  std::uint64_t twice = 0;
  std::multimap<std::size_t, std::pair<base::Digest, Vault::Listed>> waiting;  // by bucket
  const auto put_down = [&]() -> Result<void> {
    std::uint64_t refused = 0;
    TRY(store_.write([&](store::Tx& tx) -> Result<void> {
      for (auto at = waiting.begin(); at != waiting.end();) {
        const std::size_t number = at->first;
        Bucket bucket = TRY(read_bucket(tx, owners_[number]));
        for (; at != waiting.end() && at->first == number; ++at) {
          const auto added = bucket.add(at->second.first, at->second.second);
          if (!added.ok() && added.code() != Code::conflict) return added;
          if (!added.ok()) ++refused;
        }
        TRY(write_in_force(tx, owners_[number], bucket));
      }
      return {};
    }));
    twice += refused;
    waiting.clear();
    return {};
  };
  TRY(listings([&](const Address& address, const Vault::Listed& listed) -> Result<void> {
    const Place place = TRY(place_of(address));
    waiting.emplace(place.bucket, std::pair(place.tag, listed));
    if (waiting.size() < kWaitingMax) return {};
    return put_down();
  }));
  TRY(put_down());
  return twice;
}

}  // namespace vault

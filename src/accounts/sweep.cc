#include "accounts/sweep.h"

#include <vector>

namespace accounts {
namespace {

constexpr std::size_t kSweep = 200;

}  // namespace

base::Result<void> sweep(store::Store& store, base::Entropy& entropy, base::Time now,
                         const Over& over,
                         const std::function<base::Result<void>(base::OwnerId)>& erase) {
  const auto begin = base::OwnerId::random(entropy);
  std::vector<base::OwnerId> found;
  const auto add = [&](const store::Row& row) -> base::Result<void> {
    found.push_back(TRY(row.id<base::OwnerId>(0)));
    return {};
  };
  TRY(store.read([&](store::Reader& reader) -> base::Result<void> {
    TRY(reader.query(over.from, {begin, over.state, now, kSweep}, add));
    return reader.query(over.before, {begin, over.state, now, kSweep - found.size()}, add);
  }));
  base::Result<void> outcome;
  for (const base::OwnerId owner : found) {
    auto erased = erase(owner);
    if (!erased.ok() && outcome.ok()) outcome = std::move(erased);
  }
  return outcome;
}

}  // namespace accounts

#include "keys/split_root_holder.h"

#include "keys/page.h"

namespace keys {

using base::Code;
using base::Error;
using base::Result;

namespace {

// Of the resting holder. Its other slot stays empty.
constexpr std::size_t kRestingSlot = 0;

base::SecretBytes exclusive_or(base::View a, base::View b) {
  CHECK(a.size() == b.size());
  base::SecretBytes both(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    both.mutable_view()[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
  return both;
}

}  // namespace

Result<std::optional<Root>> SplitRootHolder::resting_share() {
  auto shares = TRY(resting_.read());
  return std::move(shares[kRestingSlot]);
}

/// Draws B. Only where there is no A yet: an A opens with its own B and with no other.
Result<Root> SplitRootHolder::make_resting_share(std::uint64_t epoch) {
  const auto others = TRY(rotating_.read());
  if (others[0] || others[1])
    return Error{Code::missing, "one of the root's two shares is lost: nothing opens without it"};
  Root share{.epoch = epoch, .key = base::SecretBytes(kKeySize), .page = 0};
  entropy_.fill(share.key.mutable_view());
  TRY_AS(resting_.write(kRestingSlot, share), "cannot keep the root's resting share");
  return share;
}

Result<std::array<std::optional<Root>, 2>> SplitRootHolder::read() {
  auto roots = TRY(rotating_.read());
  const auto resting = TRY(resting_share());
  if (!resting && (roots[0] || roots[1]))
    return Error{Code::missing, "one of the root's two shares is lost: nothing opens without it"};
  for (std::optional<Root>& root : roots)
    if (root) root->key = exclusive_or(root->key.view(), resting->key.view());
  return roots;
}

/// B is asked for every time and not remembered: were it lost or exchanged meanwhile, a commit
/// under the B in memory would be one that nobody can open again.
Result<void> SplitRootHolder::write(std::size_t slot, const Root& root) {
  auto resting = TRY(resting_share());
  if (!resting) {
    Root made = TRY(make_resting_share(root.epoch));
    resting = std::move(made);
  }
  return rotating_.write(slot, {.epoch = root.epoch,
                                .key = exclusive_or(root.key.view(), resting->key.view()),
                                .page = root.page});
}

Result<void> SplitRootHolder::destroy(std::size_t slot) { return rotating_.destroy(slot); }

}  // namespace keys

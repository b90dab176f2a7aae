#include "gate/gate.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "base/mutant.h"
#include "base/recent.h"
#include "gate/bits.h"

// How an owner stands, and why no question is answered more loosely than the table says.
//  1. A change is pending from set_standing() on, until a snapshot shows it: its transaction may
//     still fail. A question meanwhile is answered by the stricter of table and change, bit by bit.
//  2. A change whose transaction failed is noticed by the next transaction that changes anything:
//     transactions come one after the other, so what it sees of earlier ones is their outcome.
//  3. What a snapshot showed is remembered only where nothing has changed since it was taken.

namespace gate {
namespace {

using base::Code;
using base::Error;
using base::Result;
using notice::Standing;

constexpr std::size_t kRememberedMax = 1 << 16;
constexpr std::size_t kSettledAtOnce = 16;

/// The stored standing; nothing where the owner has no row, which is the standing of everybody.
Result<std::optional<Standing>> stored(store::Reader& reader, base::OwnerId owner) {
  std::optional<Standing> found;
  TRY(reader.query("SELECT bits FROM gate_standing WHERE owner = ?", {owner},
                   [&](const store::Row& row) -> Result<void> {
                     found = TRY(decode_standing(row.blob(0)));
                     return {};
                   }));
  return found;
}

/// As restricted as can be, short of erased: what stands in for a standing that cannot be read.
Standing most_restricted() {
  Standing standing;
  standing.objected = notice::PurposeSet(~std::uint64_t{0});
  standing.restricted = true;
  standing.suspended = true;
  return standing;
}

Error refusal(notice::Reason reason) {
  switch (reason) {
    case notice::Reason::none:
      break;
    case notice::Reason::not_declared:
      return {Code::denied, "our notice does not declare this"};
    case notice::Reason::not_enabled:
      return {Code::denied, "our notice declares this, but it is not switched on"};
    case notice::Reason::purpose_not_for_category:
      return {Code::denied, "our notice does not use this data for that"};
    case notice::Reason::consent_missing:
      return {Code::denied, "it needs consent, and none was given"};
    case notice::Reason::withdrawn:
      return {Code::denied, "it needs consent, and that was withdrawn"};
    case notice::Reason::objected:
      return {Code::denied, "the person has objected to it"};
    case notice::Reason::under_review:
      return {Code::denied, "the person has objected to it, and a person is looking at it"};
    case notice::Reason::restricted:
      return {Code::denied, "processing of this data is restricted"};
    case notice::Reason::suspended:
      return {Code::denied, "the account is suspended"};
    case notice::Reason::erasing:
      return {Code::gone, "the data is being erased"};
    case notice::Reason::erased:
      return {Code::gone, "the data has been erased"};
    case notice::Reason::unconfirmed:
      return {Code::denied, "after a restore it waits until the person says again how she stands"};
  }
  return {Code::internal, "a refusal without a reason"};
}

}  // namespace

struct Gate::Impl {
  Impl(store::Store& its_store, base::Wait& wait, const notice::PolicyHandle& its_policy)
      : store(its_store), policy(its_policy), mutex(wait) {}

  Result<Standing> standing(base::OwnerId owner);
  std::vector<std::pair<base::OwnerId, Standing>> some_pending();
  Result<void> settle(store::Tx& tx);
  void expect(base::OwnerId owner, const Standing& next);
  void remember(base::OwnerId owner, const Standing& shown, std::uint64_t changes_then);

  store::Store& store;
  const notice::PolicyHandle& policy;
  base::Mutex mutex;
  // Under the mutex:
  base::Recent<base::OwnerId, Standing> remembered{kRememberedMax};
  std::map<base::OwnerId, Standing> pending;
  base::OwnerId settled_last{};
  std::uint64_t changes = 0;
};

Result<Standing> Gate::Impl::standing(base::OwnerId owner) {
  std::optional<Standing> change;
  std::uint64_t changes_then = 0;
  {
    const base::Lock lock(mutex);
    const auto waiting = pending.find(owner);
    if (waiting != pending.end()) {
      change = waiting->second;
    } else if (const Standing* known = remembered.find(owner); known != nullptr) {
      return *known;
    }
    changes_then = changes;
  }
  std::optional<Standing> found;
  TRY(store.read_once([&](store::Reader& reader) -> Result<void> {
    found = TRY(stored(reader, owner));
    return {};
  }));
  const Standing shown = found.value_or(Standing{});
  remember(owner, shown, changes_then);
  return change.has_value() ? strictest(shown, *change) : shown;
}

void Gate::Impl::remember(base::OwnerId owner, const Standing& shown, std::uint64_t changes_then) {
  const base::Lock lock(mutex);
  if (changes != changes_then) return;
  if (const auto waiting = pending.find(owner); waiting != pending.end()) {
    if (!same(waiting->second, shown)) return;
    pending.erase(waiting);
    ++changes;  // others may hold an older snapshot still
  }
  remembered.put(owner, shown);
}

/// The next few that are pending, in turn, so that no transaction pays for many others.
std::vector<std::pair<base::OwnerId, Standing>> Gate::Impl::some_pending() {
  const base::Lock lock(mutex);
  std::vector<std::pair<base::OwnerId, Standing>> some;
  auto at = pending.upper_bound(settled_last);
  while (some.size() < std::min(kSettledAtOnce, pending.size())) {
    if (at == pending.end()) at = pending.begin();
    some.push_back(*at++);
  }
  if (!some.empty()) settled_last = some.back().first;
  return some;
}

/// Drops what is pending no more: the snapshot shows it, or its transaction has failed.
Result<void> Gate::Impl::settle(store::Tx& tx) {
  const auto some = some_pending();
  if (some.empty()) return {};
  return store.read([&](store::Reader& snapshot) -> Result<void> {
    for (const auto& [owner, change] : some) {
      const auto shown = TRY(stored(snapshot, owner));
      const auto seen = TRY(stored(tx, owner));
      const bool durable = same(shown.value_or(Standing{}), change);
      const bool failed = !same(seen.value_or(Standing{}), change);
      if (!durable && !failed) continue;
      const base::Lock lock(mutex);
      const auto still = pending.find(owner);
      if (still != pending.end() && same(still->second, change)) pending.erase(still);
      ++changes;
    }
    return {};
  });
}

void Gate::Impl::expect(base::OwnerId owner, const Standing& next) {
  const base::Lock lock(mutex);
  pending.insert_or_assign(owner, next);
  if (base::mutated(base::Mutant::standing_cached) && remembered.find(owner) != nullptr) {
    pending.erase(owner);
    return;
  }
  remembered.drop(owner);
  ++changes;
}

store::Schema Gate::schema() {
  return {"gate",
          {"CREATE TABLE gate_standing (owner BLOB NOT NULL PRIMARY KEY, bits BLOB NOT NULL) "
           "STRICT, WITHOUT ROWID"},
          store::Keeping::bulk,
          {{"gate_standing", "owner"}}};
}

Result<std::unique_ptr<Gate>> Gate::open(store::Store& store, base::Wait& wait,
                                         const notice::PolicyHandle& policy) {
  return std::unique_ptr<Gate>(new Gate(std::make_unique<Impl>(store, wait, policy)));
}

Gate::Gate(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gate::~Gate() = default;

notice::Decision Gate::decide(base::OwnerId owner, notice::CategoryId category,
                              notice::PurposeId purpose) {
  return impl_->policy.current().allowed(category, purpose, standing(owner));
}

Result<Permit> Gate::ask(Actor actor, base::OwnerId owner, notice::CategoryId category,
                         notice::PurposeId purpose) {
  const Standing now = TRY(impl_->standing(owner));
  const notice::Decision decision = impl_->policy.current().allowed(category, purpose, now);
  if (!decision.allowed() && !base::mutated(base::Mutant::standing_unchecked))
    return refusal(decision.reason);
  return Permit(owner, category, purpose, actor);
}

Standing Gate::standing(base::OwnerId owner) {
  auto now = impl_->standing(owner);
  return now.ok() ? *now : most_restricted();
}

Result<Standing> Gate::standing(store::Reader& reader, base::OwnerId owner) {
  const auto found = TRY(stored(reader, owner));
  return found.value_or(Standing{});
}

Result<void> Gate::set_standing(store::Tx& tx, const Recorded& /*recorded*/, base::OwnerId owner,
                                const Standing& standing) {
  TRY(impl_->settle(tx));
  // Before the row is there: a question in between must not be answered by the old one alone.
  impl_->expect(owner, standing);
  if (base::mutated(base::Mutant::standing_not_stored) && !standing.erasing) return {};
  const base::Bytes bits = encode_standing(standing);
  TRY(
      tx.run("INSERT INTO gate_standing (owner, bits) VALUES (?, ?) "
             "ON CONFLICT (owner) DO UPDATE SET bits = excluded.bits",
             {owner, bits}));
  return {};
}

Result<void> Gate::settle(store::Tx& tx) {
  std::size_t left = 0;
  {
    const base::Lock lock(impl_->mutex);
    left = impl_->pending.size();
  }
  for (; left > 0; left -= std::min(left, kSettledAtOnce)) {
    TRY(impl_->settle(tx));
  }
  return {};
}

const notice::PolicyHandle& Gate::policy() const noexcept { return impl_->policy; }

}  // namespace gate

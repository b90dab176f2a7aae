#include "keys/keys.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "base/mutant.h"
#include "keys/impl.h"

namespace keys {

using base::Code;
using base::Error;
using base::OwnerId;
using base::Result;
using base::SecretBytes;

namespace {

// About 7 MB. Those beyond are looked up in the store.
constexpr std::size_t kKnownMax = 65'536;

// More intents than could ever wait for one commit.
constexpr unsigned kIntentsAnEpochBits = 20;

}  // namespace

base::Error unreadable() { return {Code::corrupt, "the page with the owner's key does not open"}; }

SecretBytes subkey(base::View master, base::Literal label, OwnerId owner,
                   std::uint64_t generation) {
  base::Bytes info = base::copy(base::view(label.c_str()));
  info.push_back(0);
  info.insert(info.end(), owner.bytes().begin(), owner.bytes().end());
  base::put_u64(info, generation);
  return base::hkdf_sha256(master, {}, info, kKeySize);
}

Keys::Impl::Impl(store::Store& its_store, base::Entropy& its_entropy, base::Wait& wait,
                 std::unique_ptr<Tree> its_tree, const base::Mandate* mandate)
    : mutex(wait),
      known(kKnownMax),
      store(its_store),
      entropy(its_entropy),
      tree(std::move(its_tree)),
      commits(*tree, wait, mandate) {}

Keys::Keys(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Keys::~Keys() = default;

Result<std::uint64_t> Keys::epoch_seen(store::Reader& reader) { return Owners::epoch_seen(reader); }

store::Schema Keys::schema() { return Owners::schema(); }

Result<std::unique_ptr<Keys>> Keys::open(store::Store& store, RootHolder& holder, base::Disk& disk,
                                         base::Wait& wait, base::Entropy& entropy,
                                         const std::string& path, const base::Mandate* mandate) {
  bool owned = false;
  std::uint64_t epoch_seen = 0;
  TRY(store.read([&](store::Reader& reader) -> Result<void> {
    const bool any = TRY(Owners::any(reader));
    const std::uint64_t seen = TRY(Owners::epoch_seen(reader));
    owned = any;
    epoch_seen = seen;
    return {};
  }));
  const auto roots = TRY(holder.read());
  const bool fresh = !owned && !roots[0] && !roots[1];
  const Tree::Parts parts{holder, disk, wait, entropy};
  auto tree = TRY(fresh ? Tree::create(parts, path) : Tree::open(parts, path, epoch_seen));
  auto impl = std::make_unique<Impl>(store, entropy, wait, std::move(tree), mandate);
  TRY(impl->recover());
  return std::unique_ptr<Keys>(new Keys(std::move(impl)));
}

Result<void> Keys::Impl::recover() {
  if (!base::mutated(base::Mutant::unbound_key_kept)) TRY(destroy_unbound());
  return store.read([&](store::Reader& reader) -> Result<void> {
    const std::uint64_t last = TRY(Owners::last_intent(reader));
    // An intent that is closed has taken an epoch, so no number comes again in a later run.
    first_intent = next_intent = std::max(last + 1, tree->epoch() << kIntentsAnEpochBits);
    const auto live = TRY(Owners::live(reader, kKnownMax));
    for (const auto& [owner, slot] : live) known.put(owner, slot);
    return {};
  });
}

Result<void> Keys::Impl::destroy_unbound() {
  std::vector<OwnerSlot> minted;
  TRY(store.read([&](store::Reader& reader) -> Result<void> {
    auto found = TRY(Owners::minted(reader));
    minted = std::move(found);
    return {};
  }));
  // Nobody else is there at open.
  return destroy(minted, [&](std::vector<Change> changes) { return tree->commit(changes); });
}

Result<void> Keys::Impl::destroy(std::span<const OwnerSlot> minted, const Commit& commit) {
  std::vector<OwnerSlot> readable;
  std::vector<Change> changes;
  for (const OwnerSlot& entry : minted) {
    const auto leaf = tree->read(entry.slot);
    // A damaged page concerns the owners in it, not the start; its rows wait for a repair.
    if (!leaf.ok() && leaf.code() == Code::corrupt) continue;
    if (!leaf.ok()) return leaf.error();
    readable.push_back(entry);
    if (leaf->kind == SlotKind::live && leaf->tag == tag_of(entry.owner))
      changes.push_back({Change::Kind::erase, entry.slot, tag_of(entry.owner)});
  }
  // The keys first: a row is what finds them again.
  if (!changes.empty()) TRY(commit(std::move(changes)));
  if (readable.empty()) return {};
  base::Lock lock(mutex);
  for (const OwnerSlot& entry : readable) forget(entry.owner);
  lock.unlock();
  return store.write([&](store::Tx& tx) { return Owners::forget(tx, readable); });
}

Result<std::optional<OwnerRow>> Keys::Impl::row_of(OwnerId owner) {
  std::optional<OwnerRow> row;
  TRY(store.read_once([&](store::Reader& reader) -> Result<void> {
    const auto found = TRY(Owners::find(reader, owner));
    row = found;
    return {};
  }));
  return row;
}

/// The slot of an owner whose place is remembered, if it is still hers.
Result<std::optional<Leaf>> Keys::Impl::find_known(OwnerId owner) {
  base::Lock lock(mutex);
  const std::uint64_t* remembered = known.find(owner);
  if (remembered == nullptr) return std::optional<Leaf>();
  const std::uint64_t slot = *remembered;
  lock.unlock();
  Leaf leaf = TRY(tree->read(slot));
  if (leaf.kind == SlotKind::live && leaf.tag == tag_of(owner))
    return std::optional<Leaf>(std::move(leaf));
  lock.lock();
  known.drop(owner);
  return std::optional<Leaf>();
}

bool Keys::Impl::is_erased_by_somebody(OwnerId owner) const {
  const auto taken = seized.find(owner);
  return taken != seized.end() && taken->second == Role::erase;
}

void Keys::Impl::forget(OwnerId owner) {
  known.drop(owner);
  subkeys.drop(owner);
}

Result<Leaf> Keys::Impl::find(OwnerId owner) {
  for (;;) {
    base::Lock lock(mutex);
    if (is_erased_by_somebody(owner)) return Error{Code::gone, "the owner is being erased"};
    const std::uint64_t releases_before = releases;
    lock.unlock();

    std::optional<Leaf> near = TRY(find_known(owner));
    if (near) return std::move(*near);
    const auto row = TRY(row_of(owner));
    if (!row) return Error{Code::missing, "this owner never had a key"};
    if (row->standing == Standing::erasing || row->standing == Standing::erased)
      return Error{Code::gone, "the owner is erased"};
    if (row->standing == Standing::unreadable) return unreadable();
    Leaf leaf = TRY(tree->read(row->slot));

    lock.lock();
    const bool hers = leaf.kind == SlotKind::live && leaf.tag == tag_of(owner);
    // Somebody may have been erased between the row and the slot: look again.
    if (releases != releases_before) continue;
    if (hers) {
      known.put(owner, row->slot);
      return leaf;
    }
    if (row->standing == Standing::minted)
      return Error{Code::missing, "the owner's key is not made yet"};
    // A row from before the erasure, in a store that was brought back: the tree knows better.
    if (leaf.kind == SlotKind::erased && leaf.tag == tag_of(owner))
      return Error{Code::gone, "the owner is erased"};
    return Error{Code::corrupt, "the owners' map and the key tree do not fit each other"};
  }
}

Result<void> Keys::mint(std::span<const OwnerId> owners) {
  if (owners.empty()) return {};
  while (true) {
    auto made = mint_once(owners);
    if (made.ok() || made.code() != Code::corrupt) return made;
    // Free slots on a leaf that does not open are nobody's loss: others are taken.
    if (!TRY(impl_->set_damaged_aside(owners))) return made;
  }
}

/// Whether some of them, minted in vain, were given slots on leaves that do not open. They are
/// known no more then, and these slots are given to nobody again. No key can have been put there.
Result<bool> Keys::Impl::set_damaged_aside(std::span<const OwnerId> owners) {
  bool any = false;
  TRY(store.write([&](store::Tx& tx) -> Result<void> {
    for (const OwnerId owner : owners) {
      const auto row = TRY(Owners::find(tx, owner));
      if (!row || row->standing != Standing::minted) continue;
      const auto leaf = tree->read(row->slot);
      if (leaf.ok() || leaf.code() != Code::corrupt) continue;
      const std::uint64_t first = row->slot - (row->slot % kFanout);
      TRY(Owners::set_aside(tx, {.first = first, .last = first + kFanout - 1}));
      TRY(Owners::forget(tx, std::array{OwnerSlot{owner, row->slot}}));
      any = true;
    }
    return {};
  }));
  return any;
}

Result<void> Keys::mint_once(std::span<const OwnerId> owners) {
  std::vector<OwnerSlot> reserved;
  TRY(impl_->store.write([&](store::Tx& tx) -> Result<void> {
    auto slots = TRY(Owners::reserve(tx, owners));
    reserved = std::move(slots);
    return {};
  }));
  std::vector<Change> changes;
  for (const auto& [owner, slot] : reserved)
    changes.push_back({Change::Kind::mint, slot, tag_of(owner)});
  if (const auto made = impl_->commit(std::move(changes)); !made.ok()) {
    // Where the commit is in doubt the keys may stand in the tree, also once another commit has
    // settled it, and the rows must lead to them: a slot is free when its key is gone. Rows that
    // stay, for want of a store or a holder, are found at the next open, too.
    (void)abandon(owners).ok();
    return made.error();
  }
  const base::Lock lock(impl_->mutex);
  for (const auto& [owner, slot] : reserved) impl_->known.put(owner, slot);
  return {};
}

Result<void> Keys::abandon(std::span<const OwnerId> owners) {
  // A key that a commit in doubt has made must be seen, or its slot would be given to another.
  TRY(impl_->settle());
  std::vector<OwnerSlot> minted;
  // As a writer: where the transaction that was to bind them failed and its remains cannot be cut
  // off, it may come back with the next start, and must find the keys there.
  TRY(impl_->store.write([&](store::Tx& tx) -> Result<void> {
    for (const OwnerId owner : owners) {
      const auto row = TRY(Owners::find(tx, owner));
      // Bound after all, where a transaction was durable and its caller could not be told.
      if (row && row->standing == Standing::minted) minted.push_back({owner, row->slot});
    }
    return {};
  }));
  return impl_->destroy(
      minted, [&](std::vector<Change> changes) { return impl_->commit(std::move(changes)); });
}

Result<void> Keys::bind(store::Tx& tx, OwnerId owner) { return Owners::bind(tx, owner); }

Result<SecretBytes> Keys::derive(OwnerId owner, base::Literal label) {
  base::Lock lock(impl_->mutex);
  const std::uint64_t epoch = impl_->tree->epoch();
  const std::uint64_t releases = impl_->releases;
  const SecretBytes* near = impl_->subkeys.find(epoch, owner, label);
  if (near != nullptr && !impl_->is_erased_by_somebody(owner)) return near->clone();
  lock.unlock();
  const Leaf leaf = TRY(impl_->find(owner));
  SecretBytes derived = subkey(leaf.key.view(), label, owner, leaf.generation);
  lock.lock();
  // What a commit or an erasure has overtaken meanwhile is answered, as if asked before it, and not
  // kept: nobody would wipe it.
  if (impl_->tree->epoch() == epoch && impl_->releases == releases &&
      !impl_->is_erased_by_somebody(owner))
    impl_->subkeys.put(epoch, owner, label, derived);
  return derived;
}

Result<std::uint64_t> Keys::generation(OwnerId owner) {
  const Leaf leaf = TRY(impl_->find(owner));
  return leaf.generation;
}

State state_of(Standing standing) {
  switch (standing) {
    case Standing::minted:
    case Standing::live:
      return State::live;
    case Standing::erasing:
      return State::erasing;
    case Standing::erased:
      return State::erased;
    case Standing::unreadable:
      return State::unreadable;
  }
  return State::unknown;
}

Result<State> Keys::state(OwnerId owner) {
  {
    const base::Lock lock(impl_->mutex);
    if (!impl_->seized.contains(owner) && impl_->known.find(owner) != nullptr) return State::live;
  }
  const auto row = TRY(impl_->row_of(owner));
  return row ? state_of(row->standing) : State::unknown;
}

Result<bool> Keys::readable(OwnerId owner) {
  const auto row = TRY(impl_->row_of(owner));
  if (!row) return Error{Code::missing, "this owner never had a key"};
  if (row->standing == Standing::unreadable) return false;
  if (row->standing == Standing::erased) return true;
  const auto leaf = impl_->tree->read(row->slot);
  if (!leaf.ok() && leaf.code() != Code::corrupt) return leaf.error();
  return leaf.ok();
}

std::uint64_t Keys::epoch() const { return impl_->tree->epoch(); }

}  // namespace keys

// Erasures: prepared in memory, intended in the store, committed in the tree, finished in the
// store.

#include "base/mutant.h"
#include "keys/impl.h"

namespace keys {

using base::Code;
using base::Error;
using base::OwnerId;
using base::Result;
using base::SecretBytes;

Erasure::Erasure(std::unique_ptr<Plan> plan) : plan_(std::move(plan)) {}
Erasure::Erasure(Erasure&&) noexcept = default;
Erasure& Erasure::operator=(Erasure&& other) noexcept {
  std::swap(plan_, other.plan_);
  return *this;
}
Erasure::~Erasure() {
  if (plan_ != nullptr) plan_->keys.release(*plan_);
}

namespace {

Result<const Planned*> find_rekeyed(std::span<const Planned> rekeyed, OwnerId owner) {
  for (const Planned& planned : rekeyed)
    if (planned.owner == owner) return &planned;
  return Error{Code::missing, "this erasure does not re-key that owner"};
}

}  // namespace

Result<SecretBytes> Erasure::next(OwnerId rekeyed, base::Literal label) const {
  CHECK(plan_ != nullptr);
  const Planned* planned = TRY(find_rekeyed(plan_->rekey, rekeyed));
  return subkey(planned->next_key.view(), label, rekeyed, planned->generation + 1);
}

Result<std::uint64_t> Erasure::next_generation(OwnerId rekeyed) const {
  CHECK(plan_ != nullptr);
  const Planned* planned = TRY(find_rekeyed(plan_->rekey, rekeyed));
  return planned->generation + 1;
}

// nonce 12 | key 32 | tag 16: sealed more than once under one key, where a rotation was dropped.
constexpr std::size_t kNextSealed = base::Aead::nonce_size + kKeySize + base::Aead::tag_size;

Result<base::Bytes> Erasure::seal_next(OwnerId rekeyed, const SecretBytes& under) const {
  CHECK(plan_ != nullptr);
  const Planned* planned = TRY(find_rekeyed(plan_->rekey, rekeyed));
  base::Bytes sealed(kNextSealed);
  const base::Mutable nonce = base::Mutable(sealed).first(base::Aead::nonce_size);
  plan_->keys.entropy.fill(nonce);
  base::Aead(under.view())
      .seal(nonce, rekeyed.bytes(), planned->next_key.view(),
            base::Mutable(sealed).subspan(base::Aead::nonce_size));
  return sealed;
}

Result<void> Erasure::take_next(OwnerId rekeyed, const SecretBytes& under, base::View sealed) {
  CHECK(plan_ != nullptr);
  TRY(find_rekeyed(plan_->rekey, rekeyed));
  if (sealed.size() != kNextSealed)
    return Error{Code::corrupt, "a sealed key to come has another size"};
  SecretBytes key(kKeySize);
  TRY(base::Aead(under.view())
          .open(sealed.first(base::Aead::nonce_size), rekeyed.bytes(),
                sealed.subspan(base::Aead::nonce_size), key.mutable_view()));
  for (Planned& planned : plan_->rekey) {
    if (planned.owner != rekeyed) continue;
    planned.next_key = std::move(key);
    break;  // named once
  }
  return {};
}

Result<void> Keys::Impl::settle() {
  if (tree->failed()) TRY(commit({}));
  return {};
}

Result<std::uint64_t> Keys::Impl::commit(std::vector<Change> changes) {
  auto epoch = commits.run(std::move(changes));
  const base::Lock lock(mutex);
  subkeys.enter(tree->epoch());  // also where it failed: it may have settled an earlier one
  return epoch;
}

/// Takes the owners, all or none, so that no other erasure can and no key of them is derived.
Result<void> Keys::Impl::seize(Erasure::Plan& plan, std::span<const OwnerId> erase,
                               std::span<const OwnerId> rekey) {
  std::unordered_map<OwnerId, Role> wanted;
  for (const OwnerId owner : erase) wanted.emplace(owner, Role::erase);
  for (const OwnerId owner : rekey) wanted.emplace(owner, Role::rekey);
  if (wanted.empty() || wanted.size() != erase.size() + rekey.size())
    return Error{Code::invalid, "an erasure names each of its owners once"};
  const base::Lock lock(mutex);
  for (const auto& [owner, role] : wanted)
    if (seized.contains(owner))
      return Error{Code::conflict, "an owner is in another erasure in preparation"};
  seized.merge(wanted);
  for (const OwnerId owner : erase) plan.erase.push_back({.owner = owner, .next_key = {}});
  for (const OwnerId owner : rekey) plan.rekey.push_back({.owner = owner, .next_key = {}});
  return {};
}

void Keys::Impl::release(const Erasure::Plan& plan) {
  const base::Lock lock(mutex);
  for (const Planned& planned : plan.erase) {
    forget(planned.owner);  // the store knows what has become of her
    seized.erase(planned.owner);
  }
  for (const Planned& planned : plan.rekey) seized.erase(planned.owner);
  if (plan.left) left_intents.insert(plan.intent);
  ++releases;
}

Result<void> Keys::Impl::look_up(store::Reader& reader, Planned& planned, Standing expected) {
  const auto row = TRY(Owners::find(reader, planned.owner));
  if (!row || row->standing == Standing::minted)
    return Error{Code::missing, "an owner of the erasure has no key"};
  if (row->standing == Standing::erased) return Error{Code::gone, "the owner is erased"};
  if (row->standing == Standing::unreadable) return unreadable();
  if (row->standing != expected)
    return Error{Code::conflict, "an owner is in another erasure that is not finished"};
  const Leaf leaf = TRY(tree->read(row->slot));
  if (leaf.tag != tag_of(planned.owner) || leaf.kind == SlotKind::empty)
    return Error{Code::corrupt, "the owners' map and the key tree do not fit each other"};
  if (leaf.kind == SlotKind::erased)
    return Error{Code::conflict, "the owner's key is destroyed already"};
  planned.slot = row->slot;
  planned.generation = leaf.generation;
  return {};
}

Result<Erasure> Keys::Impl::plan(std::span<const OwnerId> erase, std::span<const OwnerId> rekey,
                                 std::uint64_t intent, Standing expected) {
  auto made = std::make_unique<Erasure::Plan>(*this);
  made->intent = intent;
  Erasure::Plan& plan = *made;
  TRY(seize(plan, erase, rekey));
  Erasure erasure(std::move(made));  // gives the owners back, whatever happens below
  // A commit in doubt may have replaced the keys of owners that it has given back.
  TRY(settle());
  TRY(store.read([&](store::Reader& reader) -> Result<void> {
    for (Planned& planned : plan.erase) TRY(look_up(reader, planned, expected));
    for (Planned& planned : plan.rekey) TRY(look_up(reader, planned, Standing::live));
    return {};
  }));
  for (Planned& planned : plan.rekey) {
    planned.next_key = SecretBytes(kKeySize);
    entropy.fill(planned.next_key.mutable_view());
    if (base::mutated(base::Mutant::rekey_keeps_key))
      planned.next_key = TRY(find(planned.owner)).key.clone();
  }
  return erasure;
}

Result<Erasure> Keys::prepare(std::span<const OwnerId> erase, std::span<const OwnerId> rekey) {
  base::Lock lock(impl_->mutex);
  const std::uint64_t intent = impl_->next_intent++;
  lock.unlock();
  return impl_->plan(erase, rekey, intent, Standing::live);
}

Result<Erasure> Keys::resume(const Unfinished& intent) {
  TRY(intent.looked);
  if (intent.destroyed) return Error{Code::conflict, "the keys are destroyed already"};
  base::Lock lock(impl_->mutex);
  impl_->left_intents.insert(intent.intent);  // until its commit
  lock.unlock();
  return impl_->plan(intent.erase, intent.rekey, intent.intent, Standing::erasing);
}

Result<void> Keys::intend(store::Tx& tx, const Erasure& erasure, base::View note) {
  CHECK(erasure.plan_ != nullptr);
  Erasure::Plan& plan = *erasure.plan_;
  plan.left = true;
  Intent intent{.number = plan.intent, .note = {}, .parts = {}};
  for (const Planned& planned : plan.erase)
    intent.parts.push_back({planned.owner, Role::erase, planned.generation});
  for (const Planned& planned : plan.rekey)
    intent.parts.push_back({planned.owner, Role::rekey, planned.generation});
  return Owners::intend(tx, intent, note);
}

Result<std::uint64_t> Keys::commit(Erasure erasure) {
  CHECK(erasure.plan_ != nullptr);
  Erasure::Plan& plan = *erasure.plan_;
  bool intended = false;
  TRY(impl_->store.read([&](store::Reader& reader) -> Result<void> {
    const bool found = TRY(Owners::intended(reader, plan.intent));
    intended = found;
    return {};
  }));
  // Without it a crash after the commit would leave keys destroyed and nobody to finish.
  if (!intended && !base::mutated(base::Mutant::intent_not_durable))
    return Error{Code::conflict, "the erasure has no durable intent"};
  std::vector<Change> changes;
  for (const Planned& planned : plan.erase)
    changes.push_back({Change::Kind::erase, planned.slot, tag_of(planned.owner)});
  if (base::mutated(base::Mutant::bucket_not_rekeyed)) plan.rekey.clear();
  for (const Planned& planned : plan.rekey)
    changes.push_back(
        {Change::Kind::rekey, planned.slot, tag_of(planned.owner), planned.next_key.view()});
  auto epoch = impl_->commit(std::move(changes));
  if (!epoch.ok()) return epoch;
  plan.left = false;
  const base::Lock lock(impl_->mutex);
  impl_->left_intents.erase(plan.intent);
  return epoch;
}

Result<void> Keys::finish(store::Tx& tx, std::span<const OwnerId> erased) {
  for (const OwnerId owner : erased) {
    const auto row = TRY(Owners::find(tx, owner));
    if (!row) return Error{Code::missing, "this owner never had a key"};
    if (row->standing == Standing::erasing) {
      const Leaf leaf = TRY(impl_->tree->read(row->slot));
      if (leaf.kind != SlotKind::erased || leaf.tag != tag_of(owner))
        return Error{Code::conflict, "the owner's key still stands"};
      TRY(Owners::bury(tx, {owner, row->slot}));
    }
  }
  // When all are buried: an intent of many is looked through once.
  for (const OwnerId owner : erased) TRY(Owners::close_intents(tx, owner));
  return Owners::see_epoch(tx, impl_->tree->epoch());
}

Result<void> Keys::Impl::look_at(const Part& part, Unfinished& found) {
  const auto row = TRY(row_of(part.owner));
  if (!row) return Error{Code::corrupt, "an intent names an owner that nobody knows"};
  if (row->standing == Standing::erased) return {};
  const Leaf leaf = TRY(tree->read(row->slot));
  if (leaf.tag != tag_of(part.owner))
    return Error{Code::corrupt, "the owners' map and the key tree do not fit each other"};
  // One commit changes all of an intent's owners, so any whom it erases tells. Whom it re-keys may
  // have been re-keyed by another since, and tells only where it erases nobody: then it is the same
  // who did it.
  if (part.role == Role::erase && leaf.kind == SlotKind::erased) {
    found.destroyed = true;
    found.epoch = leaf.generation;
  } else if (found.erase.empty() && part.role == Role::rekey && leaf.generation > part.generation) {
    found.destroyed = true;
    found.epoch = tree->epoch();  // at the latest
  }
  return {};
}

Keys::Unfinished Keys::Impl::describe(Intent intent) {
  Unfinished found;
  found.intent = intent.number;
  found.note = std::move(intent.note);
  for (const Part& part : intent.parts) {
    (part.role == Role::erase ? found.erase : found.rekey).push_back(part.owner);
    auto looked = look_at(part, found);
    if (!looked.ok() && found.looked.ok()) found.looked = std::move(looked);
  }
  return found;
}

Result<std::vector<Keys::Unfinished>> Keys::unfinished() {
  TRY(impl_->settle());
  std::vector<Intent> intents;
  TRY(impl_->store.read([&](store::Reader& reader) -> Result<void> {
    auto found = TRY(Owners::intents(reader));
    intents = std::move(found);
    return {};
  }));
  std::vector<Unfinished> unfinished;
  for (Intent& intent : intents) {
    base::Lock lock(impl_->mutex);
    const bool ours =
        intent.number < impl_->first_intent || impl_->left_intents.contains(intent.number);
    lock.unlock();
    if (!ours) continue;  // its caller is at work
    unfinished.push_back(impl_->describe(std::move(intent)));
  }
  return unfinished;
}

}  // namespace keys

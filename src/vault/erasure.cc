#include "vault/erasure.h"

#include "base/mutant.h"
#include "ledger/receipt_form.h"
#include "vault/payload.h"

// The steps, and what a crash between them leaves:
//  1. prepare       nothing; the owners' keys are refused in this process only
//  2. intent        durable: from here on it will be finished; the keys still stand
//  3. tree commit   the keys are destroyed; rows and files are ciphertext without a key
//  4. completion    one transaction: tombstones, the leaf with its epoch, the rows
//  5. checkpoint    the leaf can be proven; nothing is left but files, which are collected
// A leaf is appended in the transaction that closes the intent, so it is appended once.

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

// How long an erasure waits for its replicas: most confirm within a round trip and a few syncs.
constexpr base::Duration kReplicaPatience = std::chrono::milliseconds(500);

notice::Standing erasing() {
  notice::Standing standing;
  standing.erasing = true;
  return standing;
}

notice::Standing erased() {
  notice::Standing standing;
  standing.erased = true;
  return standing;
}

}  // namespace

Result<Erased> Erasures::erase(const Vault::Erasing& what, const store::Store::Body& along) {
  Plan plan;
  plan.erased = what.also;
  plan.erased.insert(plan.erased.begin(), what.owner);

  EraseNote note;
  base::SecretBytes log_key;
  if (what.entry.has_value()) {
    note.logged = EraseNote::Logged::yes;
    note.nonce = parts_.entropy.bytes(ledger::kNonceBytes);
    note.content = what.entry->content;
    // A content that cannot be completed is refused now, while nothing has happened.
    TRY(erasure_payload(note.content, {.epoch = 0, .at = parts_.clock.now(), .replicas = {}}));
    log_key = TRY(parts_.keys.derive(what.owner, log_key_of(Chain::entries)));
  }

  BucketLocks::Hold directory;
  if (!what.addresses.empty()) {
    directory = TRY(parts_.directory.hold(what.addresses));
    plan.rekeyed = TRY(parts_.directory.holding(what.addresses, plan.erased));
  }
  keys::Erasure erasure = TRY(parts_.keys.prepare(plan.erased, plan.rekeyed));
  const auto intended = parts_.store.write([&](store::Tx& tx) -> Result<void> {
    if (along) TRY(along(tx));
    if (what.logged > 0) TRY(parts_.journal.move_past(tx, what.owner, what.logged));
    if (what.entry.has_value())
      note.label = TRY(parts_.journal.take_label(tx, what.owner, log_key.view()));
    TRY(parts_.keys.intend(tx, erasure, note.encode()));
    for (const auto owner : plan.erased)
      TRY(parts_.gate.set_standing(tx, recorded(), owner, erasing()));
    return parts_.directory.rewrite(tx, erasure, plan.rekeyed, plan.erased);
  });
  if (!intended.ok()) {
    // Nothing has happened, and the gate shall not say otherwise.
    (void)parts_.store.write([&](store::Tx& tx) { return parts_.gate.settle(tx); }).ok();
    return intended.error();
  }
  log_key.wipe();
  const std::uint64_t epoch = TRY(destroy(plan, std::move(erasure)));
  directory.release();
  auto done = complete(plan, note, epoch, kReplicaPatience);
  if (done.ok()) return done;
  return Error{done.code(),
               "the keys are destroyed; what closes the erasure is not written yet, and will be",
               done.error()};
}

/// From the durable intent to the commit point.
Result<std::uint64_t> Erasures::destroy(const Plan& plan, keys::Erasure erasure) {
  if (!base::mutated(base::Mutant::lease_not_ended))
    for (const auto owner : plan.erased) parts_.content.end(owner);
  // Where another host has taken over, the keys stand there: nobody is told that they do not.
  if (parts_.followers != nullptr) TRY(parts_.followers->intend());
  return parts_.keys.commit(std::move(erasure));
}

/// Where the key may still stand: she is told of each replica what it has confirmed by now.
std::vector<keys::Following> Erasures::replicas(std::uint64_t epoch, base::Duration patience) {
  if (parts_.followers == nullptr) return {};
  return parts_.followers->await(epoch, patience);
}

Result<Erased> Erasures::complete(const Plan& plan, const EraseNote& note, std::uint64_t epoch,
                                  base::Duration patience) {
  Erased done;
  done.epoch = epoch;
  std::optional<ledger::Ticket> ticket;
  if (note.logged == EraseNote::Logged::yes) {
    done.label = note.label;
    done.nonce = note.nonce;
    done.payload = TRY(erasure_payload(
        note.content,
        {.epoch = epoch, .at = parts_.clock.now(), .replicas = replicas(epoch, patience)}));
  }
  const auto closed = parts_.store.write([&](store::Tx& tx) -> Result<void> {
    TRY(record(tx, plan));
    if (note.logged == EraseNote::Logged::no) return {};
    const ledger::Leaf leaf{done.label, ledger::commit_of(done.nonce, done.payload)};
    if (base::mutated(base::Mutant::leaf_outside_transaction)) return {};
    ticket = TRY(parts_.ledger.append(tx, leaf));
    return {};
  });
  base::Lock lock(mutex_);
  if (!closed.ok()) {
    // A full disk, say. The next tick tries again; a restart finds the intent.
    unclosed_.insert_or_assign(whom(plan), Unclosed{plan, note, epoch, closed.error()});
    return closed.error();
  }
  unclosed_.erase(whom(plan));
  lock.unlock();
  if (note.logged == EraseNote::Logged::yes &&
      base::mutated(base::Mutant::leaf_outside_transaction)) {
    TRY(parts_.store.write([&](store::Tx& tx) -> Result<void> {
      ticket =
          TRY(parts_.ledger.append(tx, {done.label, ledger::commit_of(done.nonce, done.payload)}));
      return {};
    }));
  }
  if (ticket.has_value() && base::mutated(base::Mutant::receipt_before_checkpoint))
    done.index = static_cast<std::uint64_t>(*ticket);
  else if (ticket.has_value())
    done.index = TRY(parts_.ledger.await(*ticket));
  // What cannot be removed now is ciphertext without a key, and is collected later.
  (void)parts_.content.collect().ok();
  return done;
}

Result<void> Erasures::record(store::Tx& tx, const Plan& plan) {
  TRY(parts_.keys.finish(tx, plan.erased));
  for (const auto owner : plan.erased) {
    TRY(parts_.records.remove_all(tx, owner));
    TRY(parts_.content.remove_all(tx, owner));
    TRY(parts_.journal.remove_all(tx, owner));
    // Her consents and objections go; that she was erased stays, so that the gate says `gone`.
    TRY(parts_.gate.set_standing(tx, recorded(), owner, erased()));
  }
  return parts_.directory.drop_older(tx, plan.rekeyed);
}

Result<void> Erasures::close_unclosed() {
  base::Lock lock(mutex_);
  const auto unclosed = unclosed_;
  lock.unlock();
  Result<void> first;
  for (const auto& [owner, each] : unclosed) {
    auto closed = close(owner, each);
    if (!closed.ok() && first.ok()) first = std::move(closed);
  }
  return first;
}

Result<void> Erasures::close(base::OwnerId owner, const Unclosed& unclosed) {
  // It may stand although its write told of an error: a second entry would be refused for ever.
  const auto state = parts_.keys.state(owner);
  if (state.ok() && *state == keys::State::erased) {
    const base::Lock lock(mutex_);
    unclosed_.erase(owner);
    return {};
  }
  // The replicas had their time when it was tried first.
  TRY(complete(unclosed.plan, unclosed.note, unclosed.epoch, base::Duration::zero()));
  return {};
}

/// No two erasures have the same: an owner who is being erased is in no other's plan.
base::OwnerId Erasures::whom(const Plan& plan) {
  return plan.erased.empty() ? plan.rekeyed.front() : plan.erased.front();
}

/// Nothing where that one is not among those that close_unclosed() tries.
Result<void> Erasures::why_unclosed(const Plan& plan) {
  const base::Lock lock(mutex_);
  const auto found = unclosed_.find(whom(plan));
  if (found == unclosed_.end()) return {};
  return found->second.why;
}

Result<void> Erasures::finish_interrupted() {
  auto closed = close_unclosed();
  const auto unfinished = TRY(parts_.keys.unfinished());
  std::vector<StuckErasure> stuck;
  for (const auto& intent : unfinished) {
    auto resumed = resume(intent);
    if (!resumed.ok())
      stuck.push_back({intent.intent, (intent.erase.empty() ? intent.rekey : intent.erase),
                       std::move(resumed).error()});
  }
  const base::Lock lock(mutex_);
  stuck_ = std::move(stuck);
  return closed;
}

std::vector<StuckErasure> Erasures::stuck() {
  const base::Lock lock(mutex_);
  return stuck_;
}

Result<void> Erasures::resume(const keys::Keys::Unfinished& intent) {
  TRY(intent.looked);
  const Plan plan{intent.erase, intent.rekey};
  TRY(why_unclosed(plan));
  const EraseNote note = TRY(EraseNote::decode(intent.note));
  std::uint64_t epoch = intent.epoch;
  if (!intent.destroyed) {
    const BucketLocks::Hold directory = TRY(parts_.directory.hold(plan.rekeyed));
    keys::Erasure erasure = TRY(parts_.keys.resume(intent));
    // The keys that the buckets were to have died with the process: others, and sealed again.
    TRY(parts_.store.write([&](store::Tx& tx) {
      return parts_.directory.rewrite(tx, erasure, plan.rekeyed, plan.erased);
    }));
    epoch = TRY(destroy(plan, std::move(erasure)));
  }
  TRY(complete(plan, note, epoch, kReplicaPatience));
  return {};
}

}  // namespace vault

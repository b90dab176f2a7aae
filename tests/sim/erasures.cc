#include <algorithm>

#include "ledger/note.h"
#include "ledger/receipt_form.h"
#include "tests/sim/workload.h"
#include "vault/journal.h"

// Erasures of one and of many, and what holds from the moment at which they are acknowledged.

namespace sim {

using base::Code;
using base::Result;

void Workload::ask_of_the_erased() {
  if (model_.owners.empty()) return;
  const Owner& owner = model_.owners[choice_.below(model_.owners.size())];
  if (owner.life != Life::erased) return;
  const auto state = world_.keys->state(owner.id);
  findings_.expect(state.ok() ? *state == keys::State::erased : !powered() || plan_.faulty,
                   Invariant::erasure_whole, "an erased owner has no tombstone");
  findings_.expect(owner.restored || !permit(owner).ok(), Invariant::erasure_whole,
                   "an erased owner's data may be used");
  findings_.expect(!world_.keys->derive(owner.id, "sim").ok(), Invariant::erased_gone,
                   "an erased owner's key is derived");
  const auto listed = world_.vault->find(vault::Address::parse(owner.address).value());
  if (listed.ok())
    findings_.expect(!listed->has_value(), Invariant::erasure_whole,
                     "an erased owner is in the directory");
}

void Workload::erase() {
  std::vector<Owner*> owners;
  for (std::uint64_t wanted = choice_.one_in(3) ? 3 : 1; wanted > 0; --wanted)
    if (Owner* owner = pick(); owner != nullptr && std::ranges::find(owners, owner) == owners.end())
      owners.push_back(owner);
  if (owners.empty()) return;
  vault::Vault::Erasing what{owners.front()->id, {}, {}, vault::Entry{"erasure", "{}"}};
  std::vector<std::unique_ptr<vault::ContentReader>> held;
  std::vector<std::unique_ptr<vault::ContentWriter>> writing;
  std::vector<Growth*> growing;
  const auto release = [](std::vector<Growth*>* those) {
    for (Growth* growth : *those) growth->held = false;
  };
  const std::unique_ptr<std::vector<Growth*>, decltype(release)> at_the_end(&growing, release);
  for (Owner* owner : owners) {
    if (owner != owners.front()) what.also.push_back(owner->id);
    what.addresses.push_back(vault::Address::parse(owner->address).value());
    const auto leave = permit(*owner, N::workspace_content);
    for (const Content& content : owner->contents) {
      if (!leave.ok() || content.there.certain() != true) continue;
      auto reader = world_.vault->open_content(*leave, kFiles.name, content.id);
      if (reader.ok()) held.push_back(std::move(*reader));
    }
    for (auto& writer : writers_of(*owner, leave, growing)) writing.push_back(std::move(writer));
  }
  const auto log_key =
      world_.keys->derive(owners.front()->id, vault::log_key_of(vault::Chain::entries));
  // Somebody else may have begun meanwhile.
  if (std::ranges::any_of(owners, [](const Owner* owner) { return owner->life != Life::live; }))
    return;
  if (log_key.ok()) owners.front()->log_key = base::copy(log_key->view());
  for (Owner* owner : owners) {
    owner->life = Life::erasing;
    for (auto& [token, mail] : model_.mails)
      if (model_.owners[mail.owner].id == owner->id) mail.excused = true;
  }
  const std::vector<base::Bytes> secrets = secrets_of(owners);
  const auto done = world_.vault->erase(what, [&](store::Tx& tx) -> Result<void> {
    for (const Owner* owner : owners) TRY(world_.outbox->forget(tx, owner->id));
    return {};
  });
  if (!done.ok()) return judge(done.error(), "an erasure");
  erased(owners, *done);
  for (const base::Bytes& secret : secrets)
    findings_.expect(!base::secret_memory_has(secret), Invariant::erased_gone,
                     "an erased owner's key is still in memory");
  base::Bytes piece(16);
  for (const auto& reader : held)
    findings_.expect(!reader->read_at(0, piece).ok(), Invariant::erased_gone,
                     "content of an erased owner is still read");
  for (const auto& writer : writing)
    findings_.expect(!writer->write(piece).ok() || !writer->finish().ok(), Invariant::erased_gone,
                     "content of an erased owner still grows");
}

/// Goes on with what grows of hers; nobody else does as long as it is in `held`.
std::vector<std::unique_ptr<vault::ContentWriter>> Workload::writers_of(
    Owner& owner, const Result<gate::Permit>& leave, std::vector<Growth*>& held) {
  std::vector<std::unique_ptr<vault::ContentWriter>> writers;
  for (Growth& growth : owner.growths) {
    if (!leave.ok() || growth.held || growth.over || growth.bytes.certain().value_or(0) == 0)
      continue;
    growth.held = true;
    held.push_back(&growth);
    auto writer = world_.vault->append_content({*leave, kGrowing.name}, growth.id);
    if (writer.ok()) writers.push_back(std::move(*writer));
  }
  return writers;
}

/// Their own keys, and a subkey that nobody else asks for.
std::vector<base::Bytes> Workload::secrets_of(const std::vector<Owner*>& owners) {
  std::vector<base::Bytes> secrets;
  const keys::Root* root = world_.witness.root_of(world_.witness.newest_epoch());
  const auto reached = root == nullptr ? Witness::Reached() : world_.witness.reach(*root);
  for (const Owner* owner : owners) {
    const auto subkey = world_.keys->derive(owner->id, "sim erasure");
    if (subkey.ok()) secrets.push_back(base::copy(subkey->view()));
    const auto found = reached.find(tag_of(*owner));
    if (found == reached.end()) continue;
    for (const auto& [generation, key] : found->second) secrets.push_back(key);
  }
  return secrets;
}

void Workload::erased(const std::vector<Owner*>& owners, const vault::Erased& done) {
  const auto epochs = world_.witness.standing(world_.disk.faulty(), kRootDirectory);
  for (const std::uint64_t epoch : epochs) {
    if (plan_.lying) break;
    findings_.expect(epoch >= done.epoch, Invariant::erased_gone,
                     "the root from before an erasure still stands");
    const keys::Root* root = world_.witness.root_of(epoch);
    const Witness::Reached reached = world_.witness.reach(*root);
    for (const Owner* owner : owners)
      findings_.expect(!reached.contains(tag_of(*owner)), Invariant::erased_gone,
                       "a standing root opens an erased owner's key");
  }
  for (Owner* owner : owners) {
    owner->life = Life::erased;
    owner->erased = model_.next();
    owner->erased_epoch = done.epoch;
    ++figures_.erasures;
  }
  if (done.payload.find(R"("state":"destroyed")") != std::string::npos) {
    const auto there = world_.witness.standing(world_.link.disk(), "replica");
    for (const std::uint64_t epoch : there)
      findings_.expect(epoch >= done.epoch, Invariant::replica_honest,
                       "a replica that says destroyed keeps an older root");
    findings_.expect(!there.empty(), Invariant::replica_honest,
                     "a replica that says destroyed has no root");
  }
  check_receipt(done);
}

void Workload::check_receipt(const vault::Erased& done) {
  const auto proven = [&]() -> Result<void> {
    const auto key = TRY(ledger::parse_verifier_key(world_.verifier_key()));
    const std::string text = TRY(world_.ledger->prove(done.index));
    const auto proof = TRY(ledger::parse_proof(text));
    const auto checkpoint = TRY(ledger::open_checkpoint(proof.checkpoint, key));
    const ledger::Leaf leaf{done.label, ledger::commit_of(done.nonce, done.payload)};
    TRY(ledger::verify_inclusion(proof.index, ledger::hash_leaf(leaf.encode()), checkpoint.head,
                                 proof.hashes));
    model_.checkpoints.push_back(proof.checkpoint);
    return {};
  }();
  if (proven.ok() || !powered() || (plan_.faulty && proven.code() == Code::io)) return;
  findings_.add(Invariant::receipts_proven, "a receipt is not proven: " + proven.error().chain());
}

}  // namespace sim

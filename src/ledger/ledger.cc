#include "ledger/ledger.h"

#include "ledger/sequencer.h"

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::uint8_t kLeafVersion = 1;

}  // namespace

base::Bytes Leaf::encode() const {
  base::Bytes out{kLeafVersion};
  out.reserve(kLeafBytes);
  out.insert(out.end(), label.begin(), label.end());
  out.insert(out.end(), commit.begin(), commit.end());
  return out;
}

Result<Leaf> Leaf::decode(base::View entry) {
  if (entry.size() != kLeafBytes || entry.front() != kLeafVersion)
    return Error{Code::corrupt, "an entry of the log is not a leaf"};
  Leaf leaf;
  std::copy_n(entry.begin() + 1, leaf.label.size(), leaf.label.begin());
  std::copy_n(entry.begin() + 33, leaf.commit.size(), leaf.commit.begin());
  return leaf;
}

struct Ledger::Impl {
  Impl(store::Store& store, base::Disk& disk, base::Wait& wait, const std::string& directory,
       std::string its_origin, base::SigningKey signer, base::Mandate* mandate)
      : origin(its_origin),
        sequencer(store, disk, directory, std::move(its_origin), std::move(signer), mandate),
        verifier_key(sequencer.verifier_key().str()),
        mutex(wait),
        changed(wait) {}

  /// Sequences once, with `lock` released meanwhile. Whoever asks while another does it waits for
  /// the next turn, and then sequences for all who have come meanwhile.
  Result<void> advance(base::Lock& lock);

  const std::string origin;
  Sequencer sequencer;  // used by whoever has set `busy`
  const std::string verifier_key;
  base::Mutex mutex;
  base::Condition changed;
  bool busy = false;
  Published in_force;
};

Result<void> Ledger::Impl::advance(base::Lock& lock) {
  CHECK(!busy);
  busy = true;
  lock.unlock();
  auto published = sequencer.advance();
  lock.lock();
  busy = false;
  changed.notify_all();
  std::optional<Published> next = TRY(std::move(published));
  if (next) in_force = std::move(*next);
  return {};
}

store::Schema Ledger::schema() { return LeafTable::schema(); }

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::~Ledger() = default;

// The clock is not read: a leaf and a checkpoint carry no time.
Result<std::unique_ptr<Ledger>> Ledger::open(store::Store& store, base::Disk& disk,
                                             base::Wait& wait, base::Clock&,
                                             const std::string& directory, std::string origin,
                                             base::SigningKey signer, base::Mandate* mandate) {
  if (!valid_key_name(origin)) return Error{Code::invalid, "the log's origin is not a key name"};
  auto impl = std::make_unique<Impl>(store, disk, wait, directory, std::move(origin),
                                     std::move(signer), mandate);
  impl->in_force = TRY(impl->sequencer.recover());
  return std::unique_ptr<Ledger>(new Ledger(std::move(impl)));
}

Result<bool> Ledger::has(store::Reader& reader, const base::Digest& label) {
  return LeafTable::has(reader, label);
}

Result<Ticket> Ledger::append(store::Tx& tx, const Leaf& leaf) {
  const std::uint64_t index = TRY(LeafTable::append(tx, leaf));
  return static_cast<Ticket>(index);
}

Result<std::uint64_t> Ledger::await(Ticket ticket) {
  const auto index = static_cast<std::uint64_t>(ticket);
  base::Lock lock(impl_->mutex);
  while (index >= impl_->in_force.head.size) {
    if (impl_->busy) {
      impl_->changed.wait(lock, [&] { return !impl_->busy || index < impl_->in_force.head.size; });
      continue;
    }
    const std::uint64_t before = impl_->in_force.head.size;
    TRY(impl_->advance(lock));
    if (impl_->in_force.head.size == before)
      return Error{Code::missing, "the leaf was never committed"};
  }
  return index;
}

Result<void> Ledger::tick() {
  base::Lock lock(impl_->mutex);
  if (impl_->busy) return {};  // somebody is at it
  return impl_->advance(lock);
}

std::string Ledger::checkpoint() {
  const base::Lock lock(impl_->mutex);
  return impl_->in_force.note;
}

Result<std::string> Ledger::prove(std::uint64_t index) {
  Published tree;
  {
    const base::Lock lock(impl_->mutex);
    tree = impl_->in_force;
  }
  InclusionProof proof;
  proof.index = index;
  proof.checkpoint = std::move(tree.note);
  const HashReader hashes = hashes_from_tiles(tree.head.size, impl_->sequencer.tiles());
  proof.hashes = TRY(prove_inclusion(index, tree.head.size, hashes));
  return format_proof(proof);
}

const std::string& Ledger::verifier_key() const { return impl_->verifier_key; }
const std::string& Ledger::origin() const { return impl_->origin; }

Result<std::string> Ledger::key_chain() { return impl_->sequencer.key_chain(); }

std::uint64_t Ledger::size() {
  const base::Lock lock(impl_->mutex);
  return impl_->in_force.head.size;
}

}  // namespace ledger

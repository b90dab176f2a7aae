#include "ledger/sequencer.h"

#include "base/mutant.h"
#include "ledger/handover.h"

// The order in which things become durable:
//  (a) a leaf and, by its id, its index: in the store, by the transaction that appended it;
//  (c) the checkpoint, replaced atomically;
//  (d) the signed tree, remembered in the store;
//  (b) the bundles and tiles: written before (c), so that whoever reads a checkpoint finds them,
//  and
//      synced all at once for every 65,536 leaves: a sync for each would take most of the time. The
//      store remembers with (d) up to which size they are, and recovery makes those behind anew,
//      whatever stands there, before anybody is served. Where that sync fails, they are made anew
//      as well, before anything else is published: what can be read of them proves nothing.
// A crash anywhere leaves what is not durable to be made again from what is before it: the
// leaves are the same in the same order, and so are all bytes made from them, the signature
// included (Ed25519 has no randomness). A tree of one size is therefore never signed with two
// roots, unless store and directory disagree, and then recover() refuses to go on.

namespace ledger {
namespace {

using base::Error;
using base::Result;

constexpr std::uint64_t kBatchMax = 1U << 16;
// The leaves below one tile of the second level. That tile takes the place of its partial forms,
// with which recovery would begin: so it is durable before they are dropped.
constexpr std::uint64_t kSettledAtOnce = std::uint64_t{kTileWidth} * kTileWidth;

}  // namespace

Sequencer::Sequencer(store::Store& store, base::Disk& disk, const std::string& directory,
                     std::string origin, base::SigningKey signer, base::Mandate* mandate)
    : leaves_(store),
      files_(disk, directory),
      origin_(std::move(origin)),
      signer_(std::move(signer)),
      key_(VerifierKey::of(origin_, signer_.public_key())),
      mandate_(mandate) {}

TileReader Sequencer::tiles() {
  return [this](const Tile& tile) { return files_.read_tile(tile); };
}

Result<std::string> Sequencer::key_chain() {
  const std::optional<std::string> chain = TRY(files_.read("keys", kChainBytesMax));
  return chain.value_or("");
}

std::string Sequencer::sign(const TreeHead& head) const {
  return sign_checkpoint({origin_, head}, signer_);
}

/// The tiles behind those of `settled_` leaves, where a sync has lost them.
Result<void> Sequencer::mend() {
  if (!files_.lost()) return {};
  const TreeHead head = tree_.edge().head();
  TRY(make_again(settled_, head, head));
  settled_ = head.size;
  return {};
}

Result<std::optional<Published>> Sequencer::advance() {
  TRY(mend());
  // A copy: an error anywhere leaves the published tree in force, and the next try starts from it.
  Growth next = tree_;
  TRY(leaves_.each(next.edge().size(), kBatchMax,
                   [&](const Leaf& leaf) { return next.add(files_, leaf); }));
  if (next.edge().size() == tree_.edge().size()) return std::optional<Published>();
  // Two hosts that sign under one name are two histories.
  if (mandate_ != nullptr) TRY(mandate_->confirm());
  const TreeHead head = next.edge().head();
  std::string note = sign(head);
  if (base::mutated(base::Mutant::head_remembered_first)) TRY(leaves_.remember({head, settled_}));
  TRY(next.put_partials(files_, tree_.edge().size()));
  std::uint64_t settled = settled_;
  // The first since the start always: a restore makes its store anew from these files alone.
  if (!settled_since_start_ || head.size / kSettledAtOnce != settled / kSettledAtOnce) {
    TRY(files_.settle());
    settled = head.size;
  }
  TRY(files_.replace("checkpoint", note));
  TRY(leaves_.remember({head, settled}));
  next.drop_partials(files_);
  tree_ = std::move(next);
  settled_ = settled;
  settled_since_start_ = true;
  return std::optional(Published{head, std::move(note)});
}

}  // namespace ledger

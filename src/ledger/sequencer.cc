#include "ledger/sequencer.h"

#include "base/mutant.h"
#include "ledger/handover.h"

// The order in which things become durable:
//  (a) a leaf and, by its id, its index: in the store, by the transaction that appended it;
//  (b) the bundles and tiles of the new tree: files and directories synced;
//  (c) the checkpoint, replaced atomically;
//  (d) the signed tree, remembered in the store.
// A crash between any two leaves what is behind it to be made again from what is before it: the
// leaves are the same in the same order, and so are all bytes made from them, the signature
// included (Ed25519 has no randomness). A tree of one size is therefore never signed with two
// roots, unless store and directory disagree, and then recover() refuses to go on.

namespace ledger {
namespace {

using base::Error;
using base::Result;

constexpr std::uint64_t kBatchMax = 1U << 16;

}  // namespace

Sequencer::Sequencer(store::Store& store, base::Disk& disk, const std::string& directory,
                     std::string origin, base::SigningKey signer)
    : leaves_(store),
      files_(disk, directory),
      origin_(std::move(origin)),
      signer_(std::move(signer)),
      key_(VerifierKey::of(origin_, signer_.public_key())) {}

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

Result<std::optional<Published>> Sequencer::advance() {
  // A copy: an error anywhere leaves the published tree in force, and the next try starts from it.
  Growth next = tree_;
  TRY(leaves_.each(next.edge().size(), kBatchMax,
                   [&](const Leaf& leaf) { return next.add(files_, leaf); }));
  if (next.edge().size() == tree_.edge().size()) return std::optional<Published>();
  const TreeHead head = next.edge().head();
  std::string note = sign(head);
  if (base::mutated(base::Mutant::head_remembered_first)) TRY(leaves_.remember(head));
  TRY(next.put_partials(files_));
  TRY(files_.settle());
  TRY(files_.replace("checkpoint", note));
  TRY(leaves_.remember(head));
  next.drop_partials(files_);
  tree_ = std::move(next);
  return std::optional(Published{head, std::move(note)});
}

}  // namespace ledger

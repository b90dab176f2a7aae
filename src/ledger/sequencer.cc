#include "ledger/sequencer.h"

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

std::string Sequencer::sign(const TreeHead& head) const {
  return sign_checkpoint({origin_, head}, signer_);
}

/// Adds a leaf to a tree and writes what it fills.
Result<void> Sequencer::add(const Leaf& leaf, Edge& edge, base::Bytes& tail,
                            std::vector<std::string>& filled) {
  const base::Bytes entry = leaf.encode();
  put_entry(tail, entry);
  return edge.append(hash_leaf(entry),
                     [&](const Tile& tile, std::span<const Digest> hashes) -> Result<void> {
                       TRY(files_.put(path_of(tile), encode_tile(hashes)));
                       filled.push_back(path_of(tile));
                       if (tile.level > 0) return {};
                       const std::string bundle = path_of(Bundle{tile.index, kTileWidth});
                       TRY(files_.put(bundle, tail));
                       filled.push_back(bundle);
                       tail.clear();
                       return {};
                     });
}

Result<void> Sequencer::put_partials(const Edge& edge, const base::Bytes& tail) {
  return edge.each_partial([&](const Tile& tile, std::span<const Digest> hashes) -> Result<void> {
    TRY(files_.put(path_of(tile), encode_tile(hashes)));
    if (tile.level > 0) return {};
    return files_.put(path_of(Bundle{tile.index, tile.width}), tail);
  });
}

Result<std::optional<Published>> Sequencer::advance() {
  // Copies: an error anywhere leaves the published tree in force, and the next try starts from it.
  Edge edge = edge_;
  base::Bytes tail = tail_;
  std::vector<std::string> filled;
  TRY(leaves_.each(edge.size(), kBatchMax,
                   [&](const Leaf& leaf) { return add(leaf, edge, tail, filled); }));
  if (edge.size() == edge_.size()) return std::optional<Published>();
  const TreeHead head = edge.head();
  std::string note = sign(head);
  TRY(put_partials(edge, tail));
  TRY(files_.settle());
  TRY(files_.replace("checkpoint", note));
  TRY(leaves_.remember(head));
  edge_ = std::move(edge);
  tail_ = std::move(tail);
  // What cannot be removed does no harm, and the tree is published already: no error.
  for (const std::string& path : filled) (void)files_.drop_partials(path).ok();
  return std::optional(Published{head, std::move(note)});
}

}  // namespace ledger

#include <algorithm>

#include "ledger/published.h"
#include "ledger/sequencer.h"

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

Result<void> ignore(const Tile&, std::span<const Digest>) { return {}; }

Error disagree() {
  return {Code::corrupt, "the published log and the store disagree: one of them was rolled back"};
}

}  // namespace

Result<Published> Sequencer::recover() {
  TRY(files_.make_directory());
  const std::optional<TreeHead> on_disk = TRY(published_head(files_, key_));
  const auto in_store = TRY(leaves_.remembered());
  const std::uint64_t leaves = TRY(leaves_.count());
  // A crash between (c) and (d) leaves the published tree ahead of the remembered one; the other
  // way round nothing of ours can bring about.
  const auto [older, settled] =
      in_store.value_or(LeafTable::Remembered{.head = {0, empty_root()}, .settled = 0});
  const TreeHead newer = on_disk.value_or(older);
  if (newer.size < older.size || newer.size > leaves) return disagree();

  if (settled < newer.size) TRY(make_again(settled, older, newer));
  if (!check_tiles(older, newer).ok()) {
    // Tiles that were durable are missing or wrong.
    TRY(make_again(0, older, newer));
    if (const auto again = check_tiles(older, newer); !again.ok())
      return Error{Code::io, "the log's tiles cannot be made again", again.error()};
  }
  Edge edge = TRY(Edge::read(newer.size, tiles()));
  base::Bytes tail = TRY(load_tail(newer.size));
  tree_ = Growth(std::move(edge), std::move(tail));

  std::string note = sign(newer);
  TRY(publish_as(note));
  settled_ = newer.size;
  if (!in_store || older != newer || settled != settled_) TRY(leaves_.remember({newer, settled_}));
  return Published{newer, std::move(note)};
}

/// Checkpoint and key file, where they are not these. Whoever reads meanwhile finds no checkpoint
/// without a key, and after a handover no key that the chain does not lead to from the one before.
Result<void> Sequencer::publish_as(const std::string& note) {
  const std::string key_line = key_.str() + "\n";
  const std::optional<std::string> key_file = TRY(files_.read("key"));
  if (!key_file) TRY(files_.replace("key", key_line));
  const std::optional<std::string> note_file = TRY(files_.read("checkpoint"));
  if (note_file != note) TRY(files_.replace("checkpoint", note));
  if (key_file && key_file != key_line) TRY(files_.replace("key", key_line));
  return {};
}

/// Both trees as the tiles have them: quick, since it reads the edge and one proof alone.
Result<void> Sequencer::check_tiles(const TreeHead& older, const TreeHead& newer) {
  if (!TRY(files_.complete(newer.size))) return Error{Code::missing, "tiles are missing"};
  const Edge edge = TRY(Edge::read(newer.size, tiles()));
  if (edge.root() != newer.root) return Error{Code::corrupt, "the tiles have another root"};
  const Proof proof =
      TRY(prove_consistency(older.size, newer.size, hashes_from_tiles(newer.size, tiles())));
  return verify_consistency(older, newer, proof);
}

/// Both trees as the leaves in the store have them, behind those of the tree of `from`.
Result<void> Sequencer::check_leaves(Edge from, const TreeHead& older, const TreeHead& newer) {
  bool agree = older.size > from.size() || older == from.head();
  TRY(leaves_.each(from.size(), newer.size - from.size(), [&](const Leaf& leaf) -> Result<void> {
    TRY(from.append(hash_leaf(leaf.encode()), ignore));
    if (from.size() == older.size) agree = agree && from.root() == older.root;
    return {};
  }));
  if (!agree || from.head() != newer) return disagree();
  return {};
}

/// Makes durable the tiles and bundles behind those of `settled` leaves, which are. Nothing is
/// written before the leaves have proved both trees.
Result<void> Sequencer::make_again(std::uint64_t settled, const TreeHead& older,
                                   const TreeHead& newer) {
  const std::uint64_t begin = std::min(settled, older.size) / kTileWidth * kTileWidth;
  const auto edge = Edge::read(begin, tiles());
  if (edge.ok() && check_leaves(*edge, older, newer).ok()) return write_again(*edge, newer.size);
  TRY(check_leaves(Edge(), older, newer));
  return write_again(Edge(), newer.size);
}

Result<void> Sequencer::write_again(Edge from, std::uint64_t size) {
  const std::uint64_t begin = from.size();
  Growth again(std::move(from), {});
  TRY(leaves_.each(begin, size - begin, [&](const Leaf& leaf) { return again.add(files_, leaf); }));
  TRY(again.put_partials(files_, 0));
  return files_.settle();
}

/// The last, partial bundle again, from the leaves.
Result<base::Bytes> Sequencer::load_tail(std::uint64_t size) {
  const std::uint64_t rest = size % kTileWidth;
  base::Bytes tail;
  // What the leaves say must also be what the tree says.
  std::vector<Digest> hashes;
  TRY(leaves_.each(size - rest, rest, [&](const Leaf& leaf) -> Result<void> {
    const base::Bytes entry = leaf.encode();
    put_entry(tail, entry);
    hashes.push_back(hash_leaf(entry));
    return {};
  }));
  if (rest == 0) return tail;
  const base::Bytes tile =
      TRY(files_.read_tile(Tile{0, size / kTileWidth, static_cast<unsigned>(rest)}));
  if (tile != encode_tile(hashes)) return disagree();
  return tail;
}

}  // namespace ledger

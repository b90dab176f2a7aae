#include "ledger/edge.h"

namespace ledger {

using base::Result;

Result<Edge> Edge::read(std::uint64_t size, const TileReader& tiles) {
  Edge edge;
  edge.size_ = size;
  for (unsigned level = 0; level < edge.levels_.size(); ++level) {
    const std::uint64_t hashes = size >> (8 * level);
    const auto width = static_cast<unsigned>(hashes % kTileWidth);
    if (width == 0) continue;
    const base::Bytes raw = TRY(tiles(Tile{level, hashes / kTileWidth, width}));
    edge.levels_[level] = TRY(parse_tile(raw, width));
  }
  return edge;
}

Result<void> Edge::append(const Digest& leaf_hash, const OnTile& on_tile) {
  Digest hash = leaf_hash;
  ++size_;
  CHECK(size_ <= kTreeSizeMax);
  for (unsigned level = 0;; ++level) {
    std::vector<Digest>& row = levels_[level];
    row.push_back(hash);
    if (row.size() < kTileWidth) return {};
    hash = hash_complete(row);
    const std::uint64_t index = (size_ >> (8 * (level + 1))) - 1;
    TRY(on_tile(Tile{level, index, kTileWidth}, row));
    row.clear();
  }
}

Digest Edge::root() const {
  std::optional<Digest> right;
  for (const std::vector<Digest>& row : levels_) {
    std::size_t end = row.size();
    // A row of 11 hashes is subtrees of 8, 2 and 1 hashes; taken from the right.
    for (std::size_t size = 1; end > 0; size *= 2) {
      if ((row.size() & size) == 0) continue;
      const Digest left = hash_complete(std::span(row).subspan(end - size, size));
      right = right ? hash_children(left, *right) : left;
      end -= size;
    }
  }
  return right ? *right : empty_root();
}

Result<void> Edge::each_partial(const OnTile& on_tile) const {
  for (unsigned level = 0; level < levels_.size(); ++level) {
    const std::vector<Digest>& row = levels_[level];
    if (row.empty()) continue;
    const std::uint64_t index = (size_ >> (8 * level)) / kTileWidth;
    TRY(on_tile(Tile{level, index, static_cast<unsigned>(row.size())}, row));
  }
  return {};
}

}  // namespace ledger

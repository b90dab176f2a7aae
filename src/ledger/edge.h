// The right edge of a growing tree: all that is needed to append leaves and to know the root. Owns
// for each level of tiles the hashes of its last, partial one; hands out tiles as they fill. Pure:
// the sequencer and every verifier grow the same tree with it.
#pragma once

#include <array>

#include "ledger/tlog.h"

namespace ledger {

class Edge {
 public:
  /// Given each tile as it becomes full.
  using OnTile = std::function<base::Result<void>(const Tile&, std::span<const Digest>)>;

  /// The edge of an empty tree.
  Edge() = default;
  /// The edge of the tree of `size` leaves, read from its tiles and not yet verified: compare
  /// root() with a root that is known.
  static base::Result<Edge> read(std::uint64_t size, const TileReader& tiles);

  /// Appends a leaf; an error from `on_tile` is returned, and the edge must then be dropped.
  base::Result<void> append(const Digest& leaf_hash, const OnTile& on_tile);

  std::uint64_t size() const noexcept { return size_; }
  Digest root() const;
  TreeHead head() const { return {size_, root()}; }
  /// The partial tiles of the tree of this size.
  base::Result<void> each_partial(const OnTile& on_tile) const;

 private:
  std::uint64_t size_ = 0;
  std::array<std::vector<Digest>, 8> levels_;  // 8 levels of 8: all that a u64 can count
};

}  // namespace ledger

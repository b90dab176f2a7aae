// Merkle trees of a transparency log as pure functions: hashes and proofs of RFC 6962 (verified as
// in RFC 9162), and the C2SP tlog-tiles layout. Owns nothing, reads nothing but what a callback
// gives it. Never signs: that is note.h.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace ledger {

using base::Digest;

/// A tree: how many leaves, and the hash over all of them.
struct TreeHead {
  std::uint64_t size = 0;
  Digest root{};
  bool operator==(const TreeHead&) const = default;
};

/// Sizes above this are refused, so that arithmetic on them cannot overflow.
inline constexpr std::uint64_t kTreeSizeMax = std::uint64_t{1} << 62;

Digest hash_leaf(base::View entry);
Digest hash_children(const Digest& left, const Digest& right);
/// The root of a tree without leaves.
Digest empty_root();
/// The root over 2^n hashes of equal height. CHECKs that their number is a power of two.
Digest hash_complete(std::span<const Digest> hashes);

/// A complete subtree: the 2^level leaves from `index` * 2^level on.
struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;
  bool operator==(const Node&) const = default;
};
/// Answers the hashes of the nodes, in their order.
using HashReader = std::function<base::Result<std::vector<Digest>>(std::span<const Node>)>;
using Proof = std::vector<Digest>;

/// The root of the first `size` leaves.
base::Result<Digest> root_of(std::uint64_t size, const HashReader& hashes);
/// That leaf `index` is in the tree of `size` leaves: from the leaf's sibling to the root's child.
base::Result<Proof> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                    const HashReader& hashes);
/// That the tree of `new_size` leaves begins with the tree of `old_size` leaves.
base::Result<Proof> prove_consistency(std::uint64_t old_size, std::uint64_t new_size,
                                      const HashReader& hashes);

/// Code::corrupt where the proof does not lead from the leaf's hash to the root.
base::Result<void> verify_inclusion(std::uint64_t index, const Digest& leaf_hash,
                                    const TreeHead& head, std::span<const Digest> proof);
/// Code::corrupt where `after` has not been shown to begin with `before`.
base::Result<void> verify_consistency(const TreeHead& before, const TreeHead& after,
                                      std::span<const Digest> proof);

// Tiles: 256 consecutive hashes of one level out of eight, in static files.

inline constexpr unsigned kTileWidth = 256;

/// `width` hashes from the tile's start; kTileWidth for a full one.
struct Tile {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = kTileWidth;
  bool operator==(const Tile&) const = default;
};
/// The entries whose hashes are the level 0 tile of the same index and width.
struct Bundle {
  std::uint64_t index = 0;
  unsigned width = kTileWidth;
  bool operator==(const Bundle&) const = default;
};

/// `tile/1/x001/234` or `tile/0/005.p/17`.
std::string path_of(const Tile& tile);
/// `tile/entries/x001/234`.
std::string path_of(const Bundle& bundle);
/// The inverse; nothing for what path_of never makes.
std::optional<Tile> parse_tile_path(std::string_view path);
std::optional<Bundle> parse_bundle_path(std::string_view path);

/// How wide the tile (or the bundle: level 0) is in a tree of `size` leaves; 0 where there is none.
unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t size);
/// How many tiles, the partial one included, a level has in a tree of `size` leaves.
std::uint64_t tile_count(unsigned level, std::uint64_t size);

base::Bytes encode_tile(std::span<const Digest> hashes);
/// Code::corrupt unless there are exactly `width` hashes.
base::Result<std::vector<Digest>> parse_tile(base::View bytes, unsigned width);

/// Appends an entry as it stands in a bundle: a big-endian u16 length before it.
void put_entry(base::Bytes& bundle, base::View entry);
/// Views into `bytes`; Code::corrupt unless there are exactly `width` entries and nothing else.
base::Result<std::vector<base::View>> parse_bundle(base::View bytes, unsigned width);

/// Gets a tile that a tree of the reader's size has, as raw bytes.
using TileReader = std::function<base::Result<base::Bytes>(const Tile&)>;
/// Hashes of a tree of `size` leaves out of its tiles; each is read once for each call.
HashReader hashes_from_tiles(std::uint64_t size, TileReader tiles);

}  // namespace ledger

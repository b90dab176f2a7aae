#include "ledger/tlog.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "ledger/edge.h"

namespace ledger {
namespace {

using base::Code;
using base::Result;

Digest digest(std::string_view hex) {
  const auto raw = base::parse_hex(hex).value();
  Digest out{};
  std::copy(raw.begin(), raw.end(), out.begin());
  return out;
}

// The eight entries, and the roots of their trees, that the implementations of Certificate
// Transparency are tested with.
std::vector<base::Bytes> known_entries() {
  std::vector<base::Bytes> entries;
  for (const char* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"})
    entries.push_back(base::parse_hex(hex).value());
  return entries;
}
const std::vector<Digest>& known_roots() {
  static const std::vector<Digest> roots = {
      digest("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
      digest("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
      digest("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
      digest("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
      digest("4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
      digest("76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
      digest("ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
      digest("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")};
  return roots;
}

/// RFC 6962 word for word, over the hashes of leaves `begin` to `end`.
Digest naive_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return base::sha256({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return hash_children(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

Proof naive_path(std::size_t m, std::span<const Digest> leaves) {
  if (leaves.size() <= 1) return {};
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  Proof path = m < k ? naive_path(m, leaves.first(k)) : naive_path(m - k, leaves.subspan(k));
  path.push_back(naive_root(m < k ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

Proof naive_subproof(std::size_t m, std::span<const Digest> leaves, bool whole) {
  if (m == leaves.size()) return whole ? Proof{} : Proof{naive_root(leaves)};
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  Proof path = m <= k ? naive_subproof(m, leaves.first(k), whole)
                      : naive_subproof(m - k, leaves.subspan(k), false);
  path.push_back(naive_root(m <= k ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

std::vector<Digest> leaves_of(std::size_t count) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i)
    leaves.push_back(hash_leaf(base::view("leaf " + std::to_string(i))));
  return leaves;
}

HashReader over(std::span<const Digest> leaves) {
  return [leaves](std::span<const Node> nodes) -> Result<std::vector<Digest>> {
    std::vector<Digest> out;
    for (const Node& node : nodes)
      out.push_back(naive_root(leaves.subspan(node.index << node.level, 1ULL << node.level)));
    return out;
  };
}

/// Tiles in memory, made by an Edge.
struct TileSet {
  std::map<std::string, base::Bytes> files;
  Edge edge;

  explicit TileSet(std::span<const Digest> leaves) {
    const auto put = [&](const Tile& tile, std::span<const Digest> hashes) -> Result<void> {
      EXPECT_TRUE(files.emplace(path_of(tile), encode_tile(hashes)).second);
      return {};
    };
    for (const Digest& leaf : leaves) EXPECT_TRUE(edge.append(leaf, put).ok());
    EXPECT_TRUE(edge.each_partial(put).ok());
  }
  TileReader reader() const {
    return [this](const Tile& tile) -> Result<base::Bytes> {
      const auto found = files.find(path_of(tile));
      if (found == files.end()) return base::Error{Code::missing, "no such tile"};
      return found->second;
    };
  }
};

TEST(Tlog, HashesAsPublished) {
  EXPECT_EQ(empty_root(),
            digest("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  const auto entries = known_entries();
  std::vector<Digest> leaves;
  for (std::size_t n = 0; n < entries.size(); ++n) {
    leaves.push_back(hash_leaf(entries[n]));
    EXPECT_EQ(root_of(n + 1, over(leaves)).value(), known_roots()[n]) << n;
    EXPECT_EQ(naive_root(leaves), known_roots()[n]) << n;
  }
}

TEST(Tlog, ProvesInclusionAsPublished) {
  struct Vector {
    std::uint64_t index, size;
    std::vector<std::string> proof;
  };
  const std::vector<Vector> vectors = {
      {0,
       8,
       {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
      {5,
       8,
       {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
      {2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
      {1,
       5,
       {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}}};
  std::vector<Digest> leaves;
  for (const auto& entry : known_entries()) leaves.push_back(hash_leaf(entry));
  for (const Vector& v : vectors) {
    Proof proof;
    for (const auto& hash : v.proof) proof.push_back(digest(hash));
    const TreeHead head{v.size, known_roots()[v.size - 1]};
    EXPECT_EQ(prove_inclusion(v.index, v.size, over(leaves)).value(), proof);
    EXPECT_TRUE(verify_inclusion(v.index, leaves[v.index], head, proof).ok());
  }
}

TEST(Tlog, ProvesConsistencyAsPublished) {
  struct Vector {
    std::uint64_t before, after;
    std::vector<std::string> proof;
  };
  const std::vector<Vector> vectors = {
      {1, 1, {}},
      {1,
       8,
       {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
      {6,
       8,
       {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
      {2,
       5,
       {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
      {6,
       7,
       {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}}};
  std::vector<Digest> leaves;
  for (const auto& entry : known_entries()) leaves.push_back(hash_leaf(entry));
  for (const Vector& v : vectors) {
    Proof proof;
    for (const auto& hash : v.proof) proof.push_back(digest(hash));
    EXPECT_EQ(prove_consistency(v.before, v.after, over(leaves)).value(), proof);
    const TreeHead before{v.before, known_roots()[v.before - 1]};
    const TreeHead after{v.after, known_roots()[v.after - 1]};
    EXPECT_TRUE(verify_consistency(before, after, proof).ok());
  }
}

TEST(Tlog, EveryProofOfSmallTreesIsAsDefined) {
  const auto leaves = leaves_of(40);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto tree = std::span(leaves).first(size);
    const TreeHead head{size, naive_root(tree)};
    EXPECT_EQ(root_of(size, over(tree)).value(), head.root);
    for (std::size_t index = 0; index < size; ++index) {
      const Proof proof = prove_inclusion(index, size, over(tree)).value();
      ASSERT_EQ(proof, naive_path(index, tree));
      ASSERT_TRUE(verify_inclusion(index, leaves[index], head, proof).ok());
      if (index + 1 < size) {
        ASSERT_EQ(verify_inclusion(index + 1, leaves[index], head, proof).code(), Code::corrupt);
      }
    }
    for (std::size_t before = 0; before <= size; ++before) {
      const TreeHead old{before, naive_root(tree.first(before))};
      const Proof proof = prove_consistency(before, size, over(tree)).value();
      if (before > 0) {
        ASSERT_EQ(proof, naive_subproof(before, tree, true));
      }
      ASSERT_TRUE(verify_consistency(old, head, proof).ok());
    }
  }
}

TEST(Tlog, RefusesEveryAlteredProof) {
  EXPECT_TRUE(rc::check("altered proofs", [] {
    const auto size = *rc::gen::inRange<std::size_t>(2, 200);
    const auto leaves = leaves_of(size);
    const TreeHead head{size, naive_root(leaves)};
    const auto index = *rc::gen::inRange<std::size_t>(0, size);
    const auto before_size = *rc::gen::inRange<std::size_t>(1, size);
    const TreeHead before{before_size, naive_root(std::span(leaves).first(before_size))};
    const Proof inclusion = prove_inclusion(index, size, over(leaves)).value();
    const Proof consistency = prove_consistency(before_size, size, over(leaves)).value();
    RC_ASSERT(verify_inclusion(index, leaves[index], head, inclusion).ok());
    RC_ASSERT(verify_consistency(before, head, consistency).ok());

    const auto alter = [](Proof proof) {
      const auto how = *rc::gen::inRange(0, 3);
      if (how == 0) proof.push_back(Digest{});
      if (how == 1) proof.insert(proof.begin(), Digest{});
      if (how == 2) proof.pop_back();
      if (how == 2 || proof.empty()) return proof;
      const auto at = *rc::gen::inRange<std::size_t>(0, proof.size());
      proof[at][*rc::gen::inRange<std::size_t>(0, 32)] ^= 0x10;
      return proof;
    };
    RC_ASSERT(!verify_inclusion(index, leaves[index], head, alter(inclusion)).ok());
    RC_ASSERT(!verify_consistency(before, head, alter(consistency)).ok());
    // Another tree, another leaf, another size.
    TreeHead other = head;
    other.root[0] ^= 1;
    RC_ASSERT(!verify_inclusion(index, leaves[index], other, inclusion).ok());
    RC_ASSERT(!verify_consistency(before, other, consistency).ok());
    RC_ASSERT(!verify_consistency(other, before, consistency).ok());
    Digest leaf = leaves[index];
    leaf[31] ^= 1;
    RC_ASSERT(!verify_inclusion(index, leaf, head, inclusion).ok());
    RC_ASSERT(!verify_inclusion(index, leaves[index], {size * 2, head.root}, inclusion).ok());
    RC_ASSERT(!verify_consistency({before_size ^ 1, before.root}, head, consistency).ok());
  }));
}

TEST(Tlog, TilesGiveTheRootAndEveryProof) {
  for (const std::size_t size : {1U, 255U, 256U, 257U, 511U, 512U, 700U, 66000U}) {
    const auto leaves = leaves_of(size);
    const TileSet tiles(leaves);
    const TreeHead head{size, naive_root(leaves)};
    EXPECT_EQ(tiles.edge.head(), head);
    const HashReader hashes = hashes_from_tiles(size, tiles.reader());
    EXPECT_EQ(root_of(size, hashes).value(), head.root);
    EXPECT_EQ(Edge::read(size, tiles.reader()).value().head(), head);
    for (const std::size_t index : {std::size_t{0}, size / 3, size / 2, size - 1}) {
      const Proof proof = prove_inclusion(index, size, hashes).value();
      EXPECT_TRUE(verify_inclusion(index, leaves[index], head, proof).ok());
    }
    for (const std::size_t before : {size / 4, size / 2, size - 1, size}) {
      const TreeHead old{before, naive_root(std::span(leaves).first(before))};
      const Proof proof = prove_consistency(before, size, hashes).value();
      EXPECT_TRUE(verify_consistency(old, head, proof).ok());
    }
  }
}

TEST(Tlog, ATreeOf70000IsTiledAsInTheSpecification) {
  const TileSet tiles(std::vector<Digest>(70'000));
  std::map<unsigned, std::size_t> full;
  std::map<unsigned, unsigned> partial;
  for (const auto& [path, bytes] : tiles.files) {
    const Tile tile = parse_tile_path(path).value();
    EXPECT_EQ(tile_width(tile.level, tile.index, 70'000), tile.width) << path;
    EXPECT_EQ(bytes.size(), tile.width * 32);
    if (tile.width == kTileWidth)
      ++full[tile.level];
    else
      partial[tile.level] = tile.width;
  }
  EXPECT_EQ(full, (std::map<unsigned, std::size_t>{{0, 273}, {1, 1}}));
  EXPECT_EQ(partial, (std::map<unsigned, unsigned>{{0, 112}, {1, 17}, {2, 1}}));
  EXPECT_EQ(tile_count(0, 70'000), 274U);
  EXPECT_EQ(tile_count(1, 70'000), 2U);
  EXPECT_EQ(tile_count(2, 70'000), 1U);
  EXPECT_EQ(tile_count(3, 70'000), 0U);
  EXPECT_EQ(tile_width(0, 274, 70'000), 0U);
}

TEST(Tlog, PathsAreAsInTheSpecification) {
  EXPECT_EQ(path_of(Tile{0, 1'234'067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(path_of(Tile{3, 0, 17}), "tile/3/000.p/17");
  EXPECT_EQ(path_of(Bundle{999, 256}), "tile/entries/999");
  EXPECT_EQ(path_of(Bundle{1000, 255}), "tile/entries/x001/000.p/255");
  EXPECT_TRUE(rc::check("paths come back", [] {
    const Tile tile{*rc::gen::inRange(0U, 64U), *rc::gen::inRange<std::uint64_t>(0, kTreeSizeMax),
                    *rc::gen::inRange(1U, 257U)};
    RC_ASSERT(parse_tile_path(path_of(tile)) == std::optional(tile));
    const Bundle bundle{tile.index, tile.width};
    RC_ASSERT(parse_bundle_path(path_of(bundle)) == std::optional(bundle));
    RC_ASSERT(!parse_tile_path(path_of(bundle)));
  }));
}

TEST(Tlog, OtherSpellingsOfAPathAreRefused) {
  for (const char* path : {"",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/00/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/0/0",
                           "tile/0/0000",
                           "tile/0/x000/001",
                           "tile/0/001/234",
                           "tile/0/x001/x234",
                           "tile/0/x001/234/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/",
                           "tile/0/000.p",
                           "tile/0/../key",
                           "tile/0/000.new",
                           "/tile/0/000",
                           "tile/0/000?",
                           "tile/0/x001//234",
                           "tile/0/x999/x999/x999/x999/x999/x999/999",
                           "tile/entries/000"})
    EXPECT_FALSE(parse_tile_path(path)) << path;
  for (const char* path : {"tile/entries", "tile/entries/", "tile/entries/0", "tile/0/000",
                           "tile/entries/../../key", "tile/entries/000.p/256"})
    EXPECT_FALSE(parse_bundle_path(path)) << path;
}

TEST(Tlog, BundlesHoldTheirEntriesAndNothingElse) {
  base::Bytes bundle;
  put_entry(bundle, base::view("one"));
  put_entry(bundle, {});
  EXPECT_EQ(base::hex(bundle), "00036f6e650000");
  const auto entries = parse_bundle(bundle, 2).value();
  EXPECT_EQ(base::text(entries[0]), "one");
  EXPECT_TRUE(entries[1].empty());
  EXPECT_EQ(parse_bundle(bundle, 1).code(), Code::corrupt);
  EXPECT_EQ(parse_bundle(bundle, 3).code(), Code::corrupt);
  for (std::size_t size = 0; size < bundle.size(); ++size)
    EXPECT_EQ(parse_bundle(base::View(bundle).first(size), 2).code(), Code::corrupt);
}

TEST(Tlog, WhatTheTreeDoesNotHaveIsRefused) {
  const auto leaves = leaves_of(300);
  const TileSet tiles(leaves);
  const HashReader hashes = hashes_from_tiles(300, tiles.reader());
  EXPECT_EQ(prove_inclusion(300, 300, hashes).code(), Code::missing);
  EXPECT_EQ(prove_consistency(301, 300, hashes).code(), Code::invalid);
  const std::vector<Node> beyond = {{0, 300}};
  EXPECT_EQ(hashes(beyond).code(), Code::invalid);
  EXPECT_EQ(root_of(kTreeSizeMax + 1, hashes).code(), Code::invalid);
  EXPECT_EQ(parse_tile(base::Bytes(31), 1).code(), Code::corrupt);
}

TEST(Tlog, TreesBeyondTheBoundAndProofsThatCannotBeAreRefused) {
  const HashReader none = [](std::span<const Node>) -> base::Result<std::vector<Digest>> {
    return base::Error{base::Code::io, "no tiles"};
  };
  const std::uint64_t beyond = kTreeSizeMax + 1;
  EXPECT_EQ(root_of(beyond, none).code(), base::Code::invalid);
  EXPECT_EQ(prove_inclusion(0, beyond, none).code(), base::Code::invalid);
  EXPECT_EQ(prove_consistency(0, beyond, none).code(), base::Code::invalid);
  EXPECT_EQ(root_of(0, none).value(), empty_root());
  EXPECT_EQ(root_of(3, none).code(), base::Code::io);
  const Digest some = hash_leaf({});
  EXPECT_FALSE(verify_inclusion(0, some, {beyond, some}, {}).ok());
  EXPECT_FALSE(verify_inclusion(1, some, {1, some}, {}).ok());
  EXPECT_FALSE(verify_consistency({5, hash_leaf(some)}, {5, some}, {}).ok());
  EXPECT_FALSE(verify_consistency({1, some}, {beyond, some}, {}).ok());
  const Proof one = {some};
  EXPECT_FALSE(verify_consistency({5, some}, {5, some}, one).ok());
  EXPECT_FALSE(verify_consistency({0, empty_root()}, {0, some}, {}).ok());
  EXPECT_TRUE(verify_consistency({0, empty_root()}, {5, some}, {}).ok());
  EXPECT_FALSE(verify_consistency({3, some}, {5, some}, {}).ok());
  EXPECT_EQ(tile_width(8, 0, kTreeSizeMax), 0U);
  EXPECT_EQ(tile_count(8, kTreeSizeMax), 0U);
  EXPECT_FALSE(parse_bundle_path("tile/entries/x009/x999/x999/x999/x999/x999/999").has_value());
}

TEST(Tlog, TilesThatCannotBeReadGiveNoHash) {
  const std::vector<Node> nodes = {{0, 0}};
  const auto from = [&](base::Result<base::Bytes> tile) {
    return hashes_from_tiles(5, [tile](const Tile&) { return tile; })(nodes).code();
  };
  EXPECT_EQ(from(base::Error{base::Code::io, "no tile"}), base::Code::io);
  EXPECT_EQ(from(base::Bytes(31)), base::Code::corrupt);
  EXPECT_EQ(Edge::read(5, [](const Tile&) { return base::Bytes(31); }).code(), base::Code::corrupt);
}

}  // namespace
}  // namespace ledger

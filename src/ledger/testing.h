// For tests: leaves and what is signed for them, a naive Merkle tree, and a reader of the published
// log that trusts nothing and shares no code with the sequencer beyond the hashes. Never part of
// the program.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/faulty_disk.h"
#include "ledger/handover.h"
#include "ledger/ledger.h"
#include "ledger/note.h"

namespace ledger {

constexpr const char* kOrigin = "log.example";

inline base::SigningKey test_signer(std::uint8_t seed = 7) {
  return base::SigningKey::from_seed(base::SecretBytes::copy_of(base::Bytes(32, seed))).value();
}

inline Leaf test_leaf(std::uint64_t n) {
  Leaf leaf;
  leaf.label = base::sha256(base::view("label " + std::to_string(n)));
  leaf.commit = base::sha256(base::view("commit " + std::to_string(n)));
  return leaf;
}

inline std::vector<Leaf> some_leaves(std::uint64_t from, std::uint64_t to) {
  std::vector<Leaf> leaves;
  for (std::uint64_t n = from; n < to; ++n) leaves.push_back(test_leaf(n));
  return leaves;
}

/// RFC 6962 word for word.
inline Digest naive_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return base::sha256({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return hash_children(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

inline Digest naive_root(std::span<const Leaf> leaves) {
  std::vector<Digest> hashes;
  for (const Leaf& leaf : leaves) hashes.push_back(hash_leaf(leaf.encode()));
  return naive_root(hashes);
}

inline VerifierKey key_of(std::uint8_t seed = 7, const std::string& origin = kOrigin) {
  return VerifierKey::of(origin, test_signer(seed).public_key());
}

/// Of the first `size` leaves, as are the statements below.
inline TreeHead head_of(std::uint64_t size) {
  return {size, naive_root(std::span<const Leaf>(some_leaves(0, size)))};
}

inline std::string signed_at(std::uint64_t size, std::uint8_t seed = 7) {
  return sign_checkpoint({kOrigin, head_of(size)}, test_signer(seed));
}

inline std::string handed_over(std::uint64_t size, std::uint8_t from = 7, std::uint8_t to = 8) {
  return sign_handover({key_of(from), key_of(to), head_of(size)}, test_signer(from),
                       test_signer(to));
}

/// Reads every published leaf through bundles of the checkpoint's tree, and checks each tile of
/// that tree and the root. `directory` as given to Ledger::open.
inline std::vector<Leaf> read_log(base::Disk& disk, const std::string& directory) {
  const auto get = [&](const std::string& path) {
    auto bytes = base::read_file(disk, directory + "/" + path, 1 << 20);
    EXPECT_TRUE(bytes.ok()) << path;
    return bytes.ok() ? *bytes : base::Bytes{};
  };
  std::string key_line(base::text(get("key")));
  EXPECT_TRUE(key_line.ends_with('\n'));
  key_line.pop_back();
  const auto key = parse_verifier_key(key_line);
  EXPECT_TRUE(key.ok()) << key_line;
  if (!key.ok()) return {};
  const auto checkpoint = open_checkpoint(base::text(get("checkpoint")), *key);
  EXPECT_TRUE(checkpoint.ok());
  if (!checkpoint.ok()) return {};
  const std::uint64_t size = checkpoint->head.size;

  std::vector<Leaf> leaves;
  std::vector<Digest> hashes;
  for (std::uint64_t index = 0; index < tile_count(0, size); ++index) {
    const unsigned width = tile_width(0, index, size);
    const base::Bytes bundle = get(path_of(Bundle{index, width}));
    const auto entries = parse_bundle(bundle, width);
    EXPECT_TRUE(entries.ok());
    if (!entries.ok()) return leaves;
    for (const base::View entry : *entries) {
      leaves.push_back(Leaf::decode(entry).value());
      hashes.push_back(hash_leaf(entry));
    }
  }
  EXPECT_EQ(naive_root(hashes), checkpoint->head.root);
  std::vector<Digest> row = hashes;
  for (unsigned level = 0; tile_count(level, size) > 0; ++level) {
    std::vector<Digest> above;
    for (std::uint64_t index = 0; index < tile_count(level, size); ++index) {
      const unsigned width = tile_width(level, index, size);
      const auto part = std::span(row).subspan(index * kTileWidth, width);
      EXPECT_EQ(get(path_of(Tile{level, index, width})), encode_tile(part));
      if (width == kTileWidth) above.push_back(naive_root(part));
    }
    row = std::move(above);
  }
  return leaves;
}

/// That no tile and no bundle there, up to date or not, says anything but what the leaves are.
inline void expect_no_wrong_file(const base::FaultyDisk& disk, const std::string& directory,
                                 std::uint64_t leaves) {
  std::vector<Digest> hashes;
  for (const Leaf& leaf : some_leaves(0, leaves)) hashes.push_back(hash_leaf(leaf.encode()));
  for (const auto& [path, bytes] : disk.live(directory + "/tile/")) {
    const std::string name = path.substr(directory.size() + 1);
    if (const auto bundle = parse_bundle_path(name)) {
      base::Bytes expected;
      for (unsigned i = 0; i < bundle->width; ++i)
        put_entry(expected, test_leaf(bundle->index * kTileWidth + i).encode());
      EXPECT_TRUE(bytes == expected) << path;
    } else if (const auto tile = parse_tile_path(name); tile && tile->level < 2) {
      std::vector<Digest> row;
      const std::uint64_t each = tile->level == 0 ? 1 : kTileWidth;
      for (std::uint64_t n = tile->index * kTileWidth; row.size() < tile->width; ++n)
        row.push_back(hash_complete(std::span(hashes).subspan(n * each, each)));
      EXPECT_TRUE(bytes == encode_tile(row)) << path;
    }
  }
}

}  // namespace ledger

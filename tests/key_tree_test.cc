// The fixed vectors of the key tree's format. They were made once by KeyTree.DISABLED_WriteVectors,
// from a seed; the program must still read them, and would still write the same bytes.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/faulty_disk.h"
#include "keys/impl.h"
#include "keys/split_root_holder.h"

namespace {

using keys::Change;
using Kind = keys::Change::Kind;
using Json = nlohmann::ordered_json;

constexpr const char* kVectors = "tests/vectors/key-tree/";
constexpr base::Literal kLabel("vector");
constexpr std::size_t kOwners = 70;
constexpr const char* kPassphrase = "correct horse battery staple";
constexpr base::PasswordCost kCost{.passes = 2, .memory_bytes = 256UL << 10};
constexpr std::size_t kFileMax = 1 << 20;

/// What the generator leaves: the two files, and what a reader must find in them.
struct Vectors {
  base::Bytes tree;
  base::Bytes root;
  base::Bytes wrapped;   // the same root under kPassphrase
  base::Bytes rotating;  // its shares
  base::Bytes resting;
  std::string expected;
};

Json entry(const keys::Leaf& leaf, base::OwnerId owner, std::uint64_t slot) {
  Json json;
  json["slot"] = slot;
  json["owner"] = base::hex(owner.bytes());
  json["state"] = leaf.kind == keys::SlotKind::live ? "live" : "erased";
  json["generation"] = leaf.generation;
  if (leaf.kind == keys::SlotKind::live)
    json["subkey"] =
        base::hex(keys::subkey(leaf.key.view(), kLabel, owner, leaf.generation).view());
  return json;
}

std::string describe(keys::Tree& tree, const std::vector<base::OwnerId>& owners) {
  Json json;
  json["epoch"] = tree.epoch();
  json["label"] = kLabel.c_str();
  for (std::uint64_t slot = 0; slot < owners.size(); ++slot)
    json["owners"].push_back(entry(tree.read(slot).value(), owners[slot], slot));
  return json.dump(1) + "\n";
}

base::SecretBytes passphrase() { return base::SecretBytes::copy_of(base::view(kPassphrase)); }

/// The root as the other holders keep it.
void keep_otherwise(base::Disk& disk, base::Entropy& entropy, const keys::Root& root,
                    std::size_t slot) {
  const base::SecretBytes secret = passphrase();
  const keys::Wrapping wrapping{secret, entropy, kCost};
  keys::FileRootHolder::open(disk, keys::RootFile{"wrapped"}, &wrapping)
      .value()
      ->write(slot, root)
      .value();
  const auto rotating = keys::FileRootHolder::open(disk, "a").value();
  const auto resting = keys::FileRootHolder::open(disk, "b").value();
  keys::SplitRootHolder(*rotating, *resting, entropy).write(slot, root).value();
}

/// Two levels of pages, with owners that live, were re-keyed and are erased.
Vectors generate() {
  base::SeededEntropy entropy(20260401);
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  disk.make_directory("data").value();
  const auto holder = keys::FileRootHolder::open(disk, "root").value();
  const auto tree = keys::Tree::create({*holder, disk, wait, entropy}, "data/keys.ktn").value();
  std::vector<base::OwnerId> owners;
  std::vector<Change> changes;
  for (std::uint64_t slot = 0; slot < kOwners; ++slot) {
    owners.push_back(base::OwnerId::random(entropy));
    changes.push_back({Kind::mint, slot, keys::tag_of(owners[slot]), {}});
  }
  tree->commit(changes).value();
  const base::Bytes next = entropy.bytes(keys::kKeySize);
  changes = {{Kind::erase, 3, keys::tag_of(owners[3]), {}},
             {Kind::rekey, 66, keys::tag_of(owners[66]), next}};
  tree->commit(changes).value();
  const auto roots = holder->read().value();
  const std::size_t slot = roots[0] ? 0 : 1;
  keep_otherwise(disk, entropy, *roots[slot], slot);
  const auto files = disk.live();
  return {files.at("data/keys.ktn"), files.at("root/root.ktn"), files.at("wrapped/root.ktn"),
          files.at("a/root.ktn"),    files.at("b/root.ktn"),    describe(*tree, owners)};
}

base::Bytes committed(const char* name) {
  base::RealDisk disk;
  return base::read_file(disk, std::string(kVectors) + name, kFileMax).value();
}

TEST(KeyTree, DISABLED_WriteVectors) {
  const Vectors vectors = generate();
  base::RealDisk disk;
  const std::string directory = kVectors;
  base::write_file_atomically(disk, directory + "tree.ktn", vectors.tree).value();
  base::write_file_atomically(disk, directory + "root.ktn", vectors.root).value();
  base::write_file_atomically(disk, directory + "wrapped.ktn", vectors.wrapped).value();
  base::write_file_atomically(disk, directory + "rotating.ktn", vectors.rotating).value();
  base::write_file_atomically(disk, directory + "resting.ktn", vectors.resting).value();
  base::write_file_atomically(disk, directory + "expected.json", base::view(vectors.expected))
      .value();
}

TEST(KeyTree, WritesTheSameBytes) {
  const Vectors vectors = generate();
  EXPECT_EQ(vectors.tree, committed("tree.ktn"));
  EXPECT_EQ(vectors.root, committed("root.ktn"));
  EXPECT_EQ(vectors.wrapped, committed("wrapped.ktn"));
  EXPECT_EQ(vectors.rotating, committed("rotating.ktn"));
  EXPECT_EQ(vectors.resting, committed("resting.ktn"));
  EXPECT_EQ(vectors.expected, base::text(committed("expected.json")));
}

TEST(KeyTree, ReadsTheRootAsOtherHoldersKeepIt) {
  base::SystemEntropy entropy;
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  disk.put({{"root/root.ktn", committed("root.ktn")},
            {"wrapped/root.ktn", committed("wrapped.ktn")},
            {"a/root.ktn", committed("rotating.ktn")},
            {"b/root.ktn", committed("resting.ktn")}});
  const auto plain = keys::FileRootHolder::open(disk, "root").value()->read().value();
  const base::SecretBytes secret = passphrase();
  const keys::Wrapping wrapping{secret, entropy};
  const auto wrapped =
      keys::FileRootHolder::open(disk, keys::RootFile{"wrapped"}, &wrapping).value();
  const auto a = keys::FileRootHolder::open(disk, "a").value();
  const auto b = keys::FileRootHolder::open(disk, "b").value();
  keys::SplitRootHolder split(*a, *b, entropy);
  for (keys::RootHolder* holder :
       {static_cast<keys::RootHolder*>(wrapped.get()), static_cast<keys::RootHolder*>(&split)}) {
    const auto roots = holder->read().value();
    for (std::size_t slot = 0; slot < 2; ++slot) {
      ASSERT_EQ(roots[slot].has_value(), plain[slot].has_value());
      if (!roots[slot]) continue;
      EXPECT_EQ(roots[slot]->epoch, plain[slot]->epoch);
      EXPECT_EQ(roots[slot]->page, plain[slot]->page);
      EXPECT_TRUE(roots[slot]->key == plain[slot]->key);
    }
  }
}

TEST(KeyTree, ReadsTheVectors) {
  const Json expected = Json::parse(base::text(committed("expected.json")));
  base::SystemEntropy entropy;
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  disk.put({{"data/keys.ktn", committed("tree.ktn")}, {"root/root.ktn", committed("root.ktn")}});
  const auto holder = keys::FileRootHolder::open(disk, "root").value();
  const auto tree = keys::Tree::open({*holder, disk, wait, entropy}, "data/keys.ktn", 0).value();
  std::vector<base::OwnerId> owners;
  for (const Json& one : expected["owners"])
    owners.push_back(
        base::OwnerId::from(base::parse_hex(one["owner"].get<std::string>()).value()).value());
  ASSERT_EQ(owners.size(), kOwners);
  EXPECT_EQ(Json::parse(describe(*tree, owners)), expected);
}

}  // namespace

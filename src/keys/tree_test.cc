#include "keys/tree.h"

#include <gtest/gtest.h>

#include <set>

#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using Kind = Change::Kind;

class TreeTest : public testing::Test, protected TreeStage {
 protected:
  TreeTest() { create().value(); }

  void mint(std::uint64_t from, std::uint64_t count) {
    std::vector<Change> changes;
    for (std::uint64_t slot = from; slot < from + count; ++slot)
      changes.push_back({Kind::mint, slot, tag(slot)});
    ASSERT_TRUE(tree->commit(changes).ok());
  }
  std::string key(std::uint64_t slot) {
    auto leaf = tree->read(slot);
    return leaf.ok() && leaf->kind == SlotKind::live ? base::hex(leaf->key.view()) : "";
  }
  std::set<std::string> keys(std::uint64_t from, std::uint64_t count) {
    std::set<std::string> found;
    for (std::uint64_t slot = from; slot < from + count; ++slot) found.insert(key(slot));
    return found;
  }
};

TEST_F(TreeTest, StartsEmpty) {
  EXPECT_EQ(tree->epoch(), 1U);
  EXPECT_EQ(tree->read(0)->kind, SlotKind::empty);
  EXPECT_EQ(tree->read(~0ULL)->kind, SlotKind::empty);
}

TEST_F(TreeTest, MintsRekeysAndErases) {
  EXPECT_EQ(change(Kind::mint, 3).value(), 2U);
  const std::string first = key(3);
  EXPECT_EQ(tree->read(3)->tag, tag(3));
  EXPECT_EQ(tree->read(3)->generation, 0U);
  const base::SecretBytes next = base::SecretBytes::copy_of(entropy.bytes(32));
  EXPECT_EQ(commit({{Kind::rekey, 3, tag(3), next.view()}}).value(), 3U);
  EXPECT_EQ(key(3), base::hex(next.view()));
  EXPECT_EQ(tree->read(3)->generation, 1U);
  EXPECT_EQ(change(Kind::erase, 3).value(), 4U);
  EXPECT_EQ(tree->read(3)->kind, SlotKind::erased);
  EXPECT_EQ(tree->read(3)->generation, 4U);
  EXPECT_EQ(base::hex(tree->read(3)->key.view()), std::string(64, '0'));
  // Content with one that is erased, whose epoch stays.
  EXPECT_EQ(change(Kind::erase, 3).value(), 5U);
  EXPECT_EQ(tree->read(3)->generation, 4U);
  // The slot serves again, with another key.
  change(Kind::mint, 3).value();
  EXPECT_NE(key(3), first);
}

TEST_F(TreeTest, RefusesWhatDoesNotFit) {
  mint(0, 1);
  const std::string before = key(0);
  const auto epoch = tree->epoch();
  EXPECT_EQ(change(Kind::mint, 0).code(), Code::corrupt);  // never over a key
  EXPECT_EQ(commit({{Kind::erase, 0, 999}}).code(), Code::corrupt);
  EXPECT_EQ(commit({{Kind::rekey, 0, 999, base::Bytes(32)}}).code(), Code::corrupt);
  EXPECT_EQ(change(Kind::erase, 5).code(), Code::corrupt);
  EXPECT_EQ(change(Kind::erase, 5000).code(), Code::corrupt);  // also where it would grow
  EXPECT_EQ(key(0), before);
  EXPECT_EQ(tree->epoch(), epoch);
  EXPECT_FALSE(tree->failed());
  EXPECT_EQ(tree->pages_in_use(), 1U);  // the refused commits left none behind
  EXPECT_EQ(tree->pages_cached(), 1U);
  mint(1, 1);
}

TEST_F(TreeTest, GrowsWithEveryKeyInPlace) {
  mint(0, 64);
  EXPECT_EQ(tree->level(), 0);
  const std::string first = key(0);
  mint(64, 1);
  EXPECT_EQ(tree->level(), 1);
  EXPECT_EQ(tree->pages_in_use(), 3U);  // two leaves and the root above
  EXPECT_EQ(key(0), first);
  mint(65, 4096 - 65);
  EXPECT_EQ(tree->level(), 1);
  mint(4096, 1000);
  EXPECT_EQ(tree->level(), 2);
  EXPECT_EQ(key(0), first);
  const auto before = keys(0, 5096);
  EXPECT_EQ(before.size(), 5096U);
  EXPECT_FALSE(before.contains(""));
  const auto pages = tree->pages_in_use();
  EXPECT_EQ(pages, 64U + 16 + 2 + 1);
  open().value();
  EXPECT_EQ(tree->level(), 2);
  EXPECT_EQ(tree->pages_in_use(), pages);
  EXPECT_EQ(keys(0, 5096), before);
}

// 300,000 owners: four levels of pages.
TEST_F(TreeTest, HoldsThreeHundredThousand) {
  constexpr std::uint64_t kOwners = 300'000;
  for (std::uint64_t from = 0; from < kOwners; from += 30'000) mint(from, 30'000);
  EXPECT_EQ(tree->level(), 3);
  open().value();
  EXPECT_EQ(tree->epoch(), 11U);
  std::set<std::string> sampled;
  for (std::uint64_t slot = 0; slot < kOwners; slot += 997) sampled.insert(key(slot));
  EXPECT_EQ(sampled.size(), kOwners / 997 + 1);
  EXPECT_FALSE(sampled.contains(""));
  // One erasure rewrites one path.
  const auto before = disk.operations();
  change(Kind::erase, 123'456).value();
  EXPECT_EQ(tree->read(123'456)->kind, SlotKind::erased);
  EXPECT_EQ(tree->read(123'457)->kind, SlotKind::live);
  EXPECT_LT(disk.operations() - before, 20U);
}

TEST_F(TreeTest, ReachesAnyIndex) {
  mint(7, 1);
  const std::string low = key(7);
  for (const std::uint64_t slot : {1ULL << 30, (1ULL << 53) + 5, ~0ULL}) {
    ASSERT_TRUE(change(Kind::mint, slot).ok());
    EXPECT_NE(key(slot), "");
    EXPECT_EQ(key(slot - 1), "");
  }
  EXPECT_EQ(tree->level(), kLevelMax);
  EXPECT_EQ(key(7), low);
  open().value();
  EXPECT_EQ(key(7), low);
  EXPECT_EQ(tree->read(~0ULL)->tag, tag(~0ULL));
  change(Kind::erase, ~0ULL).value();
  EXPECT_EQ(tree->read(~0ULL)->kind, SlotKind::erased);
}

// What a commit replaces is wiped from memory too: only pages in use stay opened.
TEST_F(TreeTest, ForgetsReplacedPages) {
  mint(0, 300);
  EXPECT_EQ(tree->pages_cached(), 6U);
  for (std::uint64_t slot = 0; slot < 300; slot += 7) change(Kind::erase, slot).value();
  EXPECT_EQ(tree->pages_cached(), 6U);
  EXPECT_EQ(tree->pages_in_use(), 6U);
}

// However many pages there are, few are opened at a time.
TEST_F(TreeTest, BoundsTheOpenedPages) {
  mint(0, 64 * 1000);
  for (std::uint64_t slot = 0; slot < 64 * 1000; slot += 64) EXPECT_NE(key(slot), "");
  EXPECT_GT(tree->pages_in_use(), 1000U);
  EXPECT_LE(tree->pages_cached() * kPageSize, 4U << 20);
}

// Copy-on-write does not let the file grow: the path that one commit frees serves the next.
TEST_F(TreeTest, ReusesFreedPages) {
  mint(0, 5000);
  for (int i = 0; i < 10; ++i) change(Kind::erase, static_cast<std::uint64_t>(i) * 64).value();
  const auto size = disk.live().at(kTreePath).size();
  for (int i = 10; i < 60; ++i) change(Kind::erase, static_cast<std::uint64_t>(i) * 64).value();
  EXPECT_EQ(disk.live().at(kTreePath).size(), size);
  // Also after finding the free ones again.
  open().value();
  for (int i = 0; i < 60; ++i) change(Kind::mint, static_cast<std::uint64_t>(i) * 64).value();
  EXPECT_EQ(disk.live().at(kTreePath).size(), size);
}

// A commit that fails with its root gives back every page that it wrote, however often that
// happens.
TEST_F(TreeTest, ACommitThatIsUndoneGivesItsPagesBack) {
  mint(0, 5000);
  for (std::uint64_t slot = 0; slot < 10; ++slot) change(Kind::erase, slot * 64).value();
  const auto size = disk.live().at(kTreePath).size();
  const auto pages = tree->pages_in_use();
  const auto before = keys(0, 5000);
  for (std::uint64_t slot = 1000; slot < 1050; ++slot) {
    SCOPED_TRACE(slot);
    if (slot % 2 == 0) {
      disk.fail_syncs(kRootPath, 1);  // it could be destroyed again at once
      ASSERT_EQ(change(Kind::erase, slot).code(), Code::io);
    } else {
      disk.break_path(kRootPath);  // only settling destroys it
      ASSERT_EQ(change(Kind::erase, slot).code(), Code::io);
      ASSERT_TRUE(tree->failed());
      disk.mend_path(kRootPath);
      ASSERT_TRUE(tree->settle().ok());
    }
    ASSERT_FALSE(tree->failed());
    ASSERT_EQ(tree->pages_in_use(), pages);
    ASSERT_EQ(tree->read(slot)->kind, SlotKind::live);
  }
  EXPECT_EQ(disk.live().at(kTreePath).size(), size);
  // None of them was in use: the tree stands on disk as it did, and opening claims no page twice.
  for (std::uint64_t slot = 1100; slot < 1120; ++slot) {
    change(Kind::mint, slot - 1100 + 5000).value();
    EXPECT_EQ(disk.live().at(kTreePath).size(), size);
  }
  open().value();
  EXPECT_EQ(tree->pages_in_use(), pages);
  EXPECT_EQ(keys(0, 5000), before);
}

// The root in the holder before and after a commit; what a thief of both would have.
TEST_F(TreeTest, TheOldRootIsDestroyedOnDisk) {
  mint(0, 100);
  auto roots = holder->read().value();
  const base::SecretBytes old = (roots[0] ? roots[0] : roots[1])->key.clone();
  EXPECT_EQ(disk.find(old.view()), std::vector<std::string>{kRootPath});
  change(Kind::erase, 5).value();
  EXPECT_TRUE(disk.find(old.view()).empty());
  roots = holder->read().value();
  EXPECT_NE(roots[0].has_value(), roots[1].has_value());
}

TEST_F(TreeTest, NoKeyStandsInPlain) {
  mint(0, 100);
  for (std::uint64_t slot = 0; slot < 100; ++slot)
    EXPECT_TRUE(disk.find(base::parse_hex(key(slot)).value()).empty());
}

// A copy of the tree file taken before the erasure, beside the root of after it.
TEST_F(TreeTest, AnOldTreeUnderTheNewRootOpensNothing) {
  mint(0, 100);
  const base::Bytes old_tree = disk.live().at(kTreePath);
  change(Kind::erase, 5).value();
  disk.put({{kTreePath, old_tree}});
  EXPECT_EQ(open().code(), Code::corrupt);
  // And no page of the copy opens under any key that is left.
  const auto roots = holder->read().value();
  const Root& root = roots[0] ? *roots[0] : *roots[1];
  for (std::size_t at = 0; at < old_tree.size(); at += kPageSize)
    EXPECT_FALSE(Page::open(base::View(old_tree).subspan(at, kPageSize), root.key.view()).ok());
}

TEST_F(TreeTest, DetectsEveryDamagedPage) {
  mint(0, 5000);
  const auto pages = disk.live().at(kTreePath).size() / kPageSize;
  std::size_t refused_at_open = 0;
  std::size_t refused_at_read = 0;
  for (std::size_t page = 0; page < pages; ++page) {
    const std::uint64_t bit = (page * kPageSize + 100 + page) * 8;
    disk.flip_bit(kTreePath, bit).value();
    const auto opened = open();
    if (!opened.ok()) {
      EXPECT_EQ(opened.code(), Code::corrupt);
      ++refused_at_open;
    } else {
      std::size_t damaged = 0;
      for (std::uint64_t slot = 0; slot < 5000; ++slot) {
        const auto leaf = tree->read(slot);
        if (leaf.ok()) continue;
        EXPECT_EQ(leaf.code(), Code::corrupt);
        ++damaged;
      }
      // The owners of that one page and nobody else.
      EXPECT_LE(damaged, kFanout);
      refused_at_read += damaged > 0 ? 1 : 0;
    }
    disk.flip_bit(kTreePath, bit).value();
  }
  EXPECT_EQ(refused_at_open, 3U);   // the inner pages: two and the root
  EXPECT_EQ(refused_at_read, 79U);  // the leaves; what is left is free
  EXPECT_TRUE(open().ok());
}

TEST_F(TreeTest, SurvivesAFullDisk) {
  mint(0, 64);
  std::uint64_t bytes = 0;
  for (const auto& [path, content] : disk.live()) bytes += content.size();
  disk.set_space(bytes);
  const std::string before = key(9);
  // One leaf fits into the page that the last commit freed; a larger tree does not.
  EXPECT_EQ(change(Kind::mint, 5000).code(), Code::full);
  EXPECT_FALSE(tree->failed());
  EXPECT_EQ(key(9), before);
  EXPECT_TRUE(change(Kind::erase, 10).ok());
  disk.set_space(bytes * 10);
  EXPECT_TRUE(change(Kind::mint, 5000).ok());
}

TEST_F(TreeTest, GoesOnReadingWhenTheHolderIsLost) {
  mint(0, 64);
  const std::string before = key(9);
  disk.break_path(kRootPath);
  EXPECT_EQ(change(Kind::erase, 9).code(), Code::io);
  EXPECT_TRUE(tree->failed());
  EXPECT_EQ(key(9), before);
  EXPECT_EQ(change(Kind::erase, 9).code(), Code::unavailable);
  disk.mend_path(kRootPath);
  open().value();
  EXPECT_TRUE(change(Kind::erase, 9).ok());
}

// A tree made by hand, as docs/formats/key-tree.md says; then with one leaf in the other's place.
TEST_F(TreeTest, ReadsAHandMadeTreeAndRefusesAPageInAWrongPlace) {
  const auto make = [&](std::uint64_t leaf_index) {
    const base::Bytes leaf_key(32, 1);
    const base::Bytes root_key(32, 2);
    const base::Bytes owner_key(32, 3);
    const TreeId id = {9, 9, 9};
    Page leaf({0, leaf_index, id});
    leaf.set(5, {SlotKind::live, owner_key, tag(69), 0});
    Page root({1, 0, id});
    root.set(1, {SlotKind::live, leaf_key, 0, 1});
    base::Bytes file = leaf.seal(leaf_key);
    const base::Bytes image = root.seal(root_key);
    file.insert(file.end(), image.begin(), image.end());
    disk.put({{kTreePath, file}});
    holder->destroy(1).value();
    holder->write(0, {41, base::SecretBytes::copy_of(root_key), 1}).value();
  };
  make(1);
  open().value();
  EXPECT_EQ(tree->epoch(), 41U);
  EXPECT_EQ(key(69), base::hex(base::Bytes(32, 3)));
  make(0);
  open().value();
  EXPECT_EQ(tree->read(69).code(), Code::corrupt);
  EXPECT_EQ(change(Kind::erase, 69).code(), Code::corrupt);
}

TEST_F(TreeTest, NeedsBothItsRootAndItsFile) {
  mint(0, 64);
  const auto files = disk.live();
  disk.remove(kTreePath).value();
  EXPECT_EQ(open().code(), Code::missing);
  disk.put(files);
  disk.remove(kRootPath).value();
  EXPECT_EQ(open().code(), Code::missing);
  disk.put(files);
  EXPECT_TRUE(open().ok());
}

// The newest root wins, and is the only one after that.
TEST_F(TreeTest, RecoversTheHighestEpoch) {
  mint(0, 64);
  const auto before = disk.live();
  change(Kind::erase, 9).value();
  // As if the crash had come just before the old root was destroyed.
  base::Bytes both = disk.live().at(kRootPath);
  const base::Bytes& older = before.at(kRootPath);
  for (std::size_t at = 0; at < both.size(); ++at) both[at] |= older[at];
  disk.put({{kRootPath, both}});
  holder = FileRootHolder::open(disk, kRootDirectory).value();
  auto roots = holder->read().value();
  ASSERT_TRUE(roots[0] && roots[1]);
  open().value();
  EXPECT_EQ(tree->epoch(), 3U);
  EXPECT_EQ(tree->read(9)->kind, SlotKind::erased);
  roots = holder->read().value();
  EXPECT_NE(roots[0].has_value(), roots[1].has_value());
}

}  // namespace
}  // namespace keys

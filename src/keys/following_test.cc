// A tree followed from another place: which pages come, and what they open to.

#include "keys/following.h"

#include <gtest/gtest.h>

#include <map>

#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;
using Kind = Change::Kind;

constexpr const char* kCopyPath = "copy/tree.ktn";

/// A tree on another disk, with what was handed over and nothing else.
class Copy {
 public:
  Copy() {
    disk.make_directory("copy").value();
    file = disk.open(kCopyPath, base::Open::update).value();
  }
  OnImage taker() {
    return [this](std::uint64_t page, base::View image) -> base::Result<void> {
      EXPECT_TRUE(seen.insert(page).second) << "page " << page << " came twice";
      return file->write_at(page * kPageSize, image);
    };
  }
  /// Opens what is there, under `root` alone.
  std::unique_ptr<Tree> open(const Root& root) {
    file->sync().value();
    holder = FileRootHolder::open(disk, "copy-root").value();
    for (const std::size_t slot : {0UL, 1UL}) holder->destroy(slot).value();
    holder->write(0, root).value();
    return Tree::open({*holder, disk, wait, entropy}, kCopyPath, root.epoch).value();
  }

  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  std::unique_ptr<base::File> file;
  std::unique_ptr<RootHolder> holder;
  std::set<std::uint64_t> seen;
};

class FollowTest : public testing::Test, protected TreeStage {
 protected:
  FollowTest() { create().value(); }

  void mint(std::uint64_t from, std::uint64_t count) {
    std::vector<Change> changes;
    for (std::uint64_t slot = from; slot < from + count; ++slot)
      changes.push_back({Kind::mint, slot, tag(slot)});
    commit(std::move(changes)).value();
  }
  static std::string key(Tree& tree, std::uint64_t slot) {
    auto leaf = tree.read(slot);
    return leaf.ok() ? base::hex(leaf->key.view()) + std::to_string(leaf->generation) : "unread";
  }
  void expect_same(Tree& copy, std::uint64_t slots) {
    for (std::uint64_t slot = 0; slot < slots; ++slot)
      ASSERT_EQ(key(copy, slot), key(*tree, slot)) << slot;
  }
};

TEST_F(FollowTest, ACopyOfEveryPageIsTheTree) {
  mint(0, 5000);
  Copy copy;
  const Root root = tree->follow(0, copy.taker()).value();
  EXPECT_EQ(root.epoch, tree->epoch());
  EXPECT_EQ(copy.seen.size(), tree->pages_in_use());
  const auto opened = copy.open(root);
  EXPECT_EQ(opened->level(), tree->level());
  expect_same(*opened, 5000);
}

TEST_F(FollowTest, OnlyWhatIsNewerComes) {
  mint(0, 5000);
  Copy copy;
  Root root = tree->follow(0, copy.taker()).value();
  copy.seen.clear();
  EXPECT_EQ(tree->follow(root.epoch, copy.taker())->epoch, root.epoch);
  EXPECT_TRUE(copy.seen.empty());
  // Two commits on two paths of three pages that share the root.
  change(Kind::erase, 7).value();
  change(Kind::erase, 4990).value();
  Root next = tree->follow(root.epoch, copy.taker()).value();
  EXPECT_EQ(copy.seen.size(), 5U);
  EXPECT_EQ(next.epoch, root.epoch + 2);
  expect_same(*copy.open(next), 5000);
  // Growth puts pages above; the old root has not become younger by it.
  copy.seen.clear();
  mint(300'000, 1);
  const Root grown = tree->follow(next.epoch, copy.taker()).value();
  EXPECT_EQ(copy.seen.size(), 4U);
  const auto opened = copy.open(grown);
  EXPECT_EQ(opened->level(), 3);
  expect_same(*opened, 5000);
  EXPECT_EQ(key(*opened, 300'000), key(*tree, 300'000));
}

// Whatever the lag, and however pages were used again meanwhile.
TEST_F(FollowTest, AnyLagWillDo) {
  mint(0, 700);
  Copy copy;
  Root root = tree->follow(0, copy.taker()).value();
  for (int round = 0; round < 200; ++round) {
    const std::uint64_t commits = entropy.number() % 5;
    for (std::uint64_t i = 0; i < commits; ++i) {
      const std::uint64_t slot = entropy.number() % 700;
      change(tree->read(slot)->kind == SlotKind::live ? Kind::erase : Kind::mint, slot).value();
    }
    copy.seen.clear();
    auto next = tree->follow(root.epoch, copy.taker());
    root = std::move(next).value();
    EXPECT_EQ(copy.seen.empty(), commits == 0);
    ASSERT_EQ(root.epoch, tree->epoch());
    if (round % 20 == 0) expect_same(*copy.open(root), 700);
  }
  expect_same(*copy.open(root), 700);
}

TEST_F(FollowTest, CommitsGoOnBesideAWalk) {
  mint(0, 5000);
  const auto pages = tree->pages_in_use();
  std::vector<std::string> before;
  for (std::uint64_t slot = 0; slot < 5000; ++slot) before.push_back(key(*tree, slot));
  const std::uint64_t began_at = tree->epoch();
  Copy copy;
  std::uint64_t slot = 0;
  const OnImage take = copy.taker();
  const Root root = tree->follow(0,
                                 [&](std::uint64_t page, base::View image) {
                                   change(Kind::erase, slot).value();
                                   slot += 37;
                                   return take(page, image);
                                 })
                        .value();
  // The walk told of its own moment, whole.
  EXPECT_EQ(root.epoch, began_at);
  EXPECT_EQ(tree->epoch(), began_at + copy.seen.size());
  const auto opened = copy.open(root);
  for (std::uint64_t each = 0; each < 5000; ++each) ASSERT_EQ(key(*opened, each), before[each]);
  // What was kept for it is free again with the next commit, and no replaced page stayed open.
  change(Kind::erase, 4999).value();
  EXPECT_EQ(tree->pages_in_use(), pages);
  EXPECT_LE(tree->pages_cached(), pages);
  const auto image = disk.durable().at(kTreePath).size();
  for (int i = 0; i < 50; ++i) change(Kind::erase, 4999).value();
  EXPECT_EQ(disk.durable().at(kTreePath).size(), image);
}

// A walk may begin behind another, and end before it.
TEST_F(FollowTest, WalksOverlap) {
  mint(0, 200);
  Copy outer;
  Copy inner;
  Root second;
  const OnImage take = outer.taker();
  bool first = true;
  const Root root = tree->follow(0,
                                 [&](std::uint64_t page, base::View image) -> base::Result<void> {
                                   if (std::exchange(first, false)) {
                                     change(Kind::erase, 3).value();
                                     auto found = TRY(tree->follow(0, inner.taker()));
                                     second = std::move(found);
                                     for (int i = 0; i < 20; ++i) change(Kind::erase, 150).value();
                                   }
                                   return take(page, image);
                                 })
                        .value();
  EXPECT_EQ(outer.open(root)->read(3)->kind, SlotKind::live);
  const auto newer = inner.open(second);
  EXPECT_EQ(newer->read(3)->kind, SlotKind::erased);
  EXPECT_EQ(newer->read(150)->kind, SlotKind::live);
}

TEST_F(FollowTest, SaysWhyItEnds) {
  mint(0, 200);
  const OnImage refuse = [](std::uint64_t, base::View) -> base::Result<void> {
    return base::Error{Code::unavailable, "nobody takes it"};
  };
  EXPECT_EQ(tree->follow(0, refuse).code(), Code::unavailable);
  EXPECT_EQ(tree->follow(tree->epoch() + 1, refuse).code(), Code::conflict);
  // A walk that ended so holds nothing back.
  const auto pages = tree->pages_in_use();
  change(Kind::erase, 3).value();
  EXPECT_EQ(tree->pages_in_use(), pages);
}

TEST_F(FollowTest, ADamagedLeafIsHandedOnAndStopsNobody) {
  mint(0, 200);
  open().value();
  // Leaves lie behind each other: the second one.
  disk.flip_bit(kTreePath, (2 * kPageSize + 100) * 8).value();
  Copy copy;
  const Root root = tree->follow(0, copy.taker()).value();
  EXPECT_EQ(copy.seen.size(), tree->pages_in_use());
  const auto opened = copy.open(root);
  std::size_t unread = 0;
  for (std::uint64_t slot = 0; slot < 200; ++slot) {
    EXPECT_EQ(key(*opened, slot), key(*tree, slot));
    unread += key(*opened, slot) == "unread" ? 1 : 0;
  }
  EXPECT_EQ(unread, 64U);
}

class KeysFollowTest : public testing::Test, protected Stage {
 protected:
  KeysFollowTest() { open().value(); }
};

TEST_F(KeysFollowTest, TellsOfEachCommit) {
  std::size_t told = 0;
  keys->on_commit([&] { ++told; });
  const auto owners = settle(3);
  EXPECT_EQ(told, 1U);
  erase(std::array{owners[0]}).value();
  EXPECT_EQ(told, 2U);
  EXPECT_EQ(keys->follow(keys->epoch() - 1,
                         [](std::uint64_t, base::View) { return base::Result<void>(); })
                ->epoch,
            keys->epoch());
  keys->on_commit({});
  erase(std::array{owners[1]}).value();
  EXPECT_EQ(told, 2U);
}

TEST_F(KeysFollowTest, KnowsWhichIntentsAreOpen) {
  const auto owners = settle(4);
  EXPECT_TRUE(keys->open_intents()->empty());
  const auto open_now = [&] {
    auto erasure = keys->prepare(std::array{owners[0]}, std::array{owners[1]}).value();
    EXPECT_TRUE(keys->open_intents()->empty());  // nothing is durable
    intend(erasure, base::view("note")).value();
    auto rekeying = keys->prepare({}, std::array{owners[2]}).value();
    intend(rekeying, base::view("note")).value();
    return keys->open_intents().value();
  }();
  EXPECT_EQ(open_now.size(), 2U);
  // Also when nobody is at work on them any more.
  ASSERT_TRUE(crash().ok());
  EXPECT_EQ(keys->open_intents().value(), open_now);
  std::uint64_t left = 2;
  for (const auto& intent : keys->unfinished().value()) {
    auto resumed = intent.erase.empty() ? base::Result<Erasure>(base::Error{Code::invalid, ""})
                                        : keys->resume(intent);
    if (!resumed.ok()) continue;
    intend(*resumed, base::view("note")).value();
    keys->commit(std::move(*resumed)).value();
    --left;
    EXPECT_EQ(keys->open_intents()->size(), left);  // committed, and not finished
    finish(intent.erase).value();
    EXPECT_EQ(keys->open_intents()->size(), left);
  }
  EXPECT_EQ(left, 1U);
}

TEST_F(KeysFollowTest, AnIntentsNumberNeverComesAgain) {
  std::set<std::uint64_t> numbers;
  for (int run = 0; run < 3; ++run) {
    const auto owners = settle(2);
    for (const OwnerId owner : owners) {
      auto erasure = keys->prepare(std::array{owner}, {}).value();
      intend(erasure, base::view("note")).value();
      for (const std::uint64_t number : keys->open_intents().value())
        EXPECT_TRUE(numbers.insert(number).second);
      keys->commit(std::move(erasure)).value();
      finish(std::array{owner}).value();
    }
    open().value();
  }
  EXPECT_EQ(numbers.size(), 6U);
}

}  // namespace
}  // namespace keys

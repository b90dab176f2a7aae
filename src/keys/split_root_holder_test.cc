#include "keys/split_root_holder.h"

#include <gtest/gtest.h>

#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using Kind = Change::Kind;

/// A tree over two files, each on the same disk that may fail.
struct SplitStage : TreeStage {
  base::Result<void> open_holders() {
    tree.reset();
    split.reset();
    rotating = TRY(FileRootHolder::open(disk, "a"));
    resting = TRY(FileRootHolder::open(disk, "b"));
    split = std::make_unique<SplitRootHolder>(*rotating, *resting, entropy);
    return {};
  }
  Tree::Parts parts() { return {*split, disk, wait, entropy}; }
  base::Result<void> create() {
    TRY(open_holders());
    tree = TRY(Tree::create(parts(), kTreePath));
    return {};
  }
  base::Result<void> open() {
    TRY(open_holders());
    tree = TRY(Tree::open(parts(), kTreePath, 0));
    return {};
  }
  std::unique_ptr<RootHolder> rotating;
  std::unique_ptr<RootHolder> resting;
  std::unique_ptr<SplitRootHolder> split;
};

TEST(SplitRootHolder, NeitherShareIsTheRoot) {
  SplitStage stage;
  stage.create().value();
  stage.change(Kind::mint, 3).value();
  const auto roots = stage.split->read().value();
  const auto& root = roots[0] ? roots[0] : roots[1];
  EXPECT_TRUE(stage.disk.find(root->key.view()).empty());
}

TEST(SplitRootHolder, OnlyTheRotatingShareChanges) {
  SplitStage stage;
  stage.create().value();
  const auto b = stage.disk.durable().at("b/root.ktn");
  const auto a = stage.disk.durable().at("a/root.ktn");
  stage.change(Kind::mint, 3).value();
  EXPECT_EQ(stage.disk.durable().at("b/root.ktn"), b);
  EXPECT_NE(stage.disk.durable().at("a/root.ktn"), a);
}

TEST(SplitRootHolder, LosingEitherShareIsLosingAll) {
  for (const char* lost : {"a/root.ktn", "b/root.ktn"}) {
    SplitStage stage;
    stage.create().value();
    stage.change(Kind::mint, 3).value();
    stage.disk.remove(lost).value();
    EXPECT_EQ(stage.open().code(), Code::missing) << lost;
  }
  // Nor is another share made in the place of the one that is lost.
  SplitStage stage;
  stage.create().value();
  stage.disk.remove("b/root.ktn").value();
  stage.open_holders().value();
  const auto before = stage.disk.durable();
  Root root{.epoch = 7, .key = base::SecretBytes(32), .page = 1};
  EXPECT_EQ(stage.split->write(1, root).code(), Code::missing);
  EXPECT_EQ(stage.disk.durable(), before);
}

// Shares of two roots give a key that opens nothing, and nothing is destroyed over it.
TEST(SplitRootHolder, AStrangersShareOpensNothing) {
  SplitStage stage;
  stage.create().value();
  stage.change(Kind::mint, 3).value();
  SplitStage other;
  other.create().value();
  const auto own = stage.disk.durable();
  stage.disk.put({{"b/root.ktn", other.disk.durable().at("b/root.ktn")}});
  EXPECT_EQ(stage.open().code(), Code::corrupt);
  EXPECT_EQ(stage.disk.durable().at("a/root.ktn"), own.at("a/root.ktn"));
  stage.disk.put({{"b/root.ktn", own.at("b/root.ktn")}});
  stage.open().value();
  EXPECT_EQ(stage.tree->read(3)->kind, SlotKind::live);
}

/// Every root that some A and some B of these files make.
std::vector<base::SecretBytes> roots_of(const base::FaultyDisk::Files& files) {
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  base::SystemEntropy entropy;
  disk.make_directory("a").value();
  disk.make_directory("b").value();
  disk.put(files);
  const auto a = FileRootHolder::open(disk, "a").value();
  const auto b = FileRootHolder::open(disk, "b").value();
  std::vector<base::SecretBytes> made;
  auto found = SplitRootHolder(*a, *b, entropy).read().value();
  for (auto& root : found)
    if (root) made.push_back(std::move(root->key));
  return made;
}

TEST(SplitRootHolder, ACrashLeavesTheOldRootOrTheNewOne) {
  int undone = 0;
  int recovered = 0;
  for (int round = 0; round < 10; ++round) {
    for (std::uint64_t operations = 0;; ++operations) {
      ASSERT_LT(operations, 200U);
      SplitStage stage;
      stage.create().value();
      stage.change(Kind::mint, 3).value();
      const auto old = roots_of(stage.disk.durable());
      ASSERT_EQ(old.size(), 1U);
      stage.disk.fail_after(operations);
      const bool done = stage.change(Kind::erase, 3).ok();
      stage.disk.crash(stage.entropy);
      ASSERT_TRUE(stage.open().ok());
      const bool erased = stage.tree->read(3)->kind == SlotKind::erased;
      ASSERT_TRUE(erased || !done);
      const auto now = roots_of(stage.disk.durable());
      ASSERT_EQ(now.size(), 1U);
      ASSERT_EQ(now[0] == old[0], !erased);
      ++(erased ? recovered : undone);
      if (done) break;
    }
  }
  EXPECT_GT(undone, 0);
  EXPECT_GT(recovered, 0);
}

TEST(SplitRootHolder, MakingItMayCrash) {
  for (std::uint64_t operations = 0;; ++operations) {
    ASSERT_LT(operations, 200U);
    SplitStage stage;
    stage.disk.fail_after(operations);
    const bool done = stage.create().ok();
    stage.disk.crash(stage.entropy);
    stage.open_holders().value();
    const auto roots = stage.split->read().value();
    if (roots[0] || roots[1])
      ASSERT_TRUE(stage.open().ok());
    else
      ASSERT_TRUE(!done && stage.create().ok());
    ASSERT_TRUE(stage.change(Kind::mint, 3).ok());
    ASSERT_TRUE(stage.open().ok());
    if (done) break;
  }
}

}  // namespace
}  // namespace keys

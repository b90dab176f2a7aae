// A sync of the root's file that fails, and loses what it should have kept: it can be read until
// the power goes, and no later sync makes it durable. Whatever comes then, one of the two roots
// stands.
#include <gtest/gtest.h>

#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using base::Result;
using Kind = Change::Kind;

/// The stage's own holder; while it is told to, it destroys nothing, or writes nothing.
class Stubborn final : public RootHolder {
 public:
  explicit Stubborn(RootHolder& inner) : inner_(inner) {}
  Result<std::array<std::optional<Root>, 2>> read() override { return inner_.read(); }
  Result<void> write(std::size_t slot, const Root& root) override {
    if (mute) return base::Error{Code::io, "not now"};
    return inner_.write(slot, root);
  }
  Result<void> destroy(std::size_t slot) override {
    if (stubborn) return base::Error{Code::io, "not now"};
    return inner_.destroy(slot);
  }
  bool stubborn = false;
  bool mute = false;

 private:
  RootHolder& inner_;
};

/// A commit whose root was written, and lost in the sync: nobody knows whether it came into force.
class LostSync : public testing::Test, public TreeStage {
 protected:
  void SetUp() override {
    create().value();
    change(Kind::mint, 1).value();
    tree.reset();
    tree = Tree::open({stubborn, disk, wait, entropy}, kTreePath, 0).value();
    stubborn.stubborn = true;
    disk.fail_syncs(kRootPath, 1);
    ASSERT_EQ(change(Kind::mint, 2).code(), Code::io);
    stubborn.stubborn = false;
    const auto roots = holder->read().value();
    ASSERT_TRUE(roots[0] && roots[1]) << "both are seen";
  }
  void expect_a_tree_after_the_power_went() {
    tree.reset();
    disk.crash();
    const auto opened = open();
    ASSERT_TRUE(opened.ok()) << opened.error().chain();
    EXPECT_EQ(tree->read(1)->kind, SlotKind::live);
    EXPECT_EQ(tree->read(2)->kind, SlotKind::live) << "it was acted on";
    EXPECT_TRUE(change(Kind::mint, 3).ok());
  }
  std::unique_ptr<RootHolder> first = FileRootHolder::open(disk, kRootDirectory).value();
  Stubborn stubborn{*first};
};

TEST_F(LostSync, TheNextCommitWritesTheRootAgain) {
  disk.fail_syncs(kTreePath, 1);  // of the next commit nothing comes but that it settles this one
  ASSERT_EQ(change(Kind::mint, 3).code(), Code::io);
  ASSERT_EQ(tree->read(2)->kind, SlotKind::live);
  expect_a_tree_after_the_power_went();
}

TEST_F(LostSync, TheNextStartWritesTheRootAgain) {
  ASSERT_TRUE(open().ok());
  ASSERT_EQ(tree->read(2)->kind, SlotKind::live);
  expect_a_tree_after_the_power_went();
}

TEST_F(LostSync, NothingGoesOnBeforeTheRootIsWrittenAgain) {
  stubborn.mute = true;
  EXPECT_EQ(change(Kind::mint, 4).code(), Code::unavailable);
  stubborn.mute = false;
  ASSERT_TRUE(change(Kind::mint, 4).ok());
  expect_a_tree_after_the_power_went();
}

}  // namespace
}  // namespace keys

// A root holder that is away: what a commit answers, what stays readable, and how the tree finds
// out by itself what became of it.

#include <gtest/gtest.h>

#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;

/// A holder over a link that may be cut, before a call is carried out or after.
class AwayHolder : public RootHolder {
 public:
  enum class Cut : std::uint8_t { none, before, after };

  explicit AwayHolder(RootHolder& holder) : holder_(holder) {}
  /// From the call after `calls` others on: `how` for that call, and away for all that follow.
  void cut(std::uint64_t calls, Cut how) {
    left_ = calls;
    how_ = how;
  }
  void mend() { how_ = Cut::none; }

  base::Result<std::array<std::optional<Root>, 2>> read() override {
    return pass<std::array<std::optional<Root>, 2>>([&] { return holder_.read(); });
  }
  base::Result<void> write(std::size_t slot, const Root& root) override {
    return pass<void>([&] { return holder_.write(slot, root); });
  }
  base::Result<void> destroy(std::size_t slot) override {
    return pass<void>([&] { return holder_.destroy(slot); });
  }

 private:
  template <class T, class Call>
  base::Result<T> pass(const Call& call) {
    const base::Error away(Code::unavailable, "the holder is away");
    if (how_ == Cut::none) return call();
    if (left_ > 0) {
      --left_;
      return call();
    }
    const bool carried_out = how_ == Cut::after;
    how_ = Cut::before;
    if (carried_out) (void)call().ok();
    return away;
  }

  RootHolder& holder_;
  std::uint64_t left_ = 0;
  Cut how_ = Cut::none;
};

class AwayTest : public testing::Test, protected Stage {
 protected:
  AwayTest() {
    file = FileRootHolder::open(disk, kRootDirectory).value();
    away = std::make_unique<AwayHolder>(*file);
    keys = Keys::open(*store, *away, disk, *wait, entropy, kTreePath).value();
    owners = settle(70);
    for (const OwnerId owner : owners) before.push_back(subkey(owner));
  }
  ~AwayTest() override { keys.reset(); }

  std::unique_ptr<RootHolder> file;
  std::unique_ptr<AwayHolder> away;
  std::vector<OwnerId> owners;
  std::vector<std::string> before;
};

// Whichever call of a commit the link is cut at, and on whichever side of it.
TEST_F(AwayTest, AnErasureIsFinishedWhenTheHolderIsBack) {
  int finished = 0;
  int undone = 0;
  std::size_t next = 0;
  for (const AwayHolder::Cut how : {AwayHolder::Cut::before, AwayHolder::Cut::after}) {
    for (std::uint64_t calls = 0; calls < 2; ++calls) {
      SCOPED_TRACE(calls);
      const OwnerId one = owners[next++];
      const OwnerId bucket = owners[69];
      const std::string bucket_before = subkey(bucket);
      const std::uint64_t generation = keys->generation(bucket).value();
      auto erasure = keys->prepare(std::array{one}, std::array{bucket}).value();
      intend(erasure, base::view("note")).value();
      const std::string bucket_next = base::hex(erasure.next(bucket, "test")->view());
      away->cut(calls, how);
      ASSERT_EQ(keys->commit(std::move(erasure)).code(), Code::unavailable);
      // Away: reading goes on, nothing is changed, nobody is erased twice.
      EXPECT_EQ(subkey(owners[60]), before[60]);
      EXPECT_EQ(keys->derive(one, "test").code(), Code::gone);
      EXPECT_EQ(keys->mint(std::array{owner()}).code(), Code::unavailable);
      EXPECT_EQ(keys->prepare(std::array{owners[50]}, std::array{bucket}).code(),
                Code::unavailable);
      EXPECT_EQ(keys->unfinished().code(), Code::unavailable);
      away->mend();
      auto left = keys->unfinished().value();
      ASSERT_EQ(left.size(), 1U);
      if (left[0].destroyed) {
        ++finished;
        EXPECT_EQ(subkey(bucket), bucket_next);
      } else {
        ++undone;
        EXPECT_EQ(subkey(bucket), bucket_before);
        auto resumed = keys->resume(left[0]).value();
        intend(resumed, base::view("note")).value();
        keys->commit(std::move(resumed)).value();
      }
      finish(std::array{one}).value();
      EXPECT_EQ(keys->state(one).value(), State::erased);
      EXPECT_EQ(keys->generation(bucket).value(), generation + 1);
      EXPECT_TRUE(keys->unfinished()->empty());
      const auto roots = file->read().value();
      EXPECT_NE(roots[0].has_value(), roots[1].has_value());
    }
  }
  EXPECT_EQ(finished, 3);
  EXPECT_EQ(undone, 1);
  settle(100);
  // And it is what a start finds.
  keys = Keys::open(*store, *file, disk, *wait, entropy, kTreePath).value();
  EXPECT_EQ(subkey(owners[60]), before[60]);
}

TEST_F(AwayTest, ACreationIsRefusedAndHarmsNobody) {
  for (const AwayHolder::Cut how : {AwayHolder::Cut::before, AwayHolder::Cut::after}) {
    const OwnerId fresh = owner();
    away->cut(0, how);
    EXPECT_EQ(keys->mint(std::array{fresh}).code(), Code::unavailable);
    away->mend();
    EXPECT_EQ(settle(3).size(), 3U);
  }
  for (std::size_t i = 0; i < owners.size(); ++i) EXPECT_EQ(subkey(owners[i]), before[i]);
}

// Its key stands in the tree although nobody could say so: its slot must not be given to another.
TEST_F(AwayTest, ACreationInDoubtIsGivenUpWithItsKey) {
  for (const AwayHolder::Cut how : {AwayHolder::Cut::before, AwayHolder::Cut::after}) {
    const OwnerId fresh = owner();
    away->cut(0, how);
    EXPECT_EQ(keys->mint(std::array{fresh}).code(), Code::unavailable);
    away->mend();
    ASSERT_TRUE(keys->abandon(std::array{fresh}).ok());
    EXPECT_EQ(keys->state(fresh).value(), State::unknown);
    ASSERT_TRUE(keys->mint(std::array{owner()}).ok());
  }
}

// Nothing is destroyed on the word of another's holder.
TEST_F(AwayTest, AHolderThatForgotTheRootSettlesNothing) {
  away->cut(0, AwayHolder::Cut::before);
  EXPECT_EQ(keys->mint(std::array{owner()}).code(), Code::unavailable);
  away->mend();
  const auto files = disk.durable();
  for (const std::size_t slot : {0UL, 1UL}) file->destroy(slot).value();
  EXPECT_EQ(keys->mint(std::array{owner()}).code(), Code::corrupt);
  disk.put(files);
  EXPECT_EQ(subkey(owners[3]), before[3]);
}

}  // namespace
}  // namespace keys

// What a holder has met counts for all that it keeps: a root, and a replica beside it.
#include "holder/fence.h"

#include <gtest/gtest.h>

#include "holder/dispatch.h"
#include "holder/remote_root.h"
#include "holder/replicator_testing.h"
#include "holder/restore_messages.h"

namespace holder {
namespace {

using base::Code;

/// A call within this process.
class Near final : public Channel {
 public:
  explicit Near(Handler& handler) : handler_(handler) {}
  base::Result<base::Bytes> call(Method method, base::View body) override {
    return handler_.handle(method, body);
  }

 private:
  Handler& handler_;
};

class FenceTest : public testing::Test {
 protected:
  FenceTest() {
    world_.settle(3);
    world_.enter(1);
    world_.replicator->step().value();
    world_.link->lead_to(nullptr);
    world_.replica.reset();
    open();
  }
  void open() {
    dispatch_.reset();
    root_.reset();
    file_ = keys::FileRootHolder::open(world_.replica_disk, "holder").value();
    fence_ = Fence::open(world_.replica_disk, "holder").value();
    root_ = std::make_unique<RootPart>(*file_, *fence_);
    replica_ =
        Replica::open(world_.replica_disk, world_.clock, "replica", nullptr, fence_.get()).value();
    dispatch_ = std::make_unique<Dispatch>(*root_, replica_.get());
  }
  base::Result<Offer> begin(Claim claim, std::uint64_t incarnation) {
    base::Bytes body = TRY(dispatch_->handle(
        Method::restore_begin,
        encode(BeginRequest{claim, Lag::refuse, incarnation, world_.log->checkpoint()})));
    return parse_offer(body);
  }
  base::Result<void> write_root(std::uint64_t incarnation) {
    Near near(*dispatch_);
    return RemoteRootHolder(near, incarnation).write(0, {1, base::SecretBytes(32), 1});
  }
  base::Result<base::Bytes> follow(std::uint64_t incarnation) {
    return dispatch_->handle(Method::replica_status, encode(StatusRequest{incarnation}));
  }

  World world_;
  std::unique_ptr<keys::FileRootHolder> file_;
  std::unique_ptr<Fence> fence_;
  std::unique_ptr<RootPart> root_;
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<Dispatch> dispatch_;
};

TEST_F(FenceTest, WhoTakesOverFromTheReplicaShutsTheOldHostOutOfTheRoot) {
  ASSERT_TRUE(write_root(1).ok());
  EXPECT_EQ(begin(Claim::look, 0)->verdict, Verdict::ready);
  EXPECT_TRUE(write_root(1).ok()) << "a look takes nothing";
  ASSERT_TRUE(begin(Claim::take, 2)->root.has_value());
  EXPECT_EQ(write_root(1).code(), Code::unavailable);
  EXPECT_EQ(follow(1).code(), Code::denied);
  // So it is after the power went, and whichever part is lost.
  world_.replica_disk.crash();
  open();
  EXPECT_EQ(write_root(1).code(), Code::unavailable);
  EXPECT_TRUE(write_root(2).ok());
}

TEST_F(FenceTest, WhoBringsARootShutsTheOldHostOutOfTheReplica) {
  ASSERT_TRUE(follow(1).ok());
  ASSERT_TRUE(write_root(3).ok());
  EXPECT_EQ(follow(2).code(), Code::denied);
  const auto offer = begin(Claim::look, 0).value();
  EXPECT_EQ(offer.status.incarnation, 3U) << "who takes over learns a number that is free";
  EXPECT_EQ(begin(Claim::take, 3).code(), Code::stale);
  EXPECT_TRUE(begin(Claim::take, 4).ok());
  EXPECT_EQ(write_root(3).code(), Code::unavailable);
}

TEST_F(FenceTest, NothingIsGivenBeforeItIsRemembered) {
  world_.replica_disk.break_path("holder/incarnation.new");
  EXPECT_FALSE(begin(Claim::take, 2).ok());
  EXPECT_TRUE(follow(1).ok()) << "nobody has taken anything";
}

TEST_F(FenceTest, AnOfferNamesItsTree) {
  const auto offer = begin(Claim::look, 0).value();
  EXPECT_NE(offer.tree, keys::TreeId{});
  EXPECT_EQ(parse_offer(encode(offer))->tree, offer.tree);
}

TEST_F(FenceTest, ADamagedNumberServesNobody) {
  ASSERT_TRUE(fence_->admit(12).ok());
  EXPECT_EQ(fence_->admit(0).code(), Code::invalid);
  EXPECT_EQ(fence_->admit(11).code(), Code::denied);
  world_.replica_disk.flip_bit("holder/incarnation", 6).value();
  EXPECT_EQ(Fence::open(world_.replica_disk, "holder").code(), Code::corrupt);
}

}  // namespace
}  // namespace holder

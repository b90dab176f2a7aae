#include "holder/replica_part.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "holder/dispatch.h"
#include "holder/replica_look.h"
#include "keys/rewrap.h"
#include "keys/wrap_testing.h"

namespace holder {
namespace {

using base::Code;

class ReplicaPartTest : public testing::Test {
 protected:
  base::Result<ReplicaStatus> ask(std::uint64_t incarnation = 1) {
    const base::Bytes answer =
        TRY(dispatch_.handle(Method::replica_status, encode(StatusRequest{incarnation})));
    return parse_status(answer);
  }
  void restart() {
    part_.emplace(disk_, clock_, "holder/replica");  // at the same address
  }

  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  base::ManualClock clock_{base::parse_rfc3339("2026-11-23T12:00:00Z").value()};
  std::unique_ptr<keys::FileRootHolder> file_ = keys::FileRootHolder::open(disk_, "holder").value();
  std::unique_ptr<Fence> fence_ = Fence::open(disk_, "holder").value();
  RootPart root_{*file_, *fence_};
  std::optional<ReplicaPart> part_{std::in_place, disk_, clock_, "holder/replica"};
  Dispatch dispatch_{root_, &*part_};
};

TEST_F(ReplicaPartTest, IsMadeWhenAServerAsksForIt) {
  EXPECT_TRUE(part_->recover().ok());
  EXPECT_FALSE(disk_.exists("holder/replica").value());
  EXPECT_FALSE(look_at_replica(disk_, "holder/replica")->has_value());
  ASSERT_TRUE(ask(3).ok());
  restart();
  ASSERT_TRUE(part_->recover().ok());
  EXPECT_EQ(ask(2).code(), Code::denied) << "it has met another host";
  const auto look = look_at_replica(disk_, "holder/replica").value();
  ASSERT_TRUE(look.has_value());
  EXPECT_EQ(look->incarnation, 3U);
  EXPECT_EQ(*look->epoch + look->leaves + look->open_intents, 0U);
  EXPECT_EQ(look->contact, clock_.now());
}

TEST_F(ReplicaPartTest, ADamagedOneLeavesTheRootBesideItServed) {
  ASSERT_TRUE(ask().ok());
  disk_.flip_bit("holder/replica/state", 99).value();
  restart();
  EXPECT_EQ(part_->recover().code(), Code::corrupt);
  EXPECT_EQ(ask().code(), Code::corrupt);
  EXPECT_EQ(look_at_replica(disk_, "holder/replica").code(), Code::corrupt);
  EXPECT_TRUE(dispatch_.handle(Method::root_read, base::Bytes(8)).ok());
  // Removed, as the error says, it is made anew.
  for (const char* file : {"state", "root.ktn", "keys.ktn", "log/staged"})
    disk_.remove(std::string("holder/replica/") + file).value();
  EXPECT_TRUE(ask().ok());
}

// A server that is told `denied` ends itself: another host has taken over.
TEST_F(ReplicaPartTest, AWrongPassphraseDoesNotSayThatAnotherHostCame) {
  const keys::CheapWrapping horse("correct horse");
  const keys::CheapWrapping staple("battery staple");
  const keys::RootFile where{"holder/replica"};
  const auto expect_refused = [&](const keys::Wrapping* given) {
    ReplicaPart part(disk_, clock_, "holder/replica", given);
    EXPECT_EQ(part.recover().code(), Code::denied) << "whoever starts it is told";
    EXPECT_EQ(part.handle(Method::replica_status, encode(StatusRequest{1})).code(), Code::io);
    EXPECT_EQ(part.handle(Method::restore_begin, {}).code(), Code::io);
  };
  keys::FileRootHolder::open(disk_, where, horse.get())
      .value()
      ->write(0, {.epoch = 8, .key = base::SecretBytes(32), .page = 1})
      .value();
  expect_refused(nullptr);
  expect_refused(staple.get());
  keys::rewrap(disk_, where, horse.get(), nullptr).value();
  expect_refused(horse.get());
}

TEST_F(ReplicaPartTest, OfTwoRootsTheOlderOneIsShown) {
  EXPECT_FALSE(look_at_root(disk_, "holder")->has_value());
  EXPECT_FALSE(look_at_root(disk_, "elsewhere")->has_value());
  EXPECT_FALSE(disk_.exists("elsewhere").value()) << "a look makes nothing";
  file_->write(0, {.epoch = 8, .key = base::SecretBytes(32), .page = 1}).value();
  EXPECT_EQ(look_at_root(disk_, "holder").value()->epoch, 8U);
  file_->write(1, {.epoch = 7, .key = base::SecretBytes(32), .page = 1}).value();
  EXPECT_EQ(look_at_root(disk_, "holder").value()->epoch, 7U);
}

}  // namespace
}  // namespace holder

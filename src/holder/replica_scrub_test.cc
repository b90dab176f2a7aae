// Leaves of a replica that rot while nobody reads them.
#include "holder/replica_scrub.h"

#include <gtest/gtest.h>

#include "holder/replica.h"
#include "holder/replica_look.h"
#include "holder/replica_testing.h"

namespace holder {
namespace {

using base::Code;
using std::chrono::hours;

constexpr const char* kCopy = "replica/keys.ktn";

class ScrubTest : public testing::Test {
 protected:
  ScrubTest() {
    server.mint(0, 600);  // ten leaves
    replica = Replica::open(disk, clock, kReplicaDirectory).value();
    ship(0);
  }
  void ship(std::uint64_t since) {
    PagesRequest request{1, ++transfer, 0, {}};
    const auto pages = sent(since);
    for (const PageImage& page : pages) request.pages.push_back({page.page, page.image});
    replica->handle(Method::replica_pages, encode(request)).value();
    replica
        ->handle(Method::replica_commit,
                 encode(CommitRequest{1, transfer, 1, since, server.root(), {}}))
        .value();
  }
  /// As the server sends them: leaves as they are.
  std::vector<PageImage> sent(std::uint64_t since) {
    std::vector<PageImage> all;
    std::vector<std::uint64_t> unreadable;
    const keys::Root now = server.root();
    walk(
        {.root = now, .since = since, .unreadable = &unreadable},
        [&](std::uint64_t page) { return server.read(page); },
        [&](std::uint64_t page) -> base::Result<void> {
          all.push_back({page, TRY(server.read(page))});
          return {};
        })
        .value();
    return all;
  }
  ReplicaStatus ask() {
    return parse_status(replica->handle(Method::replica_status, encode(StatusRequest{1})).value())
        .value();
  }
  void damage_inner() {
    const base::Bytes file = disk.live().at(kCopy);
    for (std::size_t at = 0; at < file.size(); at += keys::kPageSize)
      if (file[at + 4] != 0) disk.flip_bit(kCopy, (at + 100) * 8).value();
  }

  Server server;
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::ManualClock clock{base::Time(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<Replica> replica;
  std::uint64_t transfer = 0;
};

TEST_F(ScrubTest, DamageIsFoundSaidAndMendedByTheWholeTree) {
  ASSERT_TRUE(replica->tick().ok());
  EXPECT_EQ(ask().pages_damaged, 0U);
  auto look = look_at_replica(disk, kReplicaDirectory).value();
  EXPECT_EQ(look->scrubbed, clock.now());
  keys::damage_leaf(disk, kCopy, 2);
  keys::damage_leaf(disk, kCopy, 9);
  ASSERT_TRUE(replica->tick().ok());
  EXPECT_EQ(ask().pages_damaged, 0U) << "the next round begins in an hour";
  clock.advance(hours(1));
  ASSERT_TRUE(replica->tick().ok());
  EXPECT_EQ(ask().pages_damaged, 2U);
  EXPECT_EQ(ask().tree_incarnation, 0U) << "the whole tree is asked for";
  EXPECT_EQ(ask().epoch, server.root().epoch);
  look = look_at_replica(disk, kReplicaDirectory).value();
  EXPECT_EQ(look->pages_damaged, 2U);
  EXPECT_EQ(look->scrubbed, clock.now());
  ship(0);
  EXPECT_EQ(ask().pages_damaged, 0U);
  EXPECT_EQ(ask().tree_incarnation, 1U);
  EXPECT_EQ(look_at_replica(disk, kReplicaDirectory).value()->pages_damaged, 0U);
  clock.advance(hours(1));
  ASSERT_TRUE(replica->tick().ok());
  EXPECT_EQ(ask().pages_damaged, 0U);
}

// What the server sends is no better: it is not asked for again and again.
TEST_F(ScrubTest, WhatIsDamagedAtTheServerIsSaidAndNotAskedFor) {
  keys::damage_leaf(server.disk, keys::kTreePath, 4);
  ship(0);
  EXPECT_EQ(ask().pages_damaged, 1U);
  ASSERT_TRUE(replica->tick().ok());
  EXPECT_EQ(ask().pages_damaged, 1U);
  EXPECT_EQ(ask().tree_incarnation, 1U);
  keys::damage_leaf(disk, kCopy, 5);
  clock.advance(hours(1));
  ASSERT_TRUE(replica->tick().ok());
  EXPECT_EQ(ask().pages_damaged, 2U);
  EXPECT_EQ(ask().tree_incarnation, 0U);
  ship(0);
  EXPECT_EQ(ask().pages_damaged, 1U);
  EXPECT_EQ(ask().tree_incarnation, 1U);
}

TEST_F(ScrubTest, ALeafThatIsWrittenAnewIsWhole) {
  keys::damage_leaf(disk, kCopy, 9);
  ASSERT_TRUE(replica->tick().ok());
  ASSERT_EQ(ask().pages_damaged, 1U);
  const std::uint64_t since = ask().epoch;
  server.erase(9 * keys::kFanout);
  ship(since);
  clock.advance(hours(1));
  ASSERT_TRUE(replica->tick().ok());
  EXPECT_EQ(ask().pages_damaged, 0U);
  EXPECT_EQ(ask().tree_incarnation, 1U);
}

TEST_F(ScrubTest, ADamagedInnerPageIsAskedForAtOnce) {
  damage_inner();
  EXPECT_EQ(replica->tick().code(), Code::corrupt);
  EXPECT_EQ(ask().tree_incarnation, 0U);
  EXPECT_EQ(ask().pages_damaged, 1U);
  EXPECT_TRUE(replica->tick().ok()) << "said once";
  ship(0);
  EXPECT_EQ(ask().tree_incarnation, 1U);
  EXPECT_EQ(ask().pages_damaged, 0U);
}

TEST_F(ScrubTest, ADiskThatGivesNothingIsDamageToo) {
  std::uint64_t page = 0;
  const keys::Root root = server.root();
  Scrub scrub;
  const ReadPage read = [&](std::uint64_t number) -> base::Result<base::Bytes> {
    if (number != root.page && page++ == 3) return base::Error{Code::io, "a bad block"};
    return server.read(number);
  };
  EXPECT_TRUE(scrub.step(root, read, 100).value());
  EXPECT_EQ(scrub.damaged(), 1U);
  EXPECT_TRUE(scrub.mendable());
}

TEST_F(ScrubTest, AStepOpensAFewLeavesAndGoesOnUnderWhateverRoot) {
  std::size_t reads = 0;
  const ReadPage read = [&](std::uint64_t number) {
    ++reads;
    return server.read(number);
  };
  keys::damage_leaf(server.disk, keys::kTreePath, 7);
  Scrub scrub;
  int steps = 1;
  for (; !scrub.step(server.root(), read, 3).value(); ++steps) {
    EXPECT_EQ(reads, 4U) << "the root, and three leaves";
    reads = 0;
    if (steps == 1) server.mint(600, 1);  // another root
    ASSERT_LT(steps, 10);
  }
  EXPECT_EQ(steps, 4);
  EXPECT_EQ(scrub.damaged(), 1U);
  EXPECT_FALSE(scrub.saw_log_key());
}

}  // namespace
}  // namespace holder

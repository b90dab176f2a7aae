#include <gtest/gtest.h>

#include <set>

#include "store/numbers_testing.h"

// How writers share transactions, under fibers: who waits for whom is chosen from a seed, and time
// passes only where everybody waits.

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::uint64_t kSeeds = 20;

struct Stage : FiberStage {
  explicit Stage(std::uint64_t seed) : FiberStage(seed) { open(numbers()).value(); }
  /// `writers` fibers that insert a number each, `rounds` times one after the other.
  void insert_from_all(std::int64_t writers, std::int64_t rounds) {
    for (std::int64_t writer = 0; writer < writers; ++writer)
      fibers.spawn([this, writer, rounds] {
        for (std::int64_t round = 0; round < rounds; ++round)
          EXPECT_TRUE(insert(next_++).ok()) << writer << " " << round;
      });
    ASSERT_TRUE(fibers.run().ok());
  }

 private:
  std::int64_t next_ = 0;
};

TEST(GroupCommit, WritersWhoComeBackShareEveryTransaction) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Stage stage(seed);
    stage.insert_from_all(16, 10);
    const auto figures = stage.store->figures();
    EXPECT_EQ(figures.writes, 160U);
    // Ten, and a few at the beginning, when nobody knows how many there are.
    EXPECT_LE(figures.commits, 14U);
  }
}

TEST(GroupCommit, WhoIsLeftAloneWaitsOnceForTheOthers) {
  Stage stage(1);
  stage.insert_from_all(16, 10);
  const base::Time before = stage.clock.now();
  for (std::int64_t n = 1000; n < 1010; ++n) ASSERT_TRUE(stage.insert(n).ok());
  EXPECT_GT(stage.clock.now(), before);
  EXPECT_LE(stage.clock.now() - before, std::chrono::microseconds(250));
}

TEST(GroupCommit, MoreThanFitIntoATransactionGoIntoSeveral) {
  Stage stage(2);
  stage.fibers.spawn([&] {
    EXPECT_TRUE(stage.store
                    ->write([&](Tx&) -> Result<void> {
                      stage.fibers.sleep(std::chrono::seconds(1));  // until all others wait
                      return {};
                    })
                    .ok());
  });
  stage.fibers.spawn([&] {
    stage.fibers.sleep(std::chrono::milliseconds(1));
    for (std::int64_t n = 0; n < 1500; ++n)
      stage.fibers.spawn([&, n] { EXPECT_TRUE(stage.insert(n).ok()); });
  });
  ASSERT_TRUE(stage.fibers.run().ok());
  EXPECT_EQ(stage.all().size(), 1500U);
  EXPECT_EQ(stage.store->figures().writes, 1501U);
  EXPECT_EQ(stage.store->figures().commits, 3U);  // the first alone, 1024, the others
}

// Where the transaction is lost in the middle, those behind stay in the queue: also the one who
// leads, when it came last.
TEST(GroupCommit, ALostTransactionLeavesThoseBehindToTheNext) {
  constexpr std::int64_t kWriters = 12;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Stage stage(seed);
    stage.insert_from_all(kWriters, 3);
    std::set<std::int64_t> acknowledged = stage.all();
    for (std::int64_t writer = 0; writer < kWriters; ++writer)
      stage.fibers.spawn([&, writer] {
        for (std::int64_t round = 0; round < 5; ++round) {
          const bool loses = (writer + round) % 5 == 0;
          const std::int64_t n = 1000 + writer * 10 + round;
          const auto written = stage.store->write([&](Tx& tx) -> Result<void> {
            TRY(tx.run("INSERT INTO number (number) VALUES (?)", {n}));
            if (!loses) return {};
            TRY(tx.run("ROLLBACK", {}));
            return Error{Code::full, "as a full disk does it"};
          });
          if (written.ok()) acknowledged.insert(n);
          EXPECT_TRUE(written.ok() ? !loses : written.code() == Code::full);
        }
      });
    ASSERT_TRUE(stage.fibers.run().ok());
    EXPECT_EQ(stage.all(), acknowledged);
    EXPECT_EQ(stage.store->figures().writes, static_cast<std::uint64_t>(kWriters * 8));
  }
}

}  // namespace
}  // namespace store

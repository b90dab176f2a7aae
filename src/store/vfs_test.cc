#include "store/vfs.h"

#include <gtest/gtest.h>

#include <set>

#include "store/numbers_testing.h"
#include "store/tables.h"

// A store on a disk in memory, whose power goes at any call, under many fibers.

namespace store {
namespace {

using base::Result;

struct Stage : FiberStage {
  using FiberStage::FiberStage;
  Result<void> open() { return FiberStage::open(numbers(Keeping::bulk)); }
  Result<void> insert(std::int64_t n) { return FiberStage::insert(n, base::Bytes(500, 'x')); }
};

struct Outcome {
  std::set<std::int64_t> acknowledged;
  std::uint64_t operations = 0;
  base::FaultyDisk::Files files;
};

/// Eight writers and a reader, until the power goes.
Outcome work(Stage& stage, std::uint64_t operations) {
  Outcome outcome;
  const std::uint64_t before = stage.disk.operations();
  stage.disk.fail_after(operations);
  for (std::int64_t fiber = 0; fiber < 8; ++fiber)
    stage.fibers.spawn([&stage, &outcome, fiber] {
      for (std::int64_t i = 0; i < 6; ++i)
        if (const std::int64_t id = fiber * 100 + i; stage.insert(id).ok())
          outcome.acknowledged.insert(id);
    });
  stage.fibers.spawn([&] {
    for (int i = 0; i < 20; ++i)
      (void)stage.store
          ->read([](Reader& reader) {
            return reader.query("SELECT count(*) FROM number", {},
                                [](const Row&) { return Result<void>(); });
          })
          .ok();
  });
  EXPECT_TRUE(stage.fibers.run().ok());
  outcome.operations = stage.disk.operations() - before;
  stage.store.reset();
  outcome.files = stage.disk.live();
  return outcome;
}

TEST(Vfs, WhatWasAcknowledgedIsThereAfterTheLossOfPowerAtAnyCall) {
  std::size_t some_lost = 0;
  for (std::uint64_t operations = 1;; operations += 3) {
    SCOPED_TRACE(operations);
    Stage stage(operations);
    ASSERT_TRUE(stage.open().ok());
    const Outcome outcome = work(stage, operations);
    stage.disk.crash(stage.entropy);
    ASSERT_TRUE(stage.open().ok());
    const auto found = stage.all();
    ASSERT_TRUE(std::ranges::includes(found, outcome.acknowledged));
    ASSERT_TRUE(stage.insert(9'999).ok());
    some_lost += found.size() < 48 ? 1 : 0;
    if (outcome.acknowledged.size() == 48) break;
  }
  EXPECT_GT(some_lost, 20U);
}

class KilledBeforeASync : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Vfs, KilledBeforeASync, testing::Bool());  // whether one has failed

TEST_P(KilledBeforeASync, WhatIsReadIsKept) {
  Stage before(5);
  ASSERT_TRUE(before.open().ok());
  ASSERT_TRUE(before.insert(1).ok());
  const auto files = before.disk.live();
  const base::Bytes log = files.at("data/store.db-wal");

  Stage after(6);
  after.disk.put({{Stage::kPath, files.at(Stage::kPath)}});
  {
    const auto file = after.disk.open("data/store.db-wal", base::Open::update).value();
    ASSERT_TRUE(file->write_at(0, log).ok());
    if (GetParam()) {
      after.disk.fail_syncs("data/store.db-wal", 1);
      ASSERT_FALSE(file->sync().ok());
    }
  }
  ASSERT_TRUE(after.open().ok());
  ASSERT_EQ(after.all(), std::set<std::int64_t>{1});
  after.disk.fail_after(0);
  after.store.reset();
  after.disk.crash();
  ASSERT_TRUE(after.open().ok());
  EXPECT_EQ(after.all(), std::set<std::int64_t>{1});
}

TEST(Vfs, TheSameSeedWritesTheSameBytes) {
  std::vector<base::FaultyDisk::Files> files;
  for (const std::uint64_t seed : {7U, 7U, 8U}) {
    Stage stage(seed);
    ASSERT_TRUE(stage.open().ok());
    files.push_back(work(stage, 150).files);
  }
  EXPECT_EQ(files[0], files[1]);
  EXPECT_NE(files[0], files[2]);
}

TEST(Vfs, AFullDiskIsSaidToBeFull) {
  Stage stage(1);
  ASSERT_TRUE(stage.open().ok());
  ASSERT_TRUE(stage.insert(1).ok());
  std::uint64_t used = 0;
  for (const auto& [path, bytes] : stage.disk.live()) used += bytes.size();
  stage.disk.set_space(used + 2'000);
  Result<void> last;
  for (std::int64_t i = 2; i < 50 && last.ok(); ++i) last = stage.insert(i);
  ASSERT_FALSE(last.ok());
  EXPECT_EQ(last.code(), base::Code::full);
  stage.disk.set_space(1U << 30U);
  EXPECT_TRUE(stage.insert(100).ok());
}

// Torn in the place of what was left, the next commit would look damaged to the next start.
TEST(Vfs, WhatFailsLeavesNothingBehindInTheLog) {
  Stage stage(1);
  ASSERT_TRUE(stage.open().ok());
  ASSERT_TRUE(stage.insert(1).ok());
  const auto end = [&] { return 32 + stage.store->figures().log_pages * 4'120; };
  const auto size = [&] { return stage.disk.durable().at("data/store.db-wal").size(); };
  const std::uint64_t before = end();
  EXPECT_EQ(size(), before);
  std::uint64_t used = 0;
  for (const auto& [path, bytes] : stage.disk.live()) used += bytes.size();
  stage.disk.set_space(used + 15'000);  // some of its pages find room
  EXPECT_EQ(stage.FiberStage::insert(2, base::Bytes(40'000, 'x')).code(), base::Code::full);
  EXPECT_EQ(size(), before);
  stage.disk.set_space(1U << 30U);
  EXPECT_TRUE(stage.insert(3).ok());
  EXPECT_GT(end(), before);
  EXPECT_EQ(size(), end());
}

TEST(Vfs, ACommitThatIsNotSyncedLeavesNothingBehindEither) {
  Stage stage(1);
  ASSERT_TRUE(stage.open().ok());
  ASSERT_TRUE(stage.insert(1).ok());
  const auto size = [&] { return stage.disk.live().at("data/store.db-wal").size(); };
  const std::uint64_t before = size();
  stage.disk.fail_syncs("data/store.db-wal", 1);
  EXPECT_EQ(stage.insert(2).code(), base::Code::io);
  EXPECT_EQ(size(), before);
  EXPECT_TRUE(stage.insert(3).ok());
}

TEST(Vfs, NothingIsWrittenOverRemainsThatCannotBeCutOff) {
  Stage stage(1);
  ASSERT_TRUE(stage.open().ok());
  ASSERT_TRUE(stage.insert(1).ok());
  const auto log = [&] { return stage.disk.live().at("data/store.db-wal"); };
  const base::Bytes before = log();
  stage.disk.fail_syncs("data/store.db-wal", 3);
  EXPECT_EQ(stage.insert(2).code(), base::Code::io);  // its own sync, and that of cutting it off
  EXPECT_EQ(stage.insert(3).code(), base::Code::io);
  EXPECT_EQ(log(), before) << "it was begun";
  EXPECT_TRUE(stage.insert(4).ok());
}

TEST(Vfs, ASnapshotStandsBesideTheWriterAndTheLogIsFoldedAtTheEnd) {
  Stage stage(3);
  ASSERT_TRUE(stage.open().ok());
  ASSERT_TRUE(stage.insert(5).ok());
  auto snapshot = Tables::snapshot({Stage::kPath, &stage.vfs});
  ASSERT_TRUE(snapshot.ok());
  ASSERT_TRUE(stage.insert(6).ok());  // beside a snapshot, which does not see it
  std::vector<Cells> rows;
  (*snapshot)
      ->each((*snapshot)->list().value().front(),
             [&](const Cells& row) -> Result<void> {
               rows.push_back(row);
               return {};
             })
      .value();
  EXPECT_EQ(rows.size(), 1U);
  snapshot->reset();
  stage.store.reset();
  EXPECT_FALSE(stage.disk.live().contains("data/store.db-wal"));
}

}  // namespace
}  // namespace store

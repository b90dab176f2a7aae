// The write-ahead log is folded into the database aside, and by a writer where nobody does.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "store/numbers_testing.h"
#include "store/testing.h"

namespace store {
namespace {

using base::Result;

void write(Store& store, int from, int to) {
  for (int n = from; n < to; ++n)
    ASSERT_TRUE(store.write([n](Tx& tx) { return insert(tx, n); }).ok());
}

TEST(Fold, TheCommitBehindAFoldBeginsTheLogAnew) {
  TemporaryStore store(numbers());
  write(*store, 0, 50);
  const std::uint64_t pages = store->figures().log_pages;
  EXPECT_GE(pages, 50U);
  ASSERT_TRUE(store->fold_log(pages).ok());
  EXPECT_EQ(store->figures().log_pages, 0U);
  write(*store, 50, 51);
  EXPECT_LT(store->figures().log_pages, 10U);
  store.reopen();
  EXPECT_EQ(read_numbers(*store).size(), 51U);
}

TEST(Fold, FewPagesAreNotWorthIt) {
  TemporaryStore store(numbers());
  write(*store, 0, 50);
  const std::uint64_t pages = store->figures().log_pages;
  ASSERT_TRUE(store->fold_log(pages + 1).ok());
  EXPECT_EQ(store->figures().log_pages, pages);
}

TEST(Fold, WhatAReaderStillReadsStaysInTheLog) {
  TemporaryStore store(numbers());
  write(*store, 0, 10);
  const auto read = store->read([&](Reader& reader) -> Result<void> {
    const auto before = TRY(all_numbers(reader));
    write(*store, 10, 20);
    EXPECT_TRUE(store->fold_log(1).ok());
    EXPECT_GT(store->figures().log_pages, 0U);
    const auto after = TRY(all_numbers(reader));
    EXPECT_EQ(after, before);
    return {};
  });
  ASSERT_TRUE(read.ok());
  ASSERT_TRUE(store->fold_log(1).ok());
  EXPECT_EQ(store->figures().log_pages, 0U);
  EXPECT_EQ(read_numbers(*store).size(), 20U);
}

TEST(Fold, BesideWritersItLosesNothing) {
  TemporaryStore store(numbers());
  std::atomic<bool> stop = false;
  std::thread folding([&] {
    while (!stop) EXPECT_TRUE(store->fold_log(1).ok());
  });
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t)
    writers.emplace_back([&, t] { write(*store, t * 200, (t + 1) * 200); });
  for (auto& thread : writers) thread.join();
  stop = true;
  folding.join();
  EXPECT_EQ(read_numbers(*store).size(), 800U);
  store.reopen();
  EXPECT_EQ(read_numbers(*store).size(), 800U);
}

// SQLite's own steps between locks mix with those of the writer.
class FoldAndCommit : public testing::TestWithParam<std::uint64_t> {};

TEST_P(FoldAndCommit, WhoseStepsMixLoseNothing) {
  constexpr std::int64_t kWrites = 40;
  FiberStage stage(GetParam());
  stage.open(numbers()).value();
  bool writing = true;
  stage.fibers.spawn([&] {
    for (std::int64_t n = 0; n < kWrites; ++n) EXPECT_TRUE(stage.insert(n).ok());
    writing = false;
  });
  stage.fibers.spawn([&] {
    int folds = 0;
    while (writing) {
      EXPECT_TRUE(stage.store->fold_log(0).ok());
      // Time passes where all sleep.
      if (++folds % 20 == 0) stage.fibers.sleep(base::Duration(1));
    }
  });
  ASSERT_TRUE(stage.fibers.run().ok());
  stage.disk.fail_after(0);
  stage.store.reset();
  stage.disk.crash();
  stage.open(numbers()).value();
  EXPECT_EQ(stage.all().size(), static_cast<std::size_t>(kWrites));
}
INSTANTIATE_TEST_SUITE_P(Seeds, FoldAndCommit, testing::Range<std::uint64_t>(0, 30));

TEST(Fold, ALogThatNobodyFoldsIsFoldedByAWriterAtLast) {
  TemporaryStore store({{"blobs", {"CREATE TABLE blobs (n INTEGER, b BLOB)"}}});
  const base::Bytes mebibyte(1 << 20, 0x42);
  std::uint64_t most = 0;
  for (int n = 0; n < 100; ++n) {
    ASSERT_TRUE(store
                    ->write([&](Tx& tx) -> Result<void> {
                      TRY(tx.run("INSERT INTO blobs VALUES (?, ?)", {n, mebibyte}));
                      return {};
                    })
                    .ok());
    most = std::max(most, store->figures().log_pages);
  }
  EXPECT_GT(most, 3 * Store::kLogPages);
  EXPECT_LT(most, 5 * Store::kLogPages);
}

}  // namespace
}  // namespace store

#include "store/store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <set>
#include <thread>

#include "store/checked_pages.h"
#include "store/numbers_testing.h"
#include "store/testing.h"

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

TEST(Store, WhatIsWrittenIsThereAfterReopening) {
  TemporaryStore store(numbers());
  ASSERT_TRUE(store->write([](Tx& tx) { return insert(tx, 7); }).ok());
  store.reopen();
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{7}));
}

TEST(Store, FilesAreForTheirOwnerAlone) {
  TemporaryStore store(numbers());
  ASSERT_TRUE(store->write([](Tx& tx) { return insert(tx, 1); }).ok());
  for (const char* name : {"store.db", "store.db-wal", "store.db-shm"}) {
    struct stat status{};
    ASSERT_EQ(::stat(store.directory().file(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
  }
}

TEST(Store, ValuesComeBackAsTheyWere) {
  TemporaryStore store({{"values", {"CREATE TABLE v (i INTEGER, b BLOB, t TEXT, n INTEGER)"}}});
  base::SystemEntropy entropy;
  const auto id = base::AccountId::random(entropy);
  const base::Time time{base::Duration(1'790'000'000'123'456)};
  ASSERT_TRUE(store
                  ->write([&](Tx& tx) -> Result<void> {
                    TRY(tx.run("INSERT INTO v VALUES (?, ?, ?, ?)", {-5, id, "open", nullptr}));
                    TRY(tx.run("INSERT INTO v VALUES (?, ?, ?, ?)",
                               {time, base::Bytes{}, "shut", Code::gone}));
                    return {};
                  })
                  .ok());
  int rows = 0;
  const auto read = store->read([&](Reader& reader) {
    return reader.query("SELECT i, b, t, n FROM v ORDER BY i", {},
                        [&](const Row& row) -> Result<void> {
                          if (rows++ == 0) {
                            EXPECT_EQ(row.integer(0), -5);
                            EXPECT_EQ(row.id<base::AccountId>(1).value(), id);
                            EXPECT_EQ(row.text(2), "open");
                            EXPECT_TRUE(row.null(3));
                          } else {
                            EXPECT_EQ(row.time(0), time);
                            EXPECT_FALSE(row.null(1));  // an empty blob is not NULL
                            EXPECT_TRUE(row.blob(1).empty());
                            EXPECT_EQ(row.integer(3), static_cast<std::int64_t>(Code::gone));
                          }
                          return {};
                        });
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(rows, 2);
}

TEST(Store, AnErrorUndoesItsOwnPartAlone) {
  TemporaryStore store(numbers());
  ASSERT_TRUE(store->write([](Tx& tx) { return insert(tx, 1); }).ok());
  const auto refused = store->write([](Tx& tx) -> Result<void> {
    TRY(insert(tx, 2));
    return Error{Code::denied, "no"};
  });
  EXPECT_EQ(refused.code(), Code::denied);
  const auto thrown = store->write([](Tx& tx) -> Result<void> {
    TRY(insert(tx, 3));
    throw std::runtime_error("out of a library");
  });
  EXPECT_EQ(thrown.code(), Code::internal);
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{1}));
}

TEST(Store, AConstraintIsAConflictAndCanBeSurvived) {
  TemporaryStore store(numbers());
  const auto written = store->write([](Tx& tx) -> Result<void> {
    TRY(insert(tx, 1));
    EXPECT_EQ(insert(tx, 1).code(), Code::conflict);
    return insert(tx, 2);
  });
  EXPECT_TRUE(written.ok());
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{1, 2}));
}

TEST(Store, RunCountsTheRowsItChanged) {
  TemporaryStore store(numbers());
  ASSERT_TRUE(store
                  ->write([](Tx& tx) -> Result<void> {
                    for (int n = 0; n < 5; ++n) TRY(insert(tx, n));
                    EXPECT_EQ(tx.run("DELETE FROM number WHERE number < ?", {3}).value(), 3);
                    EXPECT_EQ(tx.run("DELETE FROM number WHERE number < ?", {3}).value(), 0);
                    EXPECT_EQ(tx.run("SELECT number FROM number", {}).value(), 0);
                    return {};
                  })
                  .ok());
}

TEST(Store, AQueryMayAskItselfAgainInItsAnswer) {
  TemporaryStore store(numbers());
  int pairs = 0;
  ASSERT_TRUE(store
                  ->write([&](Tx& tx) -> Result<void> {
                    for (int n = 0; n < 4; ++n) TRY(insert(tx, n));
                    return tx.query("SELECT number FROM number", {}, [&](const Row&) {
                      return tx.query("SELECT number FROM number", {},
                                      [&](const Row&) -> Result<void> {
                                        ++pairs;
                                        return {};
                                      });
                    });
                  })
                  .ok());
  EXPECT_EQ(pairs, 16);
}

TEST(Store, AnErrorFromARowEndsTheQuery) {
  TemporaryStore store(numbers());
  int rows = 0;
  const auto written = store->write([&](Tx& tx) -> Result<void> {
    TRY(insert(tx, 1));
    TRY(insert(tx, 2));
    return tx.query("SELECT number FROM number", {}, [&](const Row&) -> Result<void> {
      ++rows;
      return Error{Code::gone, "enough"};
    });
  });
  EXPECT_EQ(written.code(), Code::gone);
  EXPECT_EQ(rows, 1);
}

TEST(Store, AReaderSeesOneSnapshotBesideTheWriter) {
  TemporaryStore store(numbers());
  ASSERT_TRUE(store->write([](Tx& tx) { return insert(tx, 1); }).ok());
  std::set<std::int64_t> before;
  std::set<std::int64_t> after;
  const auto read = store->read([&](Reader& reader) -> Result<void> {
    before = TRY(all_numbers(reader));
    std::thread writer(
        [&] { EXPECT_TRUE(store->write([](Tx& tx) { return insert(tx, 2); }).ok()); });
    writer.join();
    after = TRY(all_numbers(reader));
    return {};
  });
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(before, (std::set<std::int64_t>{1}));
  EXPECT_EQ(after, before);
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{1, 2}));
}

TEST(Store, OneStatementIsASnapshotByItself) {
  TemporaryStore store(numbers());
  for (const int n : {1, 2, 3})
    ASSERT_TRUE(store->write([&](Tx& tx) { return insert(tx, n); }).ok());
  std::set<std::int64_t> found;
  const auto read = store->read_once([&](Reader& reader) {
    return reader.query(
        "SELECT number FROM number ORDER BY number", {}, [&](const Row& row) -> Result<void> {
          found.insert(row.integer(0));
          if (found.size() > 1) return {};
          std::thread writer(
              [&] { EXPECT_TRUE(store->write([](Tx& tx) { return insert(tx, 9); }).ok()); });
          writer.join();
          return {};
        });
  });
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(found, (std::set<std::int64_t>{1, 2, 3}));
  // And it has ended: the same connection sees what came since.
  std::size_t rows = 0;
  ASSERT_TRUE(store
                  ->read_once([&](Reader& reader) {
                    return reader.query("SELECT number FROM number", {},
                                        [&](const Row&) -> Result<void> {
                                          ++rows;
                                          return {};
                                        });
                  })
                  .ok());
  EXPECT_EQ(rows, 4U);
}

TEST(Store, ReadingOnceIsOnceOnly) {
  TemporaryStore store(numbers());
  ASSERT_TRUE(store->write([](Tx& tx) { return insert(tx, 1); }).ok());
  bool first = false;
  const auto twice = store->read_once([&](Reader& reader) -> Result<void> {
    first = all_numbers(reader).ok();
    // Would see what was written meanwhile, and be no snapshot with the first.
    return all_numbers(reader).ok() ? Result<void>() : Error{Code::internal, "refused"};
  });
  EXPECT_TRUE(first);
  EXPECT_EQ(twice.code(), Code::internal);
  const auto within = store->read_once([&](Reader& reader) {
    return reader.query("SELECT number FROM number", {}, [&](const Row&) -> Result<void> {
      TRY(all_numbers(reader));
      return {};
    });
  });
  EXPECT_EQ(within.code(), Code::internal);
  const auto writes = store->read_once([](Reader& reader) {
    return reader.query("INSERT INTO number (number) VALUES (2)", {},
                        [](const Row&) -> Result<void> { return {}; });
  });
  EXPECT_EQ(writes.code(), Code::io);
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{1}));
}

TEST(Store, AStatementIsBoundAnewAtEachUse) {
  TemporaryStore store(numbers());
  const auto find = [&](std::int64_t n, base::View bytes) {
    std::size_t rows = 0;
    const auto read = store->read_once([&](Reader& reader) {
      return reader.query("SELECT 1 FROM number WHERE number = ? AND bytes = ?", {n, bytes},
                          [&](const Row&) -> Result<void> {
                            ++rows;
                            return {};
                          });
    });
    EXPECT_TRUE(read.ok());
    return rows;
  };
  ASSERT_TRUE(
      store
          ->write([](Tx& tx) -> Result<void> {
            TRY(tx.run("INSERT INTO number (number, bytes) VALUES (1, x'01'), (2, x'')", {}));
            return {};
          })
          .ok());
  const base::Bytes one = {1};
  EXPECT_EQ(find(1, one), 1U);
  EXPECT_EQ(find(2, {}), 1U);
  EXPECT_EQ(find(1, {}), 0U);
  EXPECT_EQ(find(2, one), 0U);
}

TEST(Store, AReaderCannotWrite) {
  TemporaryStore store(numbers());
  const auto read = store->read([](Reader& reader) {
    return reader.query("INSERT INTO number (number) VALUES (1)", {},
                        [](const Row&) -> Result<void> { return {}; });
  });
  EXPECT_EQ(read.code(), Code::io);
  EXPECT_TRUE(read_numbers(*store).empty());
}

TEST(Store, ReadersThatReadAgainNeverWaitForEachOther) {
  constexpr int kReaders = 32;  // far more than connections are kept
  TemporaryStore store(numbers());
  ASSERT_TRUE(store->write([](Tx& tx) { return insert(tx, 1); }).ok());
  std::atomic<int> inside = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kReaders; ++i)
    threads.emplace_back([&] {
      const auto read = store->read([&](Reader&) -> Result<void> {
        ++inside;
        while (inside < kReaders) store.wait().sleep(std::chrono::milliseconds(1));
        EXPECT_EQ(read_numbers(*store).size(), 1U);
        return {};
      });
      EXPECT_TRUE(read.ok());
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(inside.load(), kReaders);
}

TEST(Store, AFullDiskIsSaidAndNothingAcknowledgedIsLost) {
  TemporaryStore store(numbers());
  ASSERT_TRUE(store->write([](Tx& tx) { return insert(tx, 1); }).ok());
  // SQLite's own limit stands in for the disk's; it fails the same way.
  ASSERT_TRUE(store
                  ->write([](Tx& tx) -> Result<void> {
                    return tx.query("PRAGMA max_page_count = 1", {},
                                    [](const Row&) -> Result<void> { return {}; });
                  })
                  .ok());
  const base::Bytes large(1U << 20, 0x5a);
  const auto refused = store->write([&](Tx& tx) -> Result<void> {
    TRY(tx.run("INSERT INTO number (number, bytes) VALUES (2, ?)", {large}));
    return {};
  });
  EXPECT_EQ(refused.code(), Code::full);
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{1}));
  EXPECT_TRUE(store->write([](Tx& tx) { return insert(tx, 3); }).ok());
  store.reopen();
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{1, 3}));
}

TEST(Store, ABodyThatEndsTheTransactionIsADefect) {
  TemporaryStore store(numbers());
  const auto written = store->write([](Tx& tx) -> Result<void> {
    TRY(insert(tx, 1));
    TRY(tx.run("ROLLBACK", {}));
    return {};
  });
  EXPECT_EQ(written.code(), Code::internal);
  EXPECT_TRUE(store->write([](Tx& tx) { return insert(tx, 2); }).ok());
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{2}));
}

TEST(Store, DamageIsSaid) {
  TemporaryStore store(numbers());
  ASSERT_TRUE(store->write([](Tx& tx) { return insert(tx, 1); }).ok());
  store.close();
  base::RealDisk disk;
  const std::string path = store.directory().file("store.db");
  const auto schemas = numbers();
  base::ThreadWait wait;
  {
    auto file = disk.open(path, base::Open::update).value();
    const base::Bytes rubbish(64, 0xff);
    ASSERT_TRUE(file->write_at(0, rubbish).ok());
  }
  EXPECT_EQ(Store::open(wait, path, schemas).code(), Code::corrupt);
}

TEST(Store, AnotherProgramsDatabaseIsRefused) {
  TemporaryStore store(numbers());
  store.close();
  base::RealDisk disk;
  const std::string path = store.directory().file("store.db");
  {
    auto file = disk.open(path, base::Open::update).value();
    base::Bytes page(kPageBytes);
    ASSERT_EQ(file->read_at(0, page).value(), page.size());
    page[68] = 1;  // the application id
    const std::uint64_t sum = page_checksum(page, 0);
    std::memcpy(page.data() + page.size() - sizeof sum, &sum, sizeof sum);
    ASSERT_TRUE(file->write_at(0, page).ok());
  }
  base::ThreadWait wait;
  const auto schemas = numbers();
  EXPECT_EQ(Store::open(wait, path, schemas).code(), Code::conflict);
}

}  // namespace
}  // namespace store

#include "store/store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <set>
#include <thread>

#include "store/checked_pages.h"
#include "store/testing.h"

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

std::vector<Schema> numbers() {
  return {{"numbers",
           {"CREATE TABLE number (n INTEGER PRIMARY KEY, raw BLOB NOT NULL DEFAULT x'') STRICT"}}};
}

Result<void> insert(Tx& tx, std::int64_t n) {
  TRY(tx.run("INSERT INTO number (n) VALUES (?)", {n}));
  return {};
}

Result<std::set<std::int64_t>> all_numbers(Reader& reader) {
  std::set<std::int64_t> found;
  TRY(reader.query("SELECT n FROM number ORDER BY n", {}, [&](const Row& row) -> Result<void> {
    found.insert(row.integer(0));
    return {};
  }));
  return found;
}

std::set<std::int64_t> read_numbers(Store& store) {
  std::set<std::int64_t> found;
  const auto read = store.read([&](Reader& reader) -> Result<void> {
    found = TRY(all_numbers(reader));
    return {};
  });
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().chain());
  return found;
}

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
                    EXPECT_EQ(tx.run("DELETE FROM number WHERE n < ?", {3}).value(), 3);
                    EXPECT_EQ(tx.run("DELETE FROM number WHERE n < ?", {3}).value(), 0);
                    EXPECT_EQ(tx.run("SELECT n FROM number", {}).value(), 0);
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
                    return tx.query("SELECT n FROM number", {}, [&](const Row&) {
                      return tx.query("SELECT n FROM number", {}, [&](const Row&) -> Result<void> {
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
    return tx.query("SELECT n FROM number", {}, [&](const Row&) -> Result<void> {
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
    return reader.query("SELECT n FROM number ORDER BY n", {}, [&](const Row& row) -> Result<void> {
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
                    return reader.query("SELECT n FROM number", {},
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
    return reader.query("SELECT n FROM number", {}, [&](const Row&) -> Result<void> {
      TRY(all_numbers(reader));
      return {};
    });
  });
  EXPECT_EQ(within.code(), Code::internal);
  const auto writes = store->read_once([](Reader& reader) {
    return reader.query("INSERT INTO number (n) VALUES (2)", {},
                        [](const Row&) -> Result<void> { return {}; });
  });
  EXPECT_EQ(writes.code(), Code::io);
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{1}));
}

TEST(Store, AStatementIsBoundAnewAtEachUse) {
  TemporaryStore store(numbers());
  const auto find = [&](std::int64_t n, base::View raw) {
    std::size_t rows = 0;
    const auto read = store->read_once([&](Reader& reader) {
      return reader.query("SELECT 1 FROM number WHERE n = ? AND raw = ?", {n, raw},
                          [&](const Row&) -> Result<void> {
                            ++rows;
                            return {};
                          });
    });
    EXPECT_TRUE(read.ok());
    return rows;
  };
  ASSERT_TRUE(store
                  ->write([](Tx& tx) -> Result<void> {
                    TRY(tx.run("INSERT INTO number (n, raw) VALUES (1, x'01'), (2, x'')", {}));
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
    return reader.query("INSERT INTO number (n) VALUES (1)", {},
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

TEST(Store, WritersShareCommitsAndEachHasItsOwnAnswer) {
  TemporaryStore store(numbers());
  constexpr int kThreads = 64;
  constexpr int kEach = 20;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const int n = t * kEach + i;
        const auto written = store->write([&](Tx& tx) -> Result<void> {
          TRY(insert(tx, n));
          if (n % 3 == 0) return Error{Code::denied, "every third is refused"};
          return {};
        });
        EXPECT_EQ(written.ok(), n % 3 != 0);
      }
    });
  for (auto& thread : threads) thread.join();
  std::set<std::int64_t> expected;
  for (int n = 0; n < kThreads * kEach; ++n)
    if (n % 3 != 0) expected.insert(n);
  EXPECT_EQ(read_numbers(*store), expected);
  // How many commits they shared depends on the disk, and on who else uses the machine.
  EXPECT_EQ(store->figures().writes, static_cast<std::uint64_t>(kThreads * kEach));
}

TEST(Store, TheFirstWhoWaitsCommitsForAllBehindIt) {
  TemporaryStore store(numbers());
  std::atomic<bool> leading = false;
  std::atomic<bool> go_on = false;
  std::thread leader([&] {
    EXPECT_TRUE(store
                    ->write([&](Tx& tx) -> Result<void> {
                      leading = true;
                      while (!go_on) store.wait().yield();
                      return insert(tx, 0);
                    })
                    .ok());
  });
  while (!leading) store.wait().yield();
  std::vector<std::thread> threads;
  std::atomic<int> started = 0;
  for (int n = 1; n <= 16; ++n)
    threads.emplace_back([&, n] {
      ++started;
      EXPECT_TRUE(store->write([&](Tx& tx) { return insert(tx, n); }).ok());
    });
  while (started < 16) store.wait().yield();
  store.wait().sleep(std::chrono::milliseconds(50));  // let them reach the queue
  go_on = true;
  leader.join();
  for (auto& thread : threads) thread.join();
  const auto figures = store->figures();
  EXPECT_EQ(figures.writes, 17U);
  EXPECT_EQ(figures.commits, 2U);
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
    TRY(tx.run("INSERT INTO number (n, raw) VALUES (2, ?)", {large}));
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

/// Runs `bodies` so that they share one transaction; answers their results.
std::vector<Result<void>> together(TemporaryStore& store, const std::vector<Store::Body>& bodies) {
  std::atomic<bool> leading = false;
  std::atomic<bool> go_on = false;
  std::thread leader([&] {
    EXPECT_TRUE(store
                    ->write([&](Tx&) -> Result<void> {
                      leading = true;
                      while (!go_on) store.wait().yield();
                      return {};
                    })
                    .ok());
  });
  while (!leading) store.wait().yield();
  std::vector<Result<void>> results(bodies.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    threads.emplace_back([&, i] { results[i] = store->write(bodies[i]); });
    store.wait().sleep(std::chrono::milliseconds(20));  // they queue in this order
  }
  go_on = true;
  leader.join();
  for (auto& thread : threads) thread.join();
  return results;
}

TEST(Store, InASharedTransactionAnErrorUndoesItsOwnPartAlone) {
  TemporaryStore store(numbers());
  const auto results =
      together(store, {[](Tx& tx) { return insert(tx, 1); },
                       [](Tx& tx) -> Result<void> {
                         TRY(insert(tx, 2));
                         return Error{Code::denied, "no"};
                       },
                       [](Tx& tx) { return insert(tx, 1); },  // sees the first one's row
                       [](Tx& tx) { return insert(tx, 3); }});
  EXPECT_TRUE(results[0].ok());
  EXPECT_EQ(results[1].code(), Code::denied);
  EXPECT_EQ(results[2].code(), Code::conflict);
  EXPECT_TRUE(results[3].ok());
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{1, 3}));
  EXPECT_EQ(store->figures().commits, 2U);
}

TEST(Store, ALostSharedTransactionFailsThoseBeforeItAndSparesThoseBehind) {
  TemporaryStore store(numbers());
  const auto results = together(store, {[](Tx& tx) { return insert(tx, 1); },
                                        [](Tx& tx) -> Result<void> {
                                          TRY(insert(tx, 2));
                                          TRY(tx.run("ROLLBACK", {}));
                                          return Error{Code::full, "as a full disk does it"};
                                        },
                                        [](Tx& tx) { return insert(tx, 3); }});
  EXPECT_EQ(results[0].code(), Code::full);
  EXPECT_EQ(results[1].code(), Code::full);
  EXPECT_TRUE(results[2].ok());
  EXPECT_EQ(read_numbers(*store), (std::set<std::int64_t>{3}));
}

TEST(Store, ACommitThatFailsFailsAllWhoSharedIt) {
  // A deferred constraint is looked at by COMMIT alone.
  TemporaryStore store({{"tree",
                         {"CREATE TABLE node (id INTEGER PRIMARY KEY, parent INTEGER"
                          " REFERENCES node DEFERRABLE INITIALLY DEFERRED) STRICT"}}});
  const auto add = [](std::int64_t id, std::int64_t parent) {
    return [=](Tx& tx) -> Result<void> {
      TRY(tx.run("INSERT INTO node VALUES (?, ?)", {id, parent}));
      return {};
    };
  };
  const auto results = together(store, {add(1, 1), add(2, 99)});
  EXPECT_EQ(results[0].code(), Code::conflict);
  EXPECT_EQ(results[1].code(), Code::conflict);
  EXPECT_EQ(store->write(add(3, 99)).code(), Code::conflict);
  EXPECT_TRUE(store->write(add(4, 4)).ok());
  std::int64_t rows = 0;
  ASSERT_TRUE(store
                  ->read([&](Reader& reader) {
                    return reader.query("SELECT count(*) FROM node", {},
                                        [&](const Row& row) -> Result<void> {
                                          rows = row.integer(0);
                                          return {};
                                        });
                  })
                  .ok());
  EXPECT_EQ(rows, 1);
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

// The child of the test below: it writes 1, 2, 3, ... and says each number on descriptor 3 after
// the store has acknowledged it, until it is killed. Its store lies in the working directory.
TEST(StoreChild, DISABLED_WritesUntilKilled) {
  base::ThreadWait wait;
  const auto schemas = numbers();
  auto store = Store::open(wait, "store.db", schemas).value();
  std::atomic<std::int64_t> next = 1;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (;;) {
        const std::int64_t n = next++;
        ASSERT_TRUE(store->write([&](Tx& tx) { return insert(tx, n); }).ok());
        ASSERT_EQ(::write(3, &n, sizeof n), static_cast<ssize_t>(sizeof n));
      }
    });
  for (auto& thread : threads) thread.join();
}

pid_t start_child(const std::string& directory, int report) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (report != 3) ::dup2(report, 3);
  ::close(::open("/dev/null", O_RDONLY));
  const int quiet = ::open("/dev/null", O_WRONLY);
  ::dup2(quiet, 1);
  std::array<char, 4096> self{};
  if (::readlink("/proc/self/exe", self.data(), self.size() - 1) < 0) ::_exit(1);
  if (::chdir(directory.c_str()) != 0) ::_exit(1);
  ::execl(self.data(), self.data(), "--gtest_filter=StoreChild.*",
          "--gtest_also_run_disabled_tests", static_cast<char*>(nullptr));
  ::_exit(1);
}

TEST(Store, EveryAcknowledgedRowSurvivesKill9) {
  for (const int acknowledged_min : {1, 50, 400}) {
    const TemporaryDirectory directory;
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const pid_t child = start_child(directory.path(), pipe[1]);
    ASSERT_GT(child, 0);
    ::close(pipe[1]);
    std::set<std::int64_t> acknowledged;
    std::int64_t n = 0;
    while (static_cast<int>(acknowledged.size()) < acknowledged_min) {
      ASSERT_EQ(::read(pipe[0], &n, sizeof n), static_cast<ssize_t>(sizeof n));
      acknowledged.insert(n);
    }
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &n, sizeof n) == static_cast<ssize_t>(sizeof n)) acknowledged.insert(n);
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));

    base::ThreadWait wait;
    const auto schemas = numbers();
    auto store = Store::open(wait, directory.file("store.db"), schemas).value();
    const auto found = read_numbers(*store);
    for (const std::int64_t wanted : acknowledged) EXPECT_TRUE(found.contains(wanted)) << wanted;
  }
}

}  // namespace
}  // namespace store

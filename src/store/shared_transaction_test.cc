// Writers on threads that share a transaction: each has its own answer, and its own error alone.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "store/numbers_testing.h"
#include "store/testing.h"

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

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

}  // namespace
}  // namespace store

#include "store/remembered.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "store/numbers_testing.h"
#include "store/testing.h"

namespace store {
namespace {

base::Digest digest(int of) { return base::sha256(base::view(std::to_string(of))); }

class RememberedTest : public testing::Test {
 protected:
  base::Result<void> write(int number) {
    return store->write([&](Tx& tx) { return insert(tx, number); });
  }
  TemporaryStore store{numbers()};
  Remembered<base::Digest, int> known{*store};
};

TEST_F(RememberedTest, HoldsUntilSomethingIsCommitted) {
  known.keep(store->version(), digest(1), 10);
  known.keep(store->version(), digest(2), 20);
  EXPECT_EQ(known.find(digest(1)), 10);
  EXPECT_EQ(known.find(digest(2)), 20);
  EXPECT_EQ(known.find(digest(3)), std::nullopt);
  ASSERT_TRUE(write(7).ok());
  EXPECT_EQ(known.find(digest(1)), std::nullopt);
  EXPECT_EQ(known.find(digest(2)), std::nullopt);
  known.keep(store->version(), digest(1), 11);
  EXPECT_EQ(known.find(digest(1)), 11);
  // Of those from before nothing comes back.
  EXPECT_EQ(known.find(digest(2)), std::nullopt);
}

TEST_F(RememberedTest, WhatWasReadBeforeACommitIsNotKeptAfterIt) {
  const std::uint64_t before = store->version();
  ASSERT_TRUE(write(7).ok());
  known.keep(before, digest(1), 10);
  EXPECT_EQ(known.find(digest(1)), std::nullopt);
  known.keep(store->version(), digest(2), 20);
  known.keep(before, digest(3), 30);
  EXPECT_EQ(known.find(digest(2)), 20);
  EXPECT_EQ(known.find(digest(3)), std::nullopt);
}

TEST_F(RememberedTest, NobodyWhoHeardOfACommitFindsWhatStoodBefore) {
  // As what reads does it: it asks for the version, reads, and keeps.
  std::atomic<int> committed = 0;
  std::atomic<bool> over = false;
  std::vector<std::thread> readers;
  std::atomic<int> stale = 0;
  for (int reader = 0; reader < 3; ++reader)
    readers.emplace_back([&] {
      while (!over) {
        const int heard = committed;
        if (const auto found = known.find(digest(0)); found) {
          if (*found < heard) ++stale;
          continue;
        }
        const std::uint64_t version = store->version();
        known.keep(version, digest(0), static_cast<int>(read_numbers(*store).size()));
      }
    });
  for (int number = 0; number < 300; ++number) {
    ASSERT_TRUE(write(number).ok());
    ++committed;
  }
  over = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(stale, 0);
}

TEST_F(RememberedTest, IsBounded) {
  const int most = static_cast<int>(Remembered<base::Digest, int>::values_max);
  for (int i = 0; i < most + 10; ++i) known.keep(store->version(), digest(i), i);
  int there = 0;
  for (int i = 0; i < most + 10; ++i) there += known.find(digest(i)).has_value() ? 1 : 0;
  EXPECT_EQ(there, most);
  EXPECT_EQ(known.find(digest(most + 9)), most + 9);
}

}  // namespace
}  // namespace store

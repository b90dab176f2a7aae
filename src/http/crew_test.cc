#include "http/crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace http {
namespace {

using std::chrono::milliseconds;

TEST(Crew, DoesAllThatWasPostedByMany) {
  base::ThreadWait wait;
  std::atomic<int> done = 0;
  Crew crew(wait, 4);
  std::vector<std::thread> posters;
  for (int poster = 0; poster < 4; ++poster)
    posters.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) {
        crew.post([&done] { ++done; });
        if (i % 100 == 0) std::this_thread::sleep_for(milliseconds(1));  // some fall asleep
      }
    });
  for (std::thread& poster : posters) poster.join();
  crew.join();
  EXPECT_EQ(done, 20'000);
}

TEST(Crew, WhatBlocksKeepsNobodyWaitingWhileAThreadIsFree) {
  base::ThreadWait wait;
  // Each piece waits for all the others: they end only where all threads have one.
  for (int round = 0; round < 200; ++round) {
    Crew crew(wait, 8);
    std::latch all(8);
    for (int i = 0; i < 8; ++i) crew.post([&all] { all.arrive_and_wait(); });
    crew.join();
  }
}

TEST(Crew, OnePieceIsDoneThoughOneThreadIsBlockedForLong) {
  base::ThreadWait wait;
  Crew crew(wait, 2);
  std::latch let_go(1);
  crew.post([&let_go] { let_go.wait(); });
  for (int i = 0; i < 1000; ++i) {
    std::latch done(1);
    crew.post([&done] { done.count_down(); });
    done.wait();
  }
  let_go.count_down();
  crew.join();
}

TEST(Crew, LetsGoOfWorkBeforeItTakesTheNext) {
  base::ThreadWait wait;
  Crew crew(wait, 1);
  auto held = std::make_shared<int>(7);
  const std::weak_ptr<int> seen = held;
  bool gone = false;
  crew.post([held = std::move(held)] {});
  crew.post([&gone, &seen] { gone = seen.expired(); });
  crew.join();
  EXPECT_TRUE(gone);
  crew.join();  // does nothing more
}

}  // namespace
}  // namespace http

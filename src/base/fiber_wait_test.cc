#include "base/fiber_wait.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

namespace base {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart = Time(1'700'000'000s);

/// Three fibers write their letters, giving way between them.
struct Story {
  std::string text;
  std::uint64_t trace = 0;
};
Story tell(std::uint64_t seed) {
  ManualClock clock(kStart);
  FiberWait wait(seed, clock);
  Story story;
  for (const char letter : {'a', 'b', 'c'})
    wait.spawn([&, letter] {
      for (int i = 0; i < 6; ++i) {
        story.text.push_back(letter);
        wait.yield();
      }
    });
  EXPECT_TRUE(wait.run().ok());
  story.trace = wait.trace();
  return story;
}

TEST(FiberWait, TheSameSeedRunsTheSameWay) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Story first = tell(seed), second = tell(seed);
    EXPECT_EQ(first.text, second.text);
    EXPECT_EQ(first.trace, second.trace);
  }
}

TEST(FiberWait, DifferentSeedsRunDifferently) {
  std::set<std::string> texts;
  std::set<std::uint64_t> traces;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Story story = tell(seed);
    texts.insert(story.text);
    traces.insert(story.trace);
  }
  EXPECT_GE(texts.size(), 19U);
  EXPECT_GE(traces.size(), 19U);
}

TEST(FiberWait, FindsALostUpdateBetweenTwoLocks) {
  // A counter that is read under one lock and written under the next: some seed must show it.
  bool lost = false, kept = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    ManualClock clock(kStart);
    FiberWait wait(seed, clock);
    Mutex mutex(wait);
    int counter = 0;
    for (int i = 0; i < 2; ++i)
      wait.spawn([&] {
        int seen = 0;
        {
          const Lock lock(mutex);
          seen = counter;
        }
        const Lock lock(mutex);
        counter = seen + 1;
      });
    ASSERT_TRUE(wait.run().ok());
    (counter == 1 ? lost : kept) = true;
  }
  EXPECT_TRUE(lost);
  EXPECT_TRUE(kept);
}

TEST(FiberWait, TimeJumpsToTheNextDeadlineWhenNobodyIsReady) {
  ManualClock clock(kStart);
  FiberWait wait(7, clock);
  std::vector<std::string> order;
  wait.spawn([&] {
    wait.sleep(24h * 91);
    order.push_back("late");
  });
  wait.spawn([&] {
    wait.sleep(24h * 76);
    order.push_back("early");
    EXPECT_EQ(clock.now(), kStart + 24h * 76);
  });
  ASSERT_TRUE(wait.run().ok());
  EXPECT_EQ(order, (std::vector<std::string>{"early", "late"}));
  EXPECT_EQ(clock.now(), kStart + 24h * 91);
}

TEST(FiberWait, WaitsEndSpuriouslyNowAndThen) {
  ManualClock clock(kStart);
  FiberWait wait(3, clock);
  Mutex mutex(wait);
  Condition nobody_notifies(wait);
  int spurious = 0;
  wait.spawn([&] {
    Lock lock(mutex);
    for (int i = 0; i < 1000; ++i) spurious += nobody_notifies.wait_for(lock, 1s) ? 1 : 0;
  });
  ASSERT_TRUE(wait.run().ok());
  EXPECT_GT(spurious, 5);
  EXPECT_LT(spurious, 200);
}

TEST(FiberWait, ADeadlockIsAnErrorAndEveryStackIsUnwound) {
  ManualClock clock(kStart);
  FiberWait wait(11, clock);
  int unwound = 0;
  struct Counted {
    int& count;
    ~Counted() { ++count; }
  };
  Mutex a(wait), b(wait);
  Condition ready(wait);
  int holding = 0, had_both = 0;
  const auto body = [&](Mutex& first, Mutex& second) {
    const Counted counted{unwound};
    const Lock one(first);
    ++holding;
    while (holding < 2) wait.yield();
    const Lock two(second);
    ++had_both;
  };
  wait.spawn([&] { body(a, b); });
  wait.spawn([&] { body(b, a); });
  wait.spawn([&] {
    const Counted counted{unwound};
    Mutex mutex(wait);
    Lock lock(mutex);
    ready.wait(lock, [] { return false; });
  });
  const auto outcome = wait.run();
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.code(), Code::conflict);
  EXPECT_EQ(unwound, 3);
  EXPECT_EQ(had_both, 1);  // unwinding the first gave its lock to the second

  bool again = false;  // and the scheduler can be used again
  wait.spawn([&] {
    const Lock one(a);
    const Lock two(b);
    again = true;
  });
  EXPECT_TRUE(wait.run().ok());
  EXPECT_TRUE(again);
}

TEST(FiberWait, StopLetsThoseWhoCanRunFinishAndUnwindsTheRest) {
  ManualClock clock(kStart);
  FiberWait wait(5, clock);
  Mutex mutex(wait);
  Condition never(wait);
  int finished = 0, ticks = 0;
  wait.spawn([&] {  // yields in a destructor, while it is being unwound
    struct Guard {
      Wait& wait;
      int& count;
      ~Guard() {
        wait.yield();
        ++count;
      }
    } guard{wait, finished};
    Lock lock(mutex);
    never.wait(lock, [] { return false; });
  });
  wait.spawn([&] {
    for (;;) {
      wait.sleep(1s);
      ++ticks;
    }
  });
  wait.spawn([&] {
    wait.sleep(10s + 1us);
    wait.stop();
    for (int i = 0; i < 20; ++i) wait.yield();
    const Lock lock(mutex);
    ++finished;
  });
  ASSERT_TRUE(wait.run().ok());
  EXPECT_EQ(finished, 2);
  EXPECT_EQ(ticks, 10);
  EXPECT_EQ(clock.now(), kStart + 10s + 1us);
}

TEST(FiberWait, ExceptionsInFlightDoNotMixBetweenFibers) {
  ManualClock clock(kStart);
  FiberWait wait(13, clock);
  int right = 0;
  for (int i = 0; i < 4; ++i)
    wait.spawn([&, i] {
      for (int round = 0; round < 20; ++round) {
        try {
          throw std::runtime_error(std::to_string(i));
        } catch (const std::runtime_error& mine) {
          wait.yield();  // others throw, catch and leave meanwhile
          try {
            throw;
          } catch (const std::runtime_error& again) {
            wait.yield();
            if (again.what() == std::to_string(i) && &mine == &again) ++right;
          }
        }
      }
    });
  ASSERT_TRUE(wait.run().ok());
  EXPECT_EQ(right, 80);
}

TEST(FiberWait, FibersSpawnFibersOnStacksOfTheirOwn) {
  ManualClock clock(kStart);
  FiberWait wait(17, clock);
  std::uint64_t sum = 0;
  const std::function<void(int)> deep = [&](int depth) {
    volatile char ballast[1024];
    ballast[0] = 1;
    wait.yield();
    if (depth > 0) deep(depth - 1);
    sum += static_cast<std::uint64_t>(ballast[0]);
  };
  for (int i = 0; i < 10; ++i) wait.spawn([&] { wait.spawn([&] { deep(100); }); });
  ASSERT_TRUE(wait.run().ok());
  EXPECT_EQ(sum, 1010U);
}

TEST(FiberWait, OutsideAFiberSleepMovesTheClock) {
  ManualClock clock(kStart);
  FiberWait wait(1, clock);
  wait.sleep(3s);
  EXPECT_EQ(clock.now(), kStart + 3s);
}

TEST(FiberWaitDeathTest, WhatCannotEndIsRefused) {
  ManualClock clock(kStart);
  FiberWait wait(1, clock);
  Mutex mutex(wait);
  Condition condition(wait);
  EXPECT_DEATH(
      {
        Lock lock(mutex);
        condition.wait(lock, [] { return false; });
      },
      "CHECK failed");
  EXPECT_DEATH(
      {
        mutex.lock();
        mutex.lock();
      },
      "CHECK failed");
  EXPECT_DEATH(mutex.unlock(), "CHECK failed");
  EXPECT_DEATH(wait.stop(), "CHECK failed");
}

}  // namespace
}  // namespace base

// What every Wait promises, held against threads and fibers alike.
#include "base/wait.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "base/fiber_wait.h"

namespace base {
namespace {

using namespace std::chrono_literals;
using Bodies = std::vector<std::function<void()>>;

/// Runs bodies side by side over one kind of Wait, and tells its time.
class Runner {
 public:
  virtual ~Runner() = default;
  virtual Wait& wait() = 0;
  virtual Time now() = 0;
  virtual void run(Bodies bodies) = 0;
};

class Threads final : public Runner {
 public:
  Wait& wait() override { return wait_; }
  Time now() override { return clock_.now(); }
  void run(Bodies bodies) override {
    std::vector<std::thread> threads;
    for (auto& body : bodies) threads.emplace_back(std::move(body));
    for (auto& thread : threads) thread.join();
  }

 private:
  ThreadWait wait_;
  SystemClock clock_;
};

class Fibers final : public Runner {
 public:
  explicit Fibers(std::uint64_t seed) : wait_(seed, clock_) {}
  Wait& wait() override { return wait_; }
  Time now() override { return clock_.now(); }
  void run(Bodies bodies) override {
    for (auto& body : bodies) wait_.spawn(std::move(body));
    ASSERT_TRUE(wait_.run().ok());
  }

 private:
  ManualClock clock_{Time(1'700'000'000s)};
  FiberWait wait_;
};

struct Kind {
  const char* name;
  std::function<std::unique_ptr<Runner>()> make;
};

class WaitContract : public testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<Runner> runner_ = GetParam().make();
  Wait& wait_ = runner_->wait();
};

TEST_P(WaitContract, AMutexExcludes) {
  Mutex mutex(wait_);
  int inside = 0, most = 0, rounds = 0;
  const auto body = [&] {
    for (int i = 0; i < 200; ++i) {
      const Lock lock(mutex);
      most = std::max(most, ++inside);
      wait_.yield();
      --inside;
      ++rounds;
    }
  };
  runner_->run({body, body, body, body});
  EXPECT_EQ(most, 1);
  EXPECT_EQ(rounds, 800);
}

TEST_P(WaitContract, AQueueKeepsOrderAndLosesNothing) {
  Mutex mutex(wait_);
  Condition changed(wait_);
  std::deque<int> queue;
  std::vector<int> received;
  runner_->run({[&] {
                  for (int i = 0; i < 500; ++i) {
                    Lock lock(mutex);
                    changed.wait(lock, [&] { return queue.size() < 3; });
                    queue.push_back(i);
                    changed.notify_one();
                  }
                },
                [&] {
                  for (int i = 0; i < 500; ++i) {
                    Lock lock(mutex);
                    changed.wait(lock, [&] { return !queue.empty(); });
                    received.push_back(queue.front());
                    queue.pop_front();
                    changed.notify_one();
                  }
                }});
  ASSERT_EQ(received.size(), 500U);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(received[static_cast<std::size_t>(i)], i);
}

TEST_P(WaitContract, NotifyAllReachesEverybody) {
  Mutex mutex(wait_);
  Condition changed(wait_);
  int waiting = 0, passed = 0;
  bool open = false;
  const auto waiter = [&] {
    Lock lock(mutex);
    ++waiting;
    changed.wait(lock, [&] { return open; });
    ++passed;
  };
  runner_->run({waiter, waiter, waiter, [&] {
                  for (;;) {
                    const Lock lock(mutex);
                    if (waiting < 3) {
                      wait_.yield();
                      continue;
                    }
                    open = true;
                    changed.notify_all();
                    return;
                  }
                }});
  EXPECT_EQ(passed, 3);
}

TEST_P(WaitContract, WaitForEndsWhenTheTimeHasPassed) {
  runner_->run({[&] {
    Mutex mutex(wait_);
    Condition never(wait_);
    Lock lock(mutex);
    const Time until = runner_->now() + 20ms;
    while (never.wait_for(lock, until - runner_->now())) {
    }
    EXPECT_GE(runner_->now(), until);
    EXPECT_TRUE(lock.owns_lock());
  }});
}

TEST_P(WaitContract, WaitForAsLongAsCanBeSaidWaits) {
  Mutex mutex(wait_);
  Condition changed(wait_);
  bool waiting = false, done = false;
  runner_->run({[&] {
                  Lock lock(mutex);
                  waiting = true;
                  while (!done) EXPECT_TRUE(changed.wait_for(lock, Duration::max()));
                },
                [&] {
                  for (;;) {
                    wait_.sleep(1ms);
                    const Lock lock(mutex);
                    if (!waiting) continue;
                    done = true;
                    changed.notify_one();
                    return;
                  }
                }});
  EXPECT_TRUE(done);
}

TEST_P(WaitContract, ABellReachesEverybodyWhoWaits) {
  Bell bell(wait_);
  std::atomic<int> waiting = 0, passed = 0;
  std::atomic<bool> open = false;
  const auto waiter = [&] {
    ++waiting;
    for (;;) {
      const auto heard = bell.strokes();
      if (open) break;
      bell.wait(heard);
    }
    ++passed;
  };
  runner_->run({waiter, waiter, waiter, [&] {
                  while (waiting < 3) wait_.yield();
                  wait_.sleep(1ms);  // so that they are asleep, as a rule
                  open = true;
                  bell.ring();
                }});
  EXPECT_EQ(passed, 3);
}

TEST_P(WaitContract, ABellThatRangBeforeTheWaitIsHeard) {
  Bell bell(wait_);
  int turns = 0;
  runner_->run({[&] {
    for (; turns < 100; ++turns) {
      const auto heard = bell.strokes();
      bell.ring();
      bell.wait(heard);
      EXPECT_TRUE(bell.wait_for(heard, 1h));
      EXPECT_NE(bell.strokes(), heard);
    }
  }});
  EXPECT_EQ(turns, 100);
}

TEST_P(WaitContract, TwoWhoRingForEachOtherLoseNoStroke) {
  Bell ping(wait_), pong(wait_);
  std::atomic<int> pings = 0, pongs = 0;
  const auto until = [](Bell& bell, const std::atomic<int>& count, int wanted) {
    for (;;) {
      const auto heard = bell.strokes();
      if (count >= wanted) return;
      bell.wait(heard);
    }
  };
  runner_->run({[&] {
                  for (int i = 1; i <= 2000; ++i) {
                    ++pings;
                    ping.ring();
                    until(pong, pongs, i);
                  }
                },
                [&] {
                  for (int i = 1; i <= 2000; ++i) {
                    until(ping, pings, i);
                    ++pongs;
                    pong.ring();
                  }
                }});
  EXPECT_EQ(pongs, 2000);
}

TEST_P(WaitContract, ABellIsWaitedForNoLongerThanAsked) {
  runner_->run({[&] {
    Bell never(wait_);
    const Time until = runner_->now() + 20ms;
    bool in_time = true;
    while (in_time || runner_->now() < until)
      in_time = never.wait_for(never.strokes(), until - runner_->now());
    EXPECT_GE(runner_->now(), until);
  }});
}

TEST_P(WaitContract, SleepLastsAtLeastAsLongAsAsked) {
  runner_->run({[&] {
    const Time before = runner_->now();
    wait_.sleep(15ms);
    EXPECT_GE(runner_->now() - before, 15ms);
  }});
}

TEST_P(WaitContract, AFreeLockAndANotificationWorkOutsideToo) {
  Mutex mutex(wait_);
  Condition condition(wait_);
  Bell bell(wait_);
  for (int i = 0; i < 2; ++i) {
    const Lock lock(mutex);
    condition.notify_one();
    condition.notify_all();
    bell.ring();
    EXPECT_FALSE(bell.wait_for(bell.strokes(), 1ms));
    wait_.yield();
  }
  runner_->run({[&] { const Lock lock(mutex); }});
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, WaitContract,
    testing::Values(Kind{"Threads", [] { return std::make_unique<Threads>(); }},
                    Kind{"FibersSeed1", [] { return std::make_unique<Fibers>(1); }},
                    Kind{"FibersSeed2", [] { return std::make_unique<Fibers>(2); }}),
    [](const auto& parameter) { return parameter.param.name; });

}  // namespace
}  // namespace base

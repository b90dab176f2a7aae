#include "app/timer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;
using namespace std::chrono_literals;

constexpr std::uint64_t kStepsASecond = 20;
constexpr std::uint64_t kStepsAMinute = 60 * kStepsASecond;

/// A log that is kept, and a job that does what it is told to.
class TimerTest : public testing::Test {
 protected:
  Job job(base::Duration every) {
    return {"job", every, [this] {
              ++calls_;
              return next_ ? Result<void>(*next_) : Result<void>();
            }};
  }
  /// Passes so many steps; answers at which of them the job ran.
  std::vector<std::uint64_t> pass(Turns& turns, std::uint64_t steps) {
    std::vector<std::uint64_t> ran;
    for (const std::uint64_t end = step_ + steps; step_ < end; ++step_) {
      const int before = calls_;
      turns.pass(step_);
      if (calls_ != before) ran.push_back(step_);
    }
    return ran;
  }
  nlohmann::json last() { return nlohmann::json::parse(lines_.back()); }

  base::ManualClock clock_{base::Time(base::Duration(0))};
  std::vector<std::string> lines_;
  base::Log log_{clock_, [this](std::string_view line) { lines_.emplace_back(line); }};
  std::optional<Error> next_;
  int calls_ = 0;
  std::uint64_t step_ = 0;
};

const Error kFull{Code::full, "no space is left on the disk"};

TEST_F(TimerTest, AJobThatSucceedsKeepsItsPace) {
  Turns turns(log_, job(200ms));
  EXPECT_EQ(pass(turns, 13), (std::vector<std::uint64_t>{0, 4, 8, 12}));
  Turns often(log_, job(1ms));
  EXPECT_EQ(pass(often, 3).size(), 3U) << "at each step, and no oftener";
  EXPECT_TRUE(lines_.empty());
}

TEST_F(TimerTest, AJobThatFailsWaitsTwiceAsLongEachTime) {
  Turns turns(log_, job(100ms));
  next_ = kFull;
  EXPECT_EQ(pass(turns, 31), (std::vector<std::uint64_t>{0, 2, 6, 14, 30}));
  // Not longer than 30 s, and then for ever so.
  pass(turns, 2 * kStepsAMinute);
  const auto ran = pass(turns, 10 * kStepsAMinute);
  ASSERT_EQ(ran.size(), 20U);
  EXPECT_EQ(ran[1] - ran[0], 30 * kStepsASecond);
  EXPECT_EQ(ran[19] - ran[18], 30 * kStepsASecond);
  // One success, and all is as before.
  next_.reset();
  const auto again = pass(turns, 30 * kStepsASecond + 3);
  ASSERT_GE(again.size(), 2U);
  EXPECT_EQ(again[1] - again[0], 2U);
  next_ = kFull;
  const auto anew = pass(turns, 16);
  ASSERT_GE(anew.size(), 3U);
  EXPECT_EQ(anew[1] - anew[0], 2U);
  EXPECT_EQ(anew[2] - anew[1], 4U);
}

TEST_F(TimerTest, AJobThatIsSeldomFailsNoOftener) {
  Turns turns(log_, job(60s));
  next_ = kFull;
  EXPECT_EQ(pass(turns, 3 * kStepsAMinute),
            (std::vector<std::uint64_t>{0, kStepsAMinute, 2 * kStepsAMinute}));
}

TEST_F(TimerTest, TheLogHearsOfAnErrorOnceAMinuteAndWhenItEnds) {
  Turns turns(log_, job(50ms));
  next_ = kFull;
  pass(turns, kStepsAMinute - 1);
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(last()["level"], "error");
  EXPECT_EQ(last()["job"], "job");
  EXPECT_EQ(last()["error"], kFull.chain());
  EXPECT_EQ(last()["failures"], 1);
  const int tried = calls_;
  pass(turns, 60 * kStepsAMinute);
  EXPECT_GE(lines_.size(), 40U);
  EXPECT_LE(lines_.size(), 61U);
  EXPECT_GT(last()["failures"], tried);

  next_.reset();
  const std::size_t before = lines_.size();
  pass(turns, kStepsAMinute);
  ASSERT_EQ(lines_.size(), before + 1);
  EXPECT_EQ(last()["level"], "info");
  EXPECT_EQ(last()["job"], "job");
}

TEST_F(TimerTest, TheLogHearsOfAnotherErrorAtOnce) {
  Turns turns(log_, job(50ms));
  next_ = kFull;
  pass(turns, 10);
  next_ = Error{Code::io, "the disk errs", kFull};
  pass(turns, 10);
  ASSERT_EQ(lines_.size(), 2U);
  EXPECT_EQ(last()["error"], next_->chain());
  EXPECT_EQ(last()["failures"], 5) << "at the steps 0, 1, 3 and 7, and now at 15";
}

// Every second try: neither its failures nor its successes fill the log.
TEST_F(TimerTest, AJobThatWorksNowAndThenIsHeardOfOnceAMinute) {
  Turns turns(log_, {"job", 50ms,
                     [this] { return ++calls_ % 2 == 0 ? Result<void>() : Result<void>(kFull); }});
  pass(turns, 10 * kStepsAMinute);
  EXPECT_EQ(calls_, 10 * kStepsAMinute);
  EXPECT_GE(lines_.size(), 19U);
  EXPECT_LE(lines_.size(), 22U);
}

TEST_F(TimerTest, TheThreadPassesItsTurns) {
  std::atomic<int> failed = 0;
  std::atomic<int> done = 0;
  {
    const Timer timer(log_, {{"failing", 50ms,
                              [&] {
                                ++failed;
                                return Result<void>(kFull);
                              }},
                             {"working", 50ms, [&] {
                                ++done;
                                return Result<void>();
                              }}});
    for (int waited = 0; done < 12 && waited < 2000; ++waited) std::this_thread::sleep_for(5ms);
  }
  EXPECT_GE(done, 12);
  EXPECT_GE(failed, 4);
  EXPECT_LE(failed, 6);
  EXPECT_EQ(lines_.size(), 1U);
}

}  // namespace
}  // namespace app

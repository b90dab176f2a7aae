#include "base/clock.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;

Time at(int y, unsigned m, unsigned d, Duration of_day = {}) {
  return Time(sys_days(year(y) / static_cast<int>(m) / static_cast<int>(d))) + of_day;
}

std::int64_t wall_seconds = 0;  // what the wall clock of the next test shows
Time wall() { return Time(std::chrono::seconds(wall_seconds)); }

TEST(SystemClock, FollowsTheWallForward) {
  wall_seconds = 1'000;
  SystemClock clock(wall);
  EXPECT_EQ(clock.now(), Time(1'000s));
  wall_seconds = 2'000;
  EXPECT_EQ(clock.now(), Time(2'000s));
}

TEST(SystemClock, NeverRunsBackwardsWhenTheWallIsSetBack) {
  wall_seconds = 5'000;
  SystemClock clock(wall);
  EXPECT_EQ(clock.now(), Time(5'000s));
  wall_seconds = 100;
  EXPECT_EQ(clock.now(), Time(5'000s));
  wall_seconds = 5'001;
  EXPECT_EQ(clock.now(), Time(5'001s));
}

TEST(SystemClock, TellsTheTimeOfToday) {
  SystemClock clock;
  const Time first = clock.now(), second = clock.now();
  EXPECT_GT(first, at(2024, 1, 1));
  EXPECT_LE(first, second);
}

TEST(ManualClock, StandsUntilAdvanced) {
  ManualClock clock(at(2026, 11, 23));
  EXPECT_EQ(clock.now(), at(2026, 11, 23));
  EXPECT_EQ(clock.now(), at(2026, 11, 23));
  clock.advance(24h);
  EXPECT_EQ(clock.now(), at(2026, 11, 24));
}

TEST(SteppingClock, JumpsForwardAndFlowsOn) {
  SteppingClock clock;
  const Time target = clock.now() + 24h * 400;
  ASSERT_TRUE(clock.jump(target).ok());
  const Time after = clock.now();
  EXPECT_GE(after, target);
  EXPECT_LT(after, target + 1h);
  EXPECT_GE(clock.now(), after);
}

TEST(SteppingClock, RefusesToJumpBack) {
  SteppingClock clock;
  ASSERT_TRUE(clock.jump(clock.now() + 1h).ok());
  const Time before = clock.now();
  EXPECT_EQ(clock.jump(before - 1s).code(), Code::conflict);
  EXPECT_GE(clock.now(), before);
}

TEST(Rfc3339, Prints) {
  EXPECT_EQ(rfc3339(at(2026, 11, 23, 14h + 2min + 11s)), "2026-11-23T14:02:11Z");
  EXPECT_EQ(rfc3339(at(1970, 1, 1)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(at(1969, 12, 31, 23h + 59min + 59s + 999ms)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(rfc3339(at(2024, 2, 29, 999'999us)), "2024-02-29T00:00:00Z");
}

TEST(Rfc3339, ParsesEveryFormOfTheRfc) {
  const Time noon = at(2026, 11, 23, 12h);
  EXPECT_EQ(parse_rfc3339("2026-11-23T12:00:00Z").value(), noon);
  EXPECT_EQ(parse_rfc3339("2026-11-23t12:00:00z").value(), noon);
  EXPECT_EQ(parse_rfc3339("2026-11-23T13:00:00+01:00").value(), noon);
  EXPECT_EQ(parse_rfc3339("2026-11-23T08:30:00-03:30").value(), noon);
  EXPECT_EQ(parse_rfc3339("2026-11-23T12:00:00.25Z").value(), noon + 250ms);
  EXPECT_EQ(parse_rfc3339("2026-11-23T12:00:00.1234567890123456789012Z").value(), noon + 123'456us);
  EXPECT_EQ(parse_rfc3339("1985-04-12T23:20:50.52Z").value(),
            at(1985, 4, 12, 23h + 20min + 50s + 520ms));
  EXPECT_EQ(parse_rfc3339("1990-12-31T23:59:60Z").value(), at(1991, 1, 1));  // a leap second
  EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z").value(), at(2024, 2, 29));
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* bad : {"",
                          "2026-11-23",
                          "2026-11-23T12:00:00",
                          "2026-11-23 12:00:00Z",
                          "2026-11-23T12:00Z",
                          "2026-11-23T12:00:00.Z",
                          "2026-11-23T12:00:00+0100",
                          "2026-11-23T12:00:00+01:0",
                          "2026-11-23T12:00:00+24:00",
                          "2026-11-23T12:00:00+01:60",
                          "2026-11-23T12:00:00ZZ",
                          "2026-11-23T12:00:00Z ",
                          " 2026-11-23T12:00:00Z",
                          "2026-13-01T00:00:00Z",
                          "2026-00-01T00:00:00Z",
                          "2026-02-29T00:00:00Z",
                          "2026-11-31T00:00:00Z",
                          "2026-11-23T24:00:00Z",
                          "2026-11-23T12:60:00Z",
                          "2026-11-23T12:00:61Z",
                          "26-11-23T12:00:00Z",
                          "2026-1-23T12:00:00Z",
                          "+026-11-23T12:00:00Z",
                          "2026-11-23T12:00:00*01:00",
                          "2026-11-23T12:00:00,5Z",
                          "2026/11/23T12:00:00Z"})
    EXPECT_EQ(parse_rfc3339(bad).code(), Code::invalid) << bad;
}

TEST(Rfc3339, ParsesWhatItPrints) {
  for (int day = 0; day < 3000; day += 7) {
    const Time time = at(2020, 1, 1, 24h * day + 3h + 4min + 5s);
    EXPECT_EQ(parse_rfc3339(rfc3339(time)).value(), time);
  }
}

TEST(Dates, OfMailAndHttp) {
  const Time time = at(1994, 11, 6, 8h + 49min + 37s);  // the example of RFC 9110, 5.6.7
  EXPECT_EQ(http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(mail_date(time), "Sun, 06 Nov 1994 08:49:37 +0000");
}

}  // namespace
}  // namespace base

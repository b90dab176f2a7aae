// Time as an argument. A Clock never runs backwards: what was once answered is never undercut.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;

/// Tells the time, in microseconds since 1970 (UTC). Safe from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() = 0;
};

/// Wall time, held back from running backwards when the machine's clock is set back.
class SystemClock final : public Clock {
 public:
  using Wall = Time (*)();
  SystemClock();
  /// Over another wall clock: for tests, in which it is set back.
  explicit SystemClock(Wall wall) : wall_(wall) {}
  Time now() override;

 private:
  Wall wall_;
  std::atomic<std::int64_t> latest_us_{0};
};

/// How time passes, whatever the machine's clock is set to: for deadlines. Not the time of day.
class SteadyClock final : public Clock {
 public:
  Time now() override;
};

/// Stands still until told: tests and simulation.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_us_(start.time_since_epoch().count()) {}
  Time now() override { return Time(Duration(now_us_.load())); }
  void advance(Duration by) { now_us_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_us_;
};

/// Starts at wall time and flows, and can be moved forward (`serve --test-clock`).
class SteppingClock final : public Clock {
 public:
  Time now() override;
  /// Code::conflict where `to` lies before now.
  Result<void> jump(Time to);

 private:
  SystemClock wall_;
  std::atomic<std::int64_t> ahead_us_{0};
};

/// RFC 3339 in UTC, to the second: 2026-11-23T14:02:11Z.
std::string rfc3339(Time time);
/// Any RFC 3339 time; Code::invalid otherwise.
Result<Time> parse_rfc3339(std::string_view text);
/// RFC 5322 (mail) and RFC 9110 (HTTP) dates.
std::string mail_date(Time time);
std::string http_date(Time time);

}  // namespace base

#include "base/clock.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace base {
namespace {

std::tm utc(Time time) {
  return fmt::gmtime(static_cast<std::time_t>(
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()));
}

/// `count` decimal digits at `at`, or nothing.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

Error bad_time() { return {Code::invalid, "not an RFC 3339 time"}; }

/// The part behind the seconds: an optional fraction, then Z or an offset.
Result<Duration> parse_tail(std::string_view tail) {
  Duration fraction{0};
  if (tail.starts_with('.')) {
    std::size_t n = 1;
    std::int64_t scale = 100'000;
    for (; n < tail.size() && tail[n] >= '0' && tail[n] <= '9'; ++n, scale /= 10)
      fraction += Duration((tail[n] - '0') * scale);
    if (n == 1) return bad_time();
    tail.remove_prefix(n);
  }
  if (tail == "Z" || tail == "z") return fraction;
  const auto hours = digits(tail, 1, 2);
  const auto minutes = digits(tail, 4, 2);
  if (tail.size() != 6 || !hours || !minutes || tail[3] != ':' || *hours > 23 || *minutes > 59 ||
      (tail[0] != '+' && tail[0] != '-'))
    return bad_time();
  const Duration offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return fraction + (tail[0] == '+' ? -offset : offset);
}

}  // namespace

SystemClock::SystemClock()
    : wall_([] { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }) {}

Time SteadyClock::now() {
  const auto passed = std::chrono::steady_clock::now().time_since_epoch();
  return Time(std::chrono::duration_cast<Duration>(passed));
}

Time SystemClock::now() {
  const std::int64_t wall = wall_().time_since_epoch().count();
  std::int64_t latest = latest_us_.load();
  while (latest < wall && !latest_us_.compare_exchange_weak(latest, wall)) {
  }
  return Time(Duration(std::max(latest, wall)));
}

Time SteppingClock::now() { return wall_.now() + Duration(ahead_us_.load()); }

Result<void> SteppingClock::jump(Time to) {
  const Duration step = to - now();
  if (step < Duration(0)) return Error{Code::conflict, "time does not run backwards"};
  ahead_us_ += step.count();
  return {};
}

std::string rfc3339(Time time) { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc(time)); }

Result<Time> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
  const auto h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || text.size() < 20) return bad_time();
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':' || *h > 23 || *mi > 59 || *s > 60)
    return bad_time();
  const year_month_day date{year(*y), month(static_cast<unsigned>(*mo)),
                            day(static_cast<unsigned>(*d))};
  if (!date.ok()) return bad_time();
  const Duration tail = TRY(parse_tail(text.substr(19)));
  return Time(sys_days(date)) + hours(*h) + minutes(*mi) + seconds(*s) + tail;
}

std::string mail_date(Time time) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S +0000}", utc(time));
}
std::string http_date(Time time) { return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", utc(time)); }

}  // namespace base

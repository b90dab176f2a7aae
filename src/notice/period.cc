#include "notice/period.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace notice {
namespace {

constexpr std::array<std::string_view, 5> unit_names = {"minute", "hour", "day", "month", "year"};

Seconds add_months(Seconds start, int months) {
  using namespace std::chrono;
  const sys_days day = floor<days>(start);
  year_month_day date(day);
  date += std::chrono::months(months);
  if (!date.ok()) date = date.year() / date.month() / last;
  return sys_days(date) + (start - day);
}

}  // namespace

Seconds after(Seconds start, Period period) {
  const int amount = static_cast<int>(period.amount);
  switch (period.unit) {
    case Unit::minute:
      return start + std::chrono::minutes(amount);
    case Unit::hour:
      return start + std::chrono::hours(amount);
    case Unit::day:
      return start + std::chrono::days(amount);
    case Unit::month:
      return add_months(start, amount);
    case Unit::year:
      return add_months(start, 12 * amount);
  }
  return start;
}

std::chrono::seconds length_max(Period period) {
  const auto amount = static_cast<std::int64_t>(period.amount);
  switch (period.unit) {
    case Unit::minute:
      return std::chrono::minutes(amount);
    case Unit::hour:
      return std::chrono::hours(amount);
    case Unit::day:
      return std::chrono::days(amount);
    case Unit::month:
      return std::chrono::days(31 * amount);
    case Unit::year:
      return std::chrono::days(366 * amount);
  }
  return {};
}

std::chrono::seconds length_min(Period period) {
  std::chrono::seconds shortest = length_max(period);
  constexpr int kMonths = 48;  // with a leap year among them
  for (int month = 0; month < kMonths; ++month) {
    const Seconds start = add_months(Seconds{}, month);
    shortest = std::min(shortest, after(start, period) - start);
  }
  return shortest;
}

std::optional<Period> parse_period(std::string_view text) {
  Period period;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, period.amount);
  if (error != std::errc() || period.amount == 0 || period.amount > 9999 || stop == end) {
    return std::nullopt;
  }
  std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  if (unit.front() != ' ') return std::nullopt;
  unit.remove_prefix(1);
  if (unit.ends_with('s')) unit.remove_suffix(1);
  const auto found = std::ranges::find(unit_names, unit);
  if (found == unit_names.end()) return std::nullopt;
  period.unit = static_cast<Unit>(found - unit_names.begin());
  return period;
}

std::string to_string(Period period) {
  const std::string_view unit = unit_names[static_cast<std::size_t>(period.unit)];
  return fmt::format("{} {}{}", period.amount, unit, period.amount == 1 ? "" : "s");
}

}  // namespace notice

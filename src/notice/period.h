// Lengths of time as a notice writes them: `90 days`, `12 months`, until something happens. Owns
// nothing; the calendar is UTC's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notice {

/// What a period is counted in.
enum class Unit : std::uint8_t { minute, hour, day, month, year };
/// So many of a unit; 0 stands for none.
struct Period {
  std::uint32_t amount = 0;
  Unit unit = Unit::day;
  friend bool operator==(const Period&, const Period&) = default;
};
/// A moment, in seconds since 1970 (UTC).
using Seconds = std::chrono::sys_seconds;
/// `period` after `start`. Months and years go by the calendar: 31 January + 1 month is the last of
/// February.
Seconds after(Seconds start, Period period);
/// An upper bound of the period's length, for cookie ages and comparisons.
std::chrono::seconds length_max(Period period);
/// The shortest that the period can be, counted from the first of any month.
std::chrono::seconds length_min(Period period);
/// `90 days`; nothing where the text is no period.
std::optional<Period> parse_period(std::string_view text);
std::string to_string(Period period);

/// A length, or until the moment itself, or without end.
enum class Term : std::uint8_t { period, until_then, always };
/// How long something is kept: from a moment on, for a term.
struct Keeping {
  std::string from;  // collected, last_use, account_ends, … (the schema lists them)
  Term term = Term::period;
  Period period;                  // with Term::period
  std::optional<Period> at_most;  // a bound in any case
};

}  // namespace notice

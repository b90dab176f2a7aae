#include "pages/words.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace pages {
namespace {

constexpr std::array months = {"January",   "February", "March",    "April",
                               "May",       "June",     "July",     "August",
                               "September", "October",  "November", "December"};

std::string day_words(std::chrono::year_month_day date, std::size_t month_letters_max) {
  const std::string month = months[static_cast<unsigned>(date.month()) - 1];
  return fmt::format("{} {} {}", static_cast<unsigned>(date.day()),
                     month.substr(0, month_letters_max), static_cast<int>(date.year()));
}

std::chrono::year_month_day date_of(base::Time time) {
  return {std::chrono::floor<std::chrono::days>(time)};
}

}  // namespace

std::string number(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string size(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes");
  constexpr std::array units = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.5 would be printed as 1000.
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return value < 9.95 && unit > 0 ? fmt::format("{:.1f} {}", value, units[unit])
                                  : fmt::format("{:.0f} {}", value, units[unit]);
}

std::string kept(std::uint64_t files, std::uint64_t bytes) {
  if (files == 0) return "no files";
  return fmt::format("{} {}, {}", number(files), files == 1 ? "file" : "files", size(bytes));
}

std::string day(base::Time time) { return day_words(date_of(time), std::string::npos); }
std::string short_day(base::Time time) { return day_words(date_of(time), 3); }

std::string time_of_day(base::Time time) {
  const std::chrono::hh_mm_ss clock(time - std::chrono::floor<std::chrono::days>(time));
  return fmt::format("{:02}:{:02}:{:02} UTC", clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string sentence(std::string text) {
  if (text.empty()) return text;
  text = capitalised(std::move(text));
  if (text.back() != '.') text.push_back('.');
  return text;
}

}  // namespace pages

#include "doctor/words.h"

#include <fmt/format.h>

namespace doctor {

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
  return fmt::format("{} {}", bytes, kUnits[unit]);
}

std::string duration_text(base::Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  const auto count = [](auto number, const std::string& unit) {
    return count_text(static_cast<std::uint64_t>(number), unit, unit + "s");
  };
  if (seconds >= 2 * 86'400) return count(seconds / 86'400, "day");
  if (seconds >= 2 * 3'600) return count(seconds / 3'600, "hour");
  if (seconds >= 2 * 60) return count(seconds / 60, "minute");
  return count(seconds, "second");
}

std::string count_text(std::uint64_t count, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string list_text(const std::vector<std::string>& all, std::size_t shown_max) {
  std::string text;
  const std::size_t shown = std::min(all.size(), shown_max);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i != 0) text += i + 1 == all.size() ? " and " : ", ";
    text += all[i];
  }
  if (all.size() > shown) text += fmt::format(" and {} more", all.size() - shown);
  return text;
}

}  // namespace doctor

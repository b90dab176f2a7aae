#include "client/progress.h"

#include <fmt/format.h>

#include "client/printable.h"

namespace client {
namespace {

constexpr base::Duration kBetween = std::chrono::milliseconds(100);
constexpr base::Duration kLately = std::chrono::seconds(5);

double seconds_of(base::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::string time_text(double seconds) {
  if (seconds > 359'999) return "days";
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

/// How many columns a text takes, as far as each letter takes one.
std::size_t letters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<std::uint8_t>(c) & 0xc0U) != 0x80 ? 1 : 0;
  return count;
}

/// The last `columns` letters, behind dots where it has more.
std::string shortened(std::string_view text, std::size_t columns) {
  if (letters(text) <= columns) return std::string(text);
  if (columns <= 3) return {};
  while (letters(text) > columns - 3) {
    text.remove_prefix(1);
    while (!text.empty() && (static_cast<std::uint8_t>(text[0]) & 0xc0U) == 0x80)
      text.remove_prefix(1);
  }
  return "..." + std::string(text);
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1023.95 && unit < 5; ++unit) size /= 1024;
  return fmt::format("{:.{}f} {}", size, size < 9.95 ? 1 : 0, kUnits[unit]);
}

Progress::Progress(base::Clock& clock, std::string name, std::optional<std::uint64_t> total,
                   std::uint64_t begun)
    : clock_(clock), name_(printable(name)), total_(total), first_{clock.now(), begun} {
  lately_.push_back(first_);
}

double Progress::rate(const Sample& now) const {
  const Sample& then = lately_.front();
  const double seconds = seconds_of(now.at - then.at);
  if (seconds <= 0 || now.done < then.done) return 0;
  return static_cast<double>(now.done - then.done) / seconds;
}

std::string Progress::with_name(const std::string& figures, std::size_t columns) const {
  const std::size_t left = columns > figures.size() + 2 ? columns - figures.size() - 2 : 0;
  const std::string name = shortened(name_, left);
  return name + "  " + figures;
}

std::optional<std::string> Progress::line(std::uint64_t done, std::size_t columns) {
  const Sample now{clock_.now(), done};
  if (now.at - lately_.back().at < kBetween) return std::nullopt;
  while (lately_.size() > 1 && now.at - lately_.front().at > kLately) lately_.pop_front();
  const double bytes_per_second = rate(now);
  lately_.push_back(now);
  std::string figures = size_text(done);
  if (total_) {
    const double part = *total_ == 0 ? 1 : static_cast<double>(done) / static_cast<double>(*total_);
    figures = fmt::format("{:3.0f}%  {} of {}", std::min(part, 1.0) * 100, size_text(done),
                          size_text(*total_));
  }
  figures += fmt::format("  {}/s", size_text(static_cast<std::uint64_t>(bytes_per_second)));
  if (total_ && *total_ >= done && bytes_per_second >= 1)
    figures +=
        fmt::format("  {} left", time_text(static_cast<double>(*total_ - done) / bytes_per_second));
  return with_name(figures, columns);
}

std::string Progress::last(std::uint64_t done, std::size_t columns) const {
  const double seconds = seconds_of(clock_.now() - first_.at);
  const std::uint64_t moved = done - std::min(first_.done, done);
  std::string figures = size_text(done);
  if (seconds >= 1)
    figures +=
        fmt::format("  {}/s  in {}",
                    size_text(static_cast<std::uint64_t>(static_cast<double>(moved) / seconds)),
                    time_text(seconds));
  return with_name(figures, columns);
}

}  // namespace client

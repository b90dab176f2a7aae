#include "cli/meter.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/terminal.h"

namespace cli {
namespace {

constexpr const char* kOver = "\r\x1b[K";  // from the line's beginning, and nothing behind it

/// One column is left free: a full line would wrap.
std::size_t columns() { return base::terminal_columns() - 1; }

}  // namespace

client::Moved Meter::begin(std::string name) {
  name_ = std::move(name);
  progress_.reset();
  done_ = 0;
  return [this](std::uint64_t done, std::optional<std::uint64_t> total) { moved(done, total); };
}

void Meter::moved(std::uint64_t done, std::optional<std::uint64_t> total) {
  if (!shown_) return;
  if (!progress_) progress_.emplace(clock_, name_, total, done);
  done_ = done;
  if (const auto line = progress_->line(done, columns())) {
    fmt::print(stderr, "{}{}", kOver, *line);
    std::fflush(stderr);
  }
}

void Meter::end(bool whole) {
  if (!shown_) return;
  fmt::print(stderr, "{}", kOver);
  if (whole && !progress_) progress_.emplace(clock_, name_, std::nullopt, 0);
  if (whole) fmt::print(stderr, "{}\n", progress_->last(done_, columns()));
  std::fflush(stderr);
}

}  // namespace cli

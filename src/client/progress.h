// How far a transfer has come, as a line for a terminal: how much, how fast lately, how long still.
// Owns what it needs to know the rate; never prints, and never reads a clock of its own.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/clock.h"

namespace client {

/// 19 B, 1.2 MiB, 14 GiB.
std::string size_text(std::uint64_t bytes);

class Progress {
 public:
  /// Of `total` bytes, where that is known, `begun` were there before.
  Progress(base::Clock& clock, std::string name, std::optional<std::uint64_t> total,
           std::uint64_t begun);

  /// A line of at most `columns`; nothing where the last one is a tenth of a second old or less.
  std::optional<std::string> line(std::uint64_t done, std::size_t columns);
  /// The line that stays, once it is over.
  std::string last(std::uint64_t done, std::size_t columns) const;

 private:
  struct Sample {
    base::Time at;
    std::uint64_t done;
  };
  /// Bytes a second, over the last few seconds.
  double rate(const Sample& now) const;
  std::string with_name(const std::string& figures, std::size_t columns) const;

  base::Clock& clock_;
  std::string name_;  // printable
  std::optional<std::uint64_t> total_;
  Sample first_;
  std::deque<Sample> lately_;
};

}  // namespace client

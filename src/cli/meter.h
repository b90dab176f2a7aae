// The progress of transfers on standard error: a line that is written over where it is a terminal,
// nothing where it is not. Owns the line of the transfer under way.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "client/progress.h"
#include "client/transfer.h"

namespace cli {

class Meter {
 public:
  Meter(base::Clock& clock, bool shown) : clock_(clock), shown_(shown) {}

  /// What the transfer of that name tells of itself; good until the next one begins.
  client::Moved begin(std::string name);
  /// After the transfer: its last line stays, or, where it failed, none.
  void end(bool whole);

 private:
  void moved(std::uint64_t done, std::optional<std::uint64_t> total);

  base::Clock& clock_;
  bool shown_;
  std::string name_;
  std::optional<client::Progress> progress_;
  std::uint64_t done_ = 0;
};

}  // namespace cli

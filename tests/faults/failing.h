// The program with calls on files that fail when a test says so (shim/failing_calls.cc, preloaded).
// Owns the memory that both share; never touches the test's own calls.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/faults/shim/control.h"
#include "tests/support/files.h"

namespace faults {

class Failing {
 public:
  Failing();
  ~Failing();
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;

  /// What a process needs in its environment.
  std::vector<std::string> environment() const;

  struct What {
    std::uint32_t calls;  // Call, or several
    std::string place;    // stands in the path of the files
    int error;            // errno
  };
  static constexpr std::int64_t kForEver = INT64_MAX;
  /// The `first`-th such call (from 1) fails, and those behind it until `times` have.
  void arm(const What& what, std::int64_t first, std::int64_t times);
  /// Nothing fails any more. How many have failed.
  std::uint64_t disarm();

 private:
  support::TemporaryDirectory directory_;
  Control* control_;
};

}  // namespace faults

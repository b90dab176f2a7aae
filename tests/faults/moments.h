// Moments at which to kill, drawn from a seed that is printed: $FAULT_SEED repeats one. Owns the
// generator alone; the machine's own timing is not repeatable, and no test relies on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "tests/support/served.h"

namespace faults {

using Moment = std::chrono::microseconds;

/// How many rounds a test of random moments has: FAULT_ROUNDS, or 4.
int rounds();

class Moments {
 public:
  explicit Moments(const char* test);
  /// Somewhere in the time that the whole takes, or a little after.
  Moment within(Moment whole) { return between(Moment(0), whole * 6 / 5); }
  Moment between(Moment from, Moment to);
  /// So many bytes, unlike any others.
  std::string bytes(std::size_t size);

 private:
  std::mt19937_64 random_;
};

Moment time_of(const std::function<void()>& work);

/// Asks, and kills the server that long afterwards; what came as an answer, if anything did.
support::Reply killed_while(support::Served& server, const std::function<support::Reply()>& ask,
                            Moment after);

}  // namespace faults

// One simulated life from one seed: rounds of work, loss of power, recovery and a look at
// everything. Owns the order of these, and how a failing life is made smaller.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/workload.h"

namespace sim {

/// How much may happen at most; what does, the seed decides.
struct Shape {
  std::uint64_t rounds = 7;
  std::uint64_t fibers = 6;
  std::uint64_t requests = 14;
  bool faults = true;    // single errors, full disks, damage
  bool restores = true;  // and backups
  bool replica = true;
  bool recovery = true;  // power is lost while recovering, too
  std::string words() const;
};

struct Outcome {
  Figures figures;
  std::vector<Violation> violations;
  std::uint64_t digest = 0;
};

Outcome run(std::uint64_t seed, const Shape& shape, const Trace::Line& line);

/// Asks whether a life still fails.
using Fails = std::function<bool(const Shape&)>;
/// The smallest shape found that still fails.
Shape shrink(Shape shape, const Fails& fails);

}  // namespace sim

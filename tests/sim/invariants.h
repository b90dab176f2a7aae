// The invariants that every run is held against, by name (docs/reliability.md says the same in
// prose), and what was found against them. Owns the findings of one run.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

enum class Invariant : std::uint8_t {
  acknowledged_kept,
  erased_gone,
  erasure_whole,
  log_grows,
  receipts_proven,
  owners_apart,
  restricted_unused,
  sealed_once,
  recovery_repeats,
  model_agrees,
  replica_honest,
  starts_again,
  damage_noticed,
};

struct InvariantEntry {
  Invariant invariant;
  std::string_view name;
  std::string_view statement;
};
std::span<const InvariantEntry> invariants();
std::string_view name_of(Invariant invariant);

struct Violation {
  Invariant invariant;
  std::string what;
};

class Findings {
 public:
  void add(Invariant invariant, std::string what) {
    violations_.push_back({invariant, std::move(what)});
  }
  void expect(bool holds, Invariant invariant, const char* what) {
    if (!holds) add(invariant, what);
  }
  const std::vector<Violation>& violations() const noexcept { return violations_; }
  bool none() const noexcept { return violations_.empty(); }

 private:
  std::vector<Violation> violations_;
};

}  // namespace sim

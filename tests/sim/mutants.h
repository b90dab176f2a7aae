// The deliberate faults (base/mutant.h) by name, with what each does and how a run must be for it
// to matter. Owns which of them is in force; none at first.
#pragma once

#include <span>
#include <string_view>

#include "base/mutant.h"

namespace sim {

struct MutantEntry {
  base::Mutant mutant;
  std::string_view name;
  std::string_view what;
};

std::span<const MutantEntry> mutants();
/// Puts one in force, for the rest of the process.
void put_in_force(base::Mutant mutant);

}  // namespace sim

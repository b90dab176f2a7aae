#include "base/mutant.h"

#include <gtest/gtest.h>

namespace base {
namespace {

// Asked of the compiler, so that a program in which a fault could be put in force is never built.
static_assert(!mutated(Mutant::commit_not_synced));

TEST(Mutant, IsNoneOutsideTheSimulator) {
  for (int number = 0; number <= static_cast<int>(Mutant::live_tables_restored); ++number)
    EXPECT_FALSE(mutated(static_cast<Mutant>(number)));
}

}  // namespace
}  // namespace base

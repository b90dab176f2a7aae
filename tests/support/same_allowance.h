// For tests: a plan that allows every account the same, which a test may make less. Stands where
// the program has the plans; never counts anything.
#pragma once

#include "workspace/allowance.h"

namespace support {

struct SameForAll final : workspace::Allowance {
  base::Result<std::uint64_t> bytes_max(base::AccountId) override { return bytes; }
  std::uint64_t bytes = std::uint64_t{1} << 40;
};

}  // namespace support

// How much an account may keep, files and records together: a plan says so, and whoever builds the
// server knows the plans. Owns nothing; never counts what is used.
#pragma once

#include <cstdint>

#include "base/id.h"
#include "base/result.h"

namespace workspace {

class Allowance {
 public:
  virtual ~Allowance() = default;
  /// Code::missing where there is no such account.
  virtual base::Result<std::uint64_t> bytes_max(base::AccountId account) = 0;
};

}  // namespace workspace

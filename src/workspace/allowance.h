// How much an account may keep, asked of whoever knows its plan. Owns nothing; what is used is what
// the vault counts of the whole account, whatever module keeps it.
#pragma once

#include <cstdint>

#include "base/id.h"
#include "base/result.h"

namespace workspace {

class Allowance {
 public:
  virtual ~Allowance() = default;
  virtual base::Result<std::uint64_t> bytes_max(base::AccountId account) = 0;
};

/// Code::full; told apart from a full disk by is_over_quota().
base::Error over_quota();
bool is_over_quota(const base::Error& error);

}  // namespace workspace

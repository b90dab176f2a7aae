// How much an account may keep, as its plan says. Owns nothing; without plans (a command that
// serves nobody) there is no limit.
#pragma once

#include <memory>

#include "accounts/plans.h"
#include "workspace/allowance.h"

namespace app {

class PlanAllowance final : public workspace::Allowance {
 public:
  explicit PlanAllowance(const std::unique_ptr<accounts::Plans>& plans) : plans_(plans) {}
  base::Result<std::uint64_t> bytes_max(base::AccountId account) override;

 private:
  const std::unique_ptr<accounts::Plans>& plans_;  // made after this
};

}  // namespace app

// What an account may keep, as its plan says: plans are the accounts' and storage is the
// workspace's, and neither knows the other. Owns nothing.
#pragma once

#include "accounts/plans.h"
#include "workspace/allowance.h"

namespace app {

class PlanAllowance final : public workspace::Allowance {
 public:
  explicit PlanAllowance(accounts::Plans& plans) : plans_(plans) {}
  base::Result<std::uint64_t> bytes_max(base::AccountId account) override {
    const notice::Plan* plan = TRY(plans_.of(account));
    return plan->storage_bytes_max;
  }

 private:
  accounts::Plans& plans_;
};

}  // namespace app

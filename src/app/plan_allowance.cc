#include "app/plan_allowance.h"

#include <limits>

namespace app {

base::Result<std::uint64_t> PlanAllowance::bytes_max(base::AccountId account) {
  if (plans_ == nullptr) return std::numeric_limits<std::uint64_t>::max();
  const notice::Plan* plan = TRY(plans_->of(account));
  return plan->storage_bytes_max;
}

}  // namespace app

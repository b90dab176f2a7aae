// Any bytes as a file of plans: check_plans() must answer, in bounded time and memory; a refusal
// says why, and what is accepted has its first plan, and each under its number.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "notice/plans.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const notice::CheckedPlans checked = notice::check_plans("fuzz.yaml", text);
  if (!checked.ok()) {
    if (checked.report().find(": error: ") == std::string::npos) std::abort();
    return 0;
  }
  const notice::Plans& plans = *checked.plans;
  if (plans.named(plans.first.name) != &plans.first) std::abort();
  for (const notice::Plan& plan : plans.others)
    if (plans.numbered(plan.number) != &plan || plan.storage_bytes_max == 0) std::abort();
  return 0;
}

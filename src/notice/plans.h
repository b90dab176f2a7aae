// The plans of a service: what an account may use. Read from a file of the operator's beside the
// notice, and checked as that is. Owns the default file in the binary; never knows which account
// has which plan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notice/diagnostic.h"
#include "notice/text.h"

namespace notice {

struct Plan {
  enum class Paid : std::uint8_t { no, yes };
  std::uint32_t number = 0;  // by which it is known for good
  std::string name;
  Text title;
  std::uint64_t storage_bytes_max = 0;
  std::uint32_t token_requests_per_minute = 1200;  // of each access token
  Paid paid = Paid::no;
};

/// Plans that belong together; there is at least the first.
struct Plans {
  Plan first;  // what each account begins with
  std::vector<Plan> others;

  /// Nothing where there is none.
  const Plan* named(std::string_view name) const;
  const Plan* numbered(std::int64_t number) const;
};

struct CheckedPlans {
  std::optional<Plans> plans;
  std::vector<Diagnostic> diagnostics;

  bool ok() const { return plans.has_value(); }
  std::string report() const;
};

/// Reads and checks the plans in `text`. `file` only names it in diagnostics. Never throws,
/// whatever the text.
CheckedPlans check_plans(std::string_view file, std::string_view text);

/// Those embedded in the binary.
const Plans& default_plans();
std::string_view default_plans_text();

}  // namespace notice

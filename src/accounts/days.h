// Days as they stand in the plain: since 1970, in UTC. Of the hour nothing is kept.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace accounts {

inline std::int64_t day_of(base::Time time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}
inline base::Time start_of(std::int64_t day) { return base::Time(std::chrono::days(day)); }

}  // namespace accounts

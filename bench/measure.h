// What benchmarks in process measure by: the time of this thread, since nothing in them waits and
// the machine may be somebody else's too; and medians.
#pragma once

#include <time.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace bench {

inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// What this thread spent on `work`.
inline double cpu_seconds_of(const std::function<void()>& work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

inline double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

}  // namespace bench

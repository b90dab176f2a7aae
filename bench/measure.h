// What benchmarks measure by: the time of this thread where nothing waits, since the machine may be
// somebody else's too; real time where a disk is asked; medians and the like; memory.
#pragma once

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
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

/// What passed on the wall meanwhile.
inline double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The value that `part` of all are below.
inline double quantile(std::vector<double> values, double part) {
  const auto at = static_cast<std::size_t>(static_cast<double>(values.size()) * part);
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(at));
  return values[at];
}
inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

/// What this process has in memory now.
inline double resident_mib() {
  unsigned long all = 0;
  unsigned long resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  const int read = std::fscanf(file, "%lu %lu", &all, &resident);
  std::fclose(file);
  return read == 2 ? static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) /
                         (1 << 20)
                   : 0;
}

}  // namespace bench

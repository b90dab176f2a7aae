// The memory of a running process, as whoever has the machine reads it. Owns an open file of it;
// only looks.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/forensics/search.h"

namespace forensics {

enum class Where { heap, stack, locked, file };
const char* to_string(Where where);

struct Region {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  Where where = Where::heap;
};
/// What `process` may read and write, or has mapped from files; by address. A stack is told by the
/// guard page below it, locked memory by the kernel.
std::vector<Region> regions_of(pid_t process);

struct Found {
  Hit hit;
  Where where = Where::heap;
};
/// Why the memory of `process` cannot be read here; empty where it can.
std::string unreadable(pid_t process);
/// Throws where it cannot be read.
std::vector<Found> scan_memory(const Search& search, pid_t process);

}  // namespace forensics

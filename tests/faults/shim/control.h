// Which calls of a process on its disk fail: a page of memory that a test shares with the library
// that is preloaded into the process (failing_calls.cc). Owns nothing.
#pragma once

#include <atomic>
#include <cstdint>

namespace faults {

enum Call : std::uint32_t {
  kRead = 1,
  kWrite = 2,
  kSyncContents = 4,  // fdatasync
  kSyncNames = 8,     // fsync of a directory, syncfs
  kSync = kSyncContents | kSyncNames
};

/// A file of this shape is named by $SCALIGN_FAILING_CALLS. All zeros: nothing fails.
struct Control {
  std::atomic<std::uint32_t> calls;   // which kinds; written last, when the rest stands
  std::atomic<std::int32_t> error;    // errno; 0: a read or a write moves half of what was asked
  std::atomic<std::int64_t> first;    // the number of the first that fails; counts down to 0
  std::atomic<std::int64_t> times;    // how many fail, from that one on
  std::atomic<std::uint64_t> failed;  // have failed
  char place[256];                    // must stand in the file's path
};

}  // namespace faults

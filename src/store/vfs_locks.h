// The locks and the memory that the connections to one database file share within a process, as
// SQLite asks for them (sqlite.org/c3ref/c_lock_none.html, c_shm_exclusive.html). Owns both; never
// waits: who cannot have a lock is told so and asks again.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace store {

inline constexpr unsigned kSharedMemoryLocks = 8;

/// What one connection holds.
struct Locks {
  int level = 0;             // SQLite's: none, shared, reserved, pending, exclusive
  std::uint32_t shared = 0;  // a bit for each lock of the shared memory
  std::uint32_t exclusive = 0;
};

/// Locks of the shared memory, by number.
struct Span {
  unsigned first = 0;
  unsigned count = 0;
  std::uint32_t bits() const noexcept { return ((1U << count) - 1U) << first; }
};

class Shared {
 public:
  /// Raises `holder` to `level`; false where others stand in the way.
  bool lock(Locks& holder, int level);
  /// Lowers `holder` to `level`.
  void unlock(Locks& holder, int level);
  /// Whether anybody is about to write.
  bool reserved() const noexcept { return writer_ != nullptr; }

  bool lock_shared_memory(Locks& holder, Span span, bool exclusive);
  void unlock_shared_memory(Locks& holder, Span span);
  /// A piece of the shared memory; null where there is none and `extend` is not said.
  void* region(std::size_t number, std::size_t bytes, bool extend);

  /// All that `holder` has.
  void release(Locks& holder);

 private:
  int sharers_ = 0;
  const Locks* writer_ = nullptr;  // holds more than shared
  std::array<int, kSharedMemoryLocks> shared_{};
  std::uint32_t exclusive_ = 0;
  // In words, since SQLite keeps integers there.
  std::vector<std::unique_ptr<std::vector<std::uint64_t>>> regions_;
};

}  // namespace store

// What the operating system says of files, file systems and processes, for whoever examines a
// machine: reads and never changes anything. Owns nothing. What a system does not say is nothing
// here, and never a guess.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace base {

struct FileStatus {
  bool directory = false;
  bool regular = false;
  std::uint32_t permissions = 0;  // the lower nine bits, as chmod(1) takes them
  std::uint32_t owner = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  Time changed{};  // its contents, by the wall clock of then

  /// Whether group or everybody has the permission to write.
  bool others_write() const { return (permissions & 022) != 0; }
  /// Whether somebody may change it who is neither root nor `user`.
  bool changeable_by_others_than(std::uint32_t user) const {
    return others_write() || (owner != 0 && owner != user);
  }
};
enum class Links : std::uint8_t { keep, follow };
/// Of what stands at `path`. Code::missing where nothing does.
Result<FileStatus> file_status(const std::string& path, Links links = Links::keep);

struct FileSystem {
  std::string kind;  // as the kernel calls it: ext4, tmpfs, …
  std::uint64_t bytes = 0;
  std::uint64_t bytes_free = 0;  // for others than the superuser
  std::uint64_t device = 0;
  bool read_only = false;
};
/// The file system that `path` lies on.
Result<FileSystem> file_system(const std::string& path);

/// The process that holds the LockFile at `path`; nothing where none does, or it cannot be seen
/// from here. Takes no lock for it.
std::optional<std::uint64_t> lock_holder(const std::string& path);

/// Limits of a process, in bytes; the greatest number where there is none.
struct ProcessLimits {
  std::uint64_t locked_memory_bytes = 0;
  std::uint64_t core_bytes = 0;
};
/// Of the process with that number; nothing: of this one.
std::optional<ProcessLimits> process_limits(std::optional<std::uint64_t> process);

struct CoreDumps {
  std::string pattern;      // core_pattern
  bool privileged = false;  // suid_dumpable is 1: even programs that change users leave dumps
};
std::optional<CoreDumps> core_dumps();

struct Swap {
  std::string place;
  bool encrypted = false;  // or in memory
};
/// Each place that memory may be swapped out to.
std::optional<std::vector<Swap>> swaps();

/// Whether something keeps the machine's clock right, as the kernel was told.
std::optional<bool> clock_synchronised();
/// Who runs this process.
std::uint32_t effective_user();

}  // namespace base

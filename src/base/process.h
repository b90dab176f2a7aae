// What the program asks of the operating system for itself: no core dumps, one server a data
// directory, an orderly end on a signal. Called by app alone.
#pragma once

#include <string>

#include "base/result.h"

namespace base {

/// No core dumps and no reading of this process's memory by others of the same user: both would
/// carry keys.
Result<void> harden_process();

/// Blocks SIGTERM and SIGINT in this thread and those it starts; broken pipes become errors. Call
/// before any thread is started.
void hold_signals();
/// Broken pipes become errors, as hold_signals() makes them.
void ignore_broken_pipes();
/// Waits for SIGTERM or SIGINT.
void wait_for_signal();
/// Ends a wait_for_signal() as a signal would.
void signal_self();

/// Held by the one server that works on a directory; given up when the process ends, however.
class LockFile {
 public:
  /// Code::conflict where another process holds it.
  static Result<LockFile> take(const std::string& path);
  LockFile(LockFile&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace base

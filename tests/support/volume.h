// A file system of a test's own: ext4 in a file, over a loop device, or a piece of memory. Owns its
// mounts, which nobody else sees and which end with the process, however it ends; never touches a
// file system that it did not make.
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/files.h"

namespace support {

/// Why no volume can be had here; empty where one can.
std::string no_volumes();

class Volume {
 public:
  /// thin: ext4 without a journal, whose storage can run out below it, so that what a program
  /// writes is taken, and lost when it is synced.
  enum class Kind { ext4, memory, thin };
  /// Made and mounted; throws where it cannot be. `options` are mount's own.
  Volume(Kind kind, std::uint64_t bytes, const std::string& options = {});
  ~Volume();
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;

  const std::string& path() const { return path_; }  // where it is mounted
  std::string image() const;                         // all its bytes; not of memory
  void unmount();
  /// Checks it first, as a start of the machine does.
  void mount();
  /// The kernel finds a fault in it, and from now on refuses to write, as after a broken disk.
  void fail_to_read_only() const;
  /// A thin one has no storage any more beyond what is written already; refill() gives it back.
  void run_out() const;
  void refill() const;

 private:
  std::string backing() const { return directory_.path() + "/backing"; }

  TemporaryDirectory directory_;
  std::string path_;
  Kind kind_;
  std::uint64_t bytes_;
  std::string options_;
  bool mounted_ = false;
};

/// Puts a piece of memory over a directory, so that what is written there is on no volume.
void mount_memory(const std::string& path, std::uint64_t bytes);
void unmount(const std::string& path);

}  // namespace support

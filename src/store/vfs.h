// SQLite's files over a base::Disk: what lets the one database stand on a disk that a test or the
// simulator makes up, with its waiting, its time and its chance handed in like everybody's. Owns
// the registration with SQLite, the locks between the connections of this process and the memory
// that they share instead of a file. Never for a database that another process has open; the
// server uses SQLite's own files.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/disk.h"
#include "base/entropy.h"
#include "base/wait.h"

namespace store {

/// While it lives it is SQLite's default, for that is what SQLite asks for the seed of its own
/// chance: the same arguments give the same bytes. One at a time, and no database beside it on
/// files of the machine's. Outlives the stores that are opened over it.
class Vfs {
 public:
  Vfs(base::Disk& disk, base::Wait& wait, base::Clock& clock, base::Entropy& entropy);
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  base::Disk& disk() const noexcept;
  /// Under which SQLite knows it.
  const char* name() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace store

// A Disk in memory that fails as real ones do. Owns every file twice: as programs see it, and as it
// would be found after the power went. File contents become durable by File::sync alone, names by
// Disk::sync_directory alone (the changes of one directory in the order in which they were made);
// both by Disk::sync_all.
// For tests and simulation; never touches the machine's own disk.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/entropy.h"
#include "base/wait.h"

namespace base {

class FaultyDisk final : public Disk {
 public:
  /// Whole files by path, without directories.
  using Files = std::map<std::string, Bytes>;

  /// Each call of the disk and of its files first yields to `wait`.
  explicit FaultyDisk(Wait& wait);
  ~FaultyDisk() override;
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  /// From now on `operations` calls succeed as before; then the power is gone, and every call fails
  /// with Code::io until crash(). The call under way at that moment fails too, but may have
  /// happened.
  void fail_after(std::uint64_t operations);
  /// The machine starts again, with what was durable. Files that were open answer Code::io for
  /// ever.
  void crash();
  /// The same, but some of what was not synced survives: names up to some moment, and of the writes
  /// to each file a random part, some torn.
  void crash(Entropy& entropy);
  /// Calls so far, of the disk and of its files.
  std::uint64_t operations() const;

  /// How many bytes files may have together (what is there counts); more is Code::full.
  void set_space(std::uint64_t bytes);
  /// Every call that touches the file at `path` fails with Code::io, until mended.
  void break_path(const std::string& path);
  void mend_path(const std::string& path);
  /// The next `times` syncs of the file at `path` (or sync_all there) fail with Code::io and leave
  /// what real systems leave that count its pages as written all the same: what was not synced
  /// stays to be seen until evict() or the next crash, and no later sync makes it durable, unless
  /// it is written again.
  void fail_syncs(const std::string& path, std::uint64_t times);
  /// What syncs have lost so far is not seen any more: memory drops what counts as written. Such a
  /// file shows what is durable of it, and what was written to it since.
  void evict();
  /// Flips one bit of a file, in what is seen and in what is durable. Code::missing where there is
  /// no file, Code::invalid behind its end.
  Result<void> flip_bit(const std::string& path, std::uint64_t bit);

  /// The files whose path begins with `begin`: as they are seen, as a crash would leave them.
  Files live(const std::string& begin = "") const;
  Files durable(const std::string& begin = "") const;
  /// Paths whose live or durable contents, or whose own names, hold `needle`: for canaries.
  std::vector<std::string> find(View needle) const;
  /// Puts files in place, durable, with their directories; what else is there stays.
  void put(const Files& files);

  Result<std::unique_ptr<File>> open(const std::string& path, Open how) override;
  Result<void> make_directory(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> remove_directory(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<void> sync_all(const std::string& path) override;

 private:
  class Impl;
  class OpenFile;
  std::shared_ptr<Impl> impl_;
};

}  // namespace base

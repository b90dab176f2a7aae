// Every file operation of the program. Owns open files; never decides what is in them. A real one
// for the server, a faulty one in memory (faulty_disk.h) for tests. Files are created 0600 and
// directories 0700.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/descriptor.h"

namespace base {

/// An open file. Offsets and sizes in bytes.
class File {
 public:
  virtual ~File() = default;
  /// Reads up to out.size() bytes at `offset`; fewer only at the end of the file.
  virtual Result<std::size_t> read_at(std::uint64_t offset, Mutable out) = 0;
  /// Writes all of `bytes`; Code::full where no space is left.
  virtual Result<void> write_at(std::uint64_t offset, View bytes) = 0;
  virtual Result<std::uint64_t> size() = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
  /// Returns once the contents are on stable storage. After an error nothing is known about what
  /// was written since the last sync, nor is it read any more: write it again, never only sync.
  virtual Result<void> sync() = 0;
};

enum class Open {
  read,    // Code::missing where it is not there
  update,  // read and write; created where it is not there
  create,  // read and write; Code::conflict where it is there
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, Open how) = 0;
  /// Makes a directory and those above it, durable on return; content with one that is there,
  /// Code::conflict where a file is.
  virtual Result<void> make_directory(const std::string& path) = 0;
  /// Replaces `to` atomically. Durable after sync_directory of the parent.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  /// Removes a file; Code::missing where it is not there.
  virtual Result<void> remove(const std::string& path) = 0;
  /// Removes an empty directory; Code::conflict where it is not empty.
  virtual Result<void> remove_directory(const std::string& path) = 0;
  /// The names in a directory, sorted; Code::missing where it is not there.
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
  virtual Result<bool> exists(const std::string& path) = 0;
  /// Makes the entries of a directory durable.
  virtual Result<void> sync_directory(const std::string& path) = 0;
  /// Makes durable all that was changed on the file system of the directory `path`, contents and
  /// names: one wait for many files. It costs whatever others have changed there as well.
  virtual Result<void> sync_all(const std::string& path) = 0;
  /// From here on sync_all of `path` misses no error of its file system, whoever else was told of
  /// it before. A disk in memory tells everybody.
  virtual Result<void> watch(const std::string& /*path*/) { return {}; }
};

class RealDisk final : public Disk {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, Open how) override;
  Result<void> make_directory(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> remove_directory(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<void> sync_all(const std::string& path) override;
  Result<void> watch(const std::string& path) override;

 private:
  Result<int> watching(const std::string& path);

  std::mutex mutex_;
  // Each directory of sync_all, open for good: an error is told once to a descriptor that was open
  // when it happened, and to a later one only while nobody has been told of it (errseq).
  std::map<std::string, Descriptor> watched_;
};

/// In bytes; nothing where there is no such file.
Result<std::optional<std::uint64_t>> size_of(Disk& disk, const std::string& path);
/// The whole file; Code::too_large where it has more than `bytes_max`.
Result<Bytes> read_file(Disk& disk, const std::string& path, std::size_t bytes_max);
/// Removes a file, or a directory with all that is below it; content where there is none.
Result<void> remove_all(Disk& disk, const std::string& path);
/// Writes beside, syncs, renames, syncs the directory: after a crash the old or the new file.
Result<void> write_file_atomically(Disk& disk, const std::string& path, View bytes);
/// Lets everybody read a directory of the real disk, with all that is in it: for what is to be
/// public.
Result<void> let_everybody_read(const std::string& directory);
/// Whether `path` is `directory` or lies below it, links followed; neither need be there yet. Asks
/// the real disk.
bool lies_in(const std::string& path, const std::string& directory);
/// `path` from the top of the file system, without a slash at its end; links are not followed. It
/// need not be there.
std::string absolute_path(const std::string& path);
/// For a file of the machine's that others than this module have open, when its sync has failed:
/// the kernel drops what it took for written all the same. What is on the disk is read again, and
/// what is written again arrives there. (File::sync of the real disk does this itself.) `kept` is
/// the descriptor that it takes, -1 at first: the caller keeps it for the next time. It is not
/// closed, because to close it would end this process's locks on the file.
void forget_cached(const std::string& path, int& kept);
/// `a/b/c` -> `a/b`; a bare name -> `.`.
std::string parent_of(const std::string& path);

}  // namespace base

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "base/disk.h"

namespace base {
namespace {

Error from_errno(Literal reason) {
  switch (errno) {
    case ENOENT:
      return {Code::missing, reason};
    case EEXIST:
    case ENOTEMPTY:
      return {Code::conflict, reason};
    case ENOSPC:
    case EDQUOT:
      return {Code::full, "no space is left on the disk"};
    default:
      return {Code::io, reason};
  }
}

/// Pages whose writing failed count as clean, and are dropped; those still to be written stay.
/// Kept, they would be read until the power goes; and ext4 would put what is written to them again
/// into blocks that it never marks as written.
void forget_cached_of(int descriptor) {
  (void)::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
}

class RealFile final : public File {
 public:
  explicit RealFile(int descriptor) : descriptor_(descriptor) {}
  RealFile(const RealFile&) = delete;
  RealFile& operator=(const RealFile&) = delete;
  ~RealFile() override { ::close(descriptor_); }

  Result<std::size_t> read_at(std::uint64_t offset, Mutable out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = ::pread(descriptor_, out.data() + done, out.size() - done,
                                static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return from_errno("cannot read a file");
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }
  Result<void> write_at(std::uint64_t offset, View bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                                 static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return from_errno("cannot write a file");
      done += static_cast<std::size_t>(n);
    }
    begin_writing(offset, bytes.size());
    return {};
  }
  Result<std::uint64_t> size() override {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) return from_errno("cannot tell the size of a file");
    return static_cast<std::uint64_t>(status.st_size);
  }
  Result<void> truncate(std::uint64_t size) override {
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
      return from_errno("cannot truncate a file");
    return {};
  }
  Result<void> sync() override {
    if (::fdatasync(descriptor_) == 0) return {};
    const Error failed = from_errno("cannot sync a file");
    forget_cached_of(descriptor_);
    return failed;
  }

 private:
  /// Has the disk begin with what a large file has so far, a piece at a time, so that its sync does
  /// not wait for all of it. What goes wrong with that, the sync says.
  void begin_writing(std::uint64_t offset, std::uint64_t size) const {
    const std::uint64_t from = offset / kPiece;
    const std::uint64_t until = (offset + size) / kPiece;
    if (from < until)
      (void)::sync_file_range(descriptor_, static_cast<off_t>(from * kPiece),
                              static_cast<off_t>((until - from) * kPiece), SYNC_FILE_RANGE_WRITE);
  }
  static constexpr std::uint64_t kPiece = 4UL << 20;

  int descriptor_;
};

int flags_of(Open how) {
  switch (how) {
    case Open::read:
      return O_RDONLY | O_CLOEXEC;
    case Open::update:
      return O_RDWR | O_CREAT | O_CLOEXEC;
    case Open::create:
      return O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
  }
  return O_RDONLY;
}

}  // namespace

Result<std::unique_ptr<File>> RealDisk::open(const std::string& path, Open how) {
  const int descriptor = ::open(path.c_str(), flags_of(how), 0600);
  if (descriptor < 0) return from_errno("cannot open a file");
  return std::unique_ptr<File>(new RealFile(descriptor));
}

Result<void> RealDisk::make_directory(const std::string& path) {
  for (std::size_t at = 1; at != std::string::npos;) {
    at = path.find('/', at);
    const std::string part = path.substr(0, at);
    if (at != std::string::npos) ++at;
    if (part.empty() || part == ".") continue;
    if (::mkdir(part.c_str(), 0700) == 0) {
      TRY(sync_directory(parent_of(part)));
      continue;
    }
    if (errno != EEXIST) return from_errno("cannot make a directory");
    struct stat status{};
    if (::stat(part.c_str(), &status) != 0) return from_errno("cannot make a directory");
    if (!S_ISDIR(status.st_mode))
      return Error{Code::conflict, "a file stands in a directory's place"};
  }
  return {};
}

Result<void> RealDisk::rename(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return from_errno("cannot rename a file");
  return {};
}

Result<void> RealDisk::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return from_errno("cannot remove a file");
  return {};
}

Result<void> RealDisk::remove_directory(const std::string& path) {
  if (::rmdir(path.c_str()) != 0) return from_errno("cannot remove a directory");
  return {};
}

Result<std::vector<std::string>> RealDisk::list(const std::string& path) {
  DIR* directory = ::opendir(path.c_str());
  if (directory == nullptr) return from_errno("cannot list a directory");
  std::vector<std::string> names;
  errno = 0;  // readdir answers null both at the end and on failure
  while (const dirent* entry = ::readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  const int failure = errno;
  ::closedir(directory);
  if (failure != 0) {
    errno = failure;
    return from_errno("cannot list a directory");
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<bool> RealDisk::exists(const std::string& path) {
  if (::access(path.c_str(), F_OK) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return from_errno("cannot look for a file");
}

namespace {

Result<Descriptor> open_directory(const std::string& path) {
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return from_errno("cannot open a directory");
  return directory;
}

}  // namespace

Result<void> RealDisk::sync_directory(const std::string& path) {
  const Descriptor directory = TRY(open_directory(path));
  if (::fsync(directory.number()) != 0) return from_errno("cannot sync a directory");
  return {};
}

Result<int> RealDisk::watching(const std::string& path) {
  const std::lock_guard guard(mutex_);
  auto found = watched_.find(path);
  if (found == watched_.end()) found = watched_.emplace(path, TRY(open_directory(path))).first;
  return found->second.number();
}

Result<void> RealDisk::watch(const std::string& path) {
  TRY(watching(path));
  return {};
}

Result<void> RealDisk::sync_all(const std::string& path) {
  const int directory = TRY(watching(path));
  if (::syncfs(directory) != 0) return from_errno("cannot sync a file system");
  return {};
}

void forget_cached(const std::string& path, int& kept) {
  if (kept < 0) kept = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (kept >= 0) forget_cached_of(kept);
}

std::string absolute_path(const std::string& path) {
  std::error_code failed;
  const auto whole = std::filesystem::absolute(path, failed).lexically_normal();
  if (failed) return path;
  return (whole.has_filename() ? whole : whole.parent_path()).string();
}

Result<void> let_everybody_read(const std::string& directory) {
  using std::filesystem::perms;
  constexpr perms kRead = perms::owner_read | perms::group_read | perms::others_read;
  constexpr perms kEnter = perms::owner_exec | perms::group_exec | perms::others_exec;
  std::error_code failed;
  std::filesystem::permissions(directory, kRead | kEnter | perms::owner_write, failed);
  auto each = std::filesystem::recursive_directory_iterator(directory, failed);
  for (; !failed && each != std::filesystem::recursive_directory_iterator();
       each.increment(failed)) {
    const bool inner = each->is_directory(failed);
    if (!failed)
      std::filesystem::permissions(each->path(),
                                   kRead | perms::owner_write | (inner ? kEnter : perms::none),
                                   std::filesystem::perm_options::replace, failed);
  }
  if (failed) return Error{Code::io, "cannot let everybody read what is to be public"};
  return {};
}

bool lies_in(const std::string& path, const std::string& directory) {
  const auto whole = [](const std::string& text) {
    std::error_code failed;
    auto found = std::filesystem::weakly_canonical(std::filesystem::absolute(text, failed), failed);
    // What cannot be followed is compared as it is written.
    if (failed) found = std::filesystem::path(text).lexically_normal();
    return found.has_filename() ? found : found.parent_path();  // without a slash at the end
  };
  const auto inner = whole(path);
  const auto outer = whole(directory);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

}  // namespace base

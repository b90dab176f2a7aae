#include "base/disk.h"

namespace base {

Result<std::optional<std::uint64_t>> size_of(Disk& disk, const std::string& path) {
  const auto file = disk.open(path, Open::read);
  if (!file.ok() && file.code() == Code::missing) return std::optional<std::uint64_t>();
  if (!file.ok()) return file.error();
  const std::uint64_t size = TRY((*file)->size());
  return std::optional(size);
}

Result<Bytes> read_file(Disk& disk, const std::string& path, std::size_t bytes_max) {
  const auto file = TRY(disk.open(path, Open::read));
  const std::uint64_t size = TRY(file->size());
  if (size > bytes_max) return Error{Code::too_large, "the file is larger than its limit"};
  Bytes bytes(size);
  const std::size_t read = TRY(file->read_at(0, bytes));
  bytes.resize(read);
  return bytes;
}

Result<void> remove_all(Disk& disk, const std::string& path) {
  // As a file first: what links elsewhere is removed and not followed.
  const auto removed = disk.remove(path);
  if (removed.ok() || removed.code() == Code::missing) return {};
  const auto names = disk.list(path);
  if (!names.ok()) return removed;
  for (const std::string& name : *names) TRY(remove_all(disk, path + "/" + name));
  return disk.remove_directory(path);
}

Result<void> write_file_atomically(Disk& disk, const std::string& path, View bytes) {
  const std::string beside = path + ".new";
  {
    const auto file = TRY(disk.open(beside, Open::update));
    TRY(file->truncate(0));
    TRY(file->write_at(0, bytes));
    TRY(file->sync());
  }
  TRY(disk.rename(beside, path));
  return disk.sync_directory(parent_of(path));
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace base

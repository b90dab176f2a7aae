#include "base/host.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace base {
namespace {

constexpr std::size_t kTextMax = 1 << 20;
constexpr int kLayersMax = 8;  // of block devices over each other

/// A file of /proc or /sys, which say no size; nothing where it cannot be read.
std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  for (char c = 0; text.size() < kTextMax && file.get(c);) text += c;
  if (text.empty() && !file.is_open()) return std::nullopt;
  return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

template <class Each>
void each_line(const std::string& text, const Each& each) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) each(line);
}

std::string numbers_of(std::uint64_t device) {
  return std::to_string(major(device)) + ":" + std::to_string(minor(device));
}

/// Of the mount that has that device; empty where none is listed.
std::string kind_of(std::uint64_t device) {
  std::string kind;
  // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw
  each_line(read_text("/proc/self/mountinfo").value_or(""), [&](const std::string& line) {
    const auto words = words_of(line);
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (words.size() < 3 || words[2] != numbers_of(device) || words.end() - dash < 2) return;
    kind = *(dash + 1);
  });
  return kind;
}

/// Whether what is written to a block device is encrypted in it, or in one below it.
bool encrypted(const std::string& device, int layers = kLayersMax) {
  if (layers == 0) return false;
  const auto uuid = read_text(device + "/dm/uuid");
  if (uuid && uuid->starts_with("CRYPT-")) return true;
  std::error_code failed;
  bool any = false;
  for (const auto& below : std::filesystem::directory_iterator(device + "/slaves", failed)) {
    any = true;
    if (!encrypted(below.path().string(), layers - 1)) return false;
  }
  return any;
}

bool protects(const std::string& place) {
  if (place.starts_with("/dev/zram")) return true;
  struct stat status{};
  if (::stat(place.c_str(), &status) != 0) return false;
  return encrypted("/sys/dev/block/" +
                   numbers_of(S_ISBLK(status.st_mode) ? status.st_rdev : status.st_dev));
}

std::optional<std::uint64_t> number_in(const std::string& text, int base = 10) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number, base);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

/// `Max core file size        0        unlimited        bytes`: the first of the two.
void take_limit(const std::string& line, const std::string& name, std::uint64_t& bytes) {
  if (!line.starts_with(name)) return;
  const auto words = words_of(line.substr(name.size()));
  if (!words.empty())
    bytes = number_in(words[0]).value_or(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

Result<FileStatus> file_status(const std::string& path, Links links) {
  struct stat status{};
  if ((links == Links::keep ? ::lstat : ::stat)(path.c_str(), &status) != 0)
    return Error{errno == ENOENT || errno == ENOTDIR ? Code::missing : Code::io,
                 "cannot look at a file"};
  FileStatus found;
  found.directory = S_ISDIR(status.st_mode);
  found.regular = S_ISREG(status.st_mode);
  found.permissions = status.st_mode & 0777U;
  found.owner = status.st_uid;
  found.device = status.st_dev;
  found.inode = status.st_ino;
  found.changed = Time(std::chrono::seconds(status.st_mtim.tv_sec) +
                       std::chrono::microseconds(status.st_mtim.tv_nsec / 1000));
  return found;
}

Result<FileSystem> file_system(const std::string& path) {
  struct statvfs numbers{};
  struct stat status{};
  if (::statvfs(path.c_str(), &numbers) != 0 || ::stat(path.c_str(), &status) != 0)
    return Error{errno == ENOENT ? Code::missing : Code::io, "cannot look at a file system"};
  FileSystem found;
  found.kind = kind_of(status.st_dev);
  found.bytes = std::uint64_t{numbers.f_blocks} * numbers.f_frsize;
  found.bytes_free = std::uint64_t{numbers.f_bavail} * numbers.f_frsize;
  found.device = status.st_dev;
  found.read_only = (numbers.f_flag & ST_RDONLY) != 0;
  return found;
}

std::optional<std::uint64_t> lock_holder(const std::string& path) {
  const auto status = file_status(path);
  if (!status.ok()) return std::nullopt;
  std::optional<std::uint64_t> holder;
  // 1: FLOCK  ADVISORY  WRITE 1234 fe:00:1179658 0 EOF
  each_line(read_text("/proc/locks").value_or(""), [&](const std::string& line) {
    const auto words = words_of(line);
    if (words.size() < 6 || words[1] != "FLOCK") return;
    const std::string& place = words[5];
    const auto colon = place.rfind(':');
    const auto middle = place.find(':');
    if (colon == std::string::npos || middle == colon) return;
    const auto upper = number_in(place.substr(0, middle), 16);
    const auto lower = number_in(place.substr(middle + 1, colon - middle - 1), 16);
    if (!upper || !lower || number_in(place.substr(colon + 1)) != status->inode) return;
    if (*upper == major(status->device) && *lower == minor(status->device))
      holder = number_in(words[4]);
  });
  return holder;
}

std::optional<ProcessLimits> process_limits(std::optional<std::uint64_t> process) {
  const auto text =
      read_text("/proc/" + (process ? std::to_string(*process) : std::string("self")) + "/limits");
  if (!text) return std::nullopt;
  ProcessLimits limits;
  each_line(*text, [&](const std::string& line) {
    take_limit(line, "Max locked memory", limits.locked_memory_bytes);
    take_limit(line, "Max core file size", limits.core_bytes);
  });
  return limits;
}

std::optional<CoreDumps> core_dumps() {
  const auto pattern = read_text("/proc/sys/kernel/core_pattern");
  const auto privileged = read_text("/proc/sys/fs/suid_dumpable");
  if (!pattern || !privileged) return std::nullopt;
  return CoreDumps{first_line(*pattern), first_line(*privileged) == "1"};
}

std::optional<std::vector<Swap>> swaps() {
  const auto text = read_text("/proc/swaps");
  if (!text) return std::nullopt;
  std::vector<Swap> found;
  each_line(*text, [&](const std::string& line) {
    if (line.starts_with('/')) found.push_back({words_of(line)[0], protects(words_of(line)[0])});
  });
  return found;
}

std::optional<bool> clock_synchronised() {
  timex status{};
  if (::adjtimex(&status) < 0) return std::nullopt;
  return (static_cast<unsigned>(status.status) & STA_UNSYNC) == 0;
}

std::uint32_t effective_user() { return ::geteuid(); }

}  // namespace base

#include "tests/forensics/memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace forensics {
namespace {

constexpr std::size_t kPiece = 4 << 20;
constexpr std::uint64_t kGuard = 4096;

std::string place(pid_t process, const char* what) {
  return "/proc/" + std::to_string(process) + "/" + what;
}

/// Calls `on_bytes(bytes, address)` for the region, piece by piece, overlapping by `overlap`.
template <class OnBytes>
void read_region(int memory, const Region& region, std::size_t overlap, const OnBytes& on_bytes) {
  std::string bytes(kPiece + overlap, '\0');
  for (std::uint64_t at = region.from; at < region.to; at += kPiece) {
    const std::size_t want = std::min<std::uint64_t>(bytes.size(), region.to - at);
    const ssize_t got = ::pread(memory, bytes.data(), want, static_cast<off_t>(at));
    if (got <= 0) return;  // a mapping behind the end of its file has no bytes
    on_bytes(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)), at);
  }
}

}  // namespace

const char* to_string(Where where) {
  switch (where) {
    case Where::heap:
      return "heap";
    case Where::stack:
      return "stack";
    case Where::locked:
      return "locked memory";
    case Where::file:
      return "mapped file";
  }
  return "";
}

std::vector<Region> regions_of(pid_t process) {
  std::ifstream maps(place(process, "smaps"));
  std::vector<Region> regions;
  std::uint64_t guard_end = 0;  // behind a mapping of one page that nobody may touch
  bool counts = false;          // the mapping that the flags belong to
  for (std::string line; std::getline(maps, line);) {
    Region region;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &region.from, &region.to, rights) == 3) {
      std::istringstream rest(line);
      std::string word, name;
      for (int i = 0; i < 5; ++i) rest >> word;
      rest >> name;
      counts = rights[0] == 'r' && !name.starts_with("[v");
      if (name == "[stack]" || (name.empty() && region.from == guard_end))
        region.where = Where::stack;
      else if (name.starts_with("/"))
        region.where = Where::file;
      const bool guard = std::strcmp(rights, "---p") == 0 && region.to - region.from == kGuard;
      guard_end = guard ? region.to : 0;
      if (counts) regions.push_back(region);
    } else if (counts && line.starts_with("VmFlags:") && line.find(" lo") != std::string::npos) {
      regions.back().where = Where::locked;
    }
  }
  return regions;
}

std::string unreadable([[maybe_unused]] pid_t process) {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return "a sanitizer keeps what was freed on purpose, and locks nothing";
#else
  const int memory = ::open(place(process, "mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return std::string("the server's memory: ") + std::strerror(errno);
  ::close(memory);
  return regions_of(process).empty() ? "the server's memory map cannot be read" : "";
#endif
}

std::vector<Found> scan_memory(const Search& search, pid_t process) {
  const int memory = ::open(place(process, "mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) throw std::runtime_error("cannot read the memory of a process");
  std::vector<Found> found;
  for (const Region& region : regions_of(process))
    read_region(memory, region, search.longest() - 1,
                [&](std::string_view bytes, std::uint64_t at) {
                  search.scan(bytes, at, [&](const Hit& hit) {
                    if (hit.at < at + kPiece) found.push_back({hit, region.where});
                  });
                });
  ::close(memory);
  return found;
}

}  // namespace forensics

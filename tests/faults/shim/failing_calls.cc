// Preloaded into the program (LD_PRELOAD): of its calls on files those fail that a test has chosen,
// with the error that a broken disk gives, having done nothing, or do half of what was asked. Owns
// the mapping of what the test shares with it; changes no other call.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include "tests/faults/shim/control.h"

namespace {

using faults::Call;
using faults::Control;

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

Control* control() {
  static Control* const shared = []() -> Control* {
    const char* path = std::getenv("SCALIGN_FAILING_CALLS");
    const int file = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return nullptr;
    void* at = ::mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    return at == MAP_FAILED ? nullptr : static_cast<Control*>(at);
  }();
  return shared;
}

/// The path of an open file; empty where it cannot be told.
std::string_view path_of(int descriptor, std::array<char, 4096>& room) {
  std::array<char, 32> link{};
  char* at = link.data() + link.size() - 1;
  for (int rest = descriptor; at == link.data() + link.size() - 1 || rest != 0; rest /= 10)
    *--at = static_cast<char>('0' + rest % 10);
  constexpr std::string_view kFolder = "/proc/self/fd/";
  at -= kFolder.size();
  std::memcpy(at, kFolder.data(), kFolder.size());
  const ssize_t size = ::readlink(at, room.data(), room.size());
  return size < 0 ? std::string_view() : std::string_view(room.data(), static_cast<size_t>(size));
}

/// Whether this call is one that was chosen.
bool chosen(Call call, int descriptor) {
  Control* const shared = control();
  if (shared == nullptr || (shared->calls.load() & call) == 0) return false;
  const int before = errno;
  std::array<char, 4096> room{};
  const bool meant = path_of(descriptor, room).find(shared->place) != std::string_view::npos;
  errno = before;
  if (!meant || shared->first.fetch_sub(1) > 1 || shared->times.fetch_sub(1) < 1) return false;
  ++shared->failed;
  return true;
}

/// Whether this call fails; errno says how.
bool fails(Call call, int descriptor) {
  if (!chosen(call, descriptor)) return false;
  errno = control()->error;
  return true;
}

/// A read or a write, or less of it: POSIX lets both stop before the end.
template <class Function, class Buffer, class Offset>
ssize_t moves(Call call, Function* real, int file, Buffer* bytes, size_t size, Offset at) {
  if (!chosen(call, file)) return real(file, bytes, size, at);
  if (control()->error == 0) return real(file, bytes, (size + 1) / 2, at);
  errno = control()->error;
  return -1;
}

}  // namespace

// The names are the C library's.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" {

ssize_t pread(int file, void* to, size_t size, off_t at) {
  static auto* const real = next<decltype(::pread)>("pread");
  return moves(faults::kRead, real, file, to, size, at);
}
ssize_t pread64(int file, void* to, size_t size, off64_t at) {
  static auto* const real = next<decltype(::pread64)>("pread64");
  return moves(faults::kRead, real, file, to, size, at);
}
ssize_t pwrite(int file, const void* from, size_t size, off_t at) {
  static auto* const real = next<decltype(::pwrite)>("pwrite");
  return moves(faults::kWrite, real, file, from, size, at);
}
ssize_t pwrite64(int file, const void* from, size_t size, off64_t at) {
  static auto* const real = next<decltype(::pwrite64)>("pwrite64");
  return moves(faults::kWrite, real, file, from, size, at);
}
int fsync(int file) {
  static auto* const real = next<decltype(::fsync)>("fsync");
  return fails(faults::kSyncNames, file) ? -1 : real(file);
}
int fdatasync(int file) {
  static auto* const real = next<decltype(::fdatasync)>("fdatasync");
  return fails(faults::kSyncContents, file) ? -1 : real(file);
}
int syncfs(int file) noexcept {
  static auto* const real = next<decltype(::syncfs)>("syncfs");
  return fails(faults::kSyncNames, file) ? -1 : real(file);
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)

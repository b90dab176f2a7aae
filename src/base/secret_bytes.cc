#include "base/secret_bytes.h"

#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <vector>

namespace base {
namespace {

// Locking is per page and not counted, so that two secrets on one page would unlock each other.
// The pool therefore locks whole regions once and hands out slots of a few sizes.
constexpr std::size_t kRegion = 64 * 1024;
constexpr std::array<std::size_t, 5> kSizes = {32, 64, 256, 1024, 4096};

struct Slot {
  Slot* next;
};

class Pool {
 public:
  std::uint8_t* take(std::size_t size) {
    const std::lock_guard guard(mutex_);
    const std::size_t kind = kind_of(size);
    if (kind == kSizes.size()) return map(size);
    if (free_[kind] == nullptr) refill(kind);
    Slot* slot = free_[kind];
    free_[kind] = slot->next;
    slot->next = nullptr;
    return reinterpret_cast<std::uint8_t*>(slot);
  }

  void give(std::uint8_t* data, std::size_t size) {
    sodium_memzero(data, size);
    const std::lock_guard guard(mutex_);
    const std::size_t kind = kind_of(size);
    if (kind == kSizes.size()) {
      ::munmap(data, size);
      return;
    }
    auto* slot = reinterpret_cast<Slot*>(data);
    slot->next = free_[kind];
    free_[kind] = slot;
  }

 private:
  static std::size_t kind_of(std::size_t size) {
    std::size_t kind = 0;
    while (kind < kSizes.size() && kSizes[kind] < size) ++kind;
    return kind;
  }
  static std::uint8_t* map(std::size_t size) {
    void* at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(at != MAP_FAILED);
    CHECK(::mlock(at, size) == 0);
    CHECK(::madvise(at, size, MADV_DONTDUMP) == 0);
    return static_cast<std::uint8_t*>(at);
  }
  void refill(std::size_t kind) {
    std::uint8_t* region = map(kRegion);
    for (std::size_t at = 0; at + kSizes[kind] <= kRegion; at += kSizes[kind]) {
      auto* slot = reinterpret_cast<Slot*>(region + at);
      slot->next = free_[kind];
      free_[kind] = slot;
    }
#ifdef SCALIGN_SIMULATED
    regions_.emplace_back(region, kRegion);
#endif
  }

#ifdef SCALIGN_SIMULATED
 public:
  bool has(View bytes) {
    const std::lock_guard guard(mutex_);
    return std::ranges::any_of(
        regions_, [&](View region) { return !std::ranges::search(region, bytes).empty(); });
  }

 private:
  std::vector<View> regions_;
#endif
  std::mutex mutex_;
  std::array<Slot*, kSizes.size()> free_{};
};

// One pool a process: memory locking is a property of the process, not of a component. It is never
// destroyed, since secrets may outlive any order of static destruction.
Pool& pool() {
  static Pool* const shared = new Pool;
  return *shared;
}

}  // namespace

SecretBytes::SecretBytes(std::size_t size)
    : data_(size ? pool().take(size) : nullptr), size_(size) {
  if (size_ != 0) std::memset(data_, 0, size_);
}

SecretBytes SecretBytes::copy_of(View bytes) {
  SecretBytes secret(bytes.size());
  if (secret.data_ != nullptr) std::memcpy(secret.data_, bytes.data(), bytes.size());
  return secret;
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void SecretBytes::wipe() noexcept {
  if (data_ != nullptr) pool().give(data_, size_);
  data_ = nullptr;
  size_ = 0;
}

#ifdef SCALIGN_SIMULATED
bool secret_memory_has(View bytes) { return pool().has(bytes); }
#endif

bool secret_memory_available(std::size_t bytes) {
  void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return false;
  const bool locked = ::mlock(at, bytes) == 0;
  ::munmap(at, bytes);
  return locked;
}

void wipe(Mutable bytes) noexcept { sodium_memzero(bytes.data(), bytes.size()); }

}  // namespace base

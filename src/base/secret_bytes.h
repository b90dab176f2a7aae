// Key material in memory: locked against swapping, left out of core dumps, wiped when dropped,
// moved and never copied, printed by nothing. Owns its bytes; lends them as a View.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace base {

class SecretBytes {
 public:
  SecretBytes() = default;
  /// Zeroed locked bytes. CHECKs that memory could be locked (see secret_memory_available).
  explicit SecretBytes(std::size_t size);
  /// A locked copy of `bytes`; the caller wipes its own.
  static SecretBytes copy_of(View bytes);

  SecretBytes(SecretBytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { wipe(); }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  View view() const noexcept { return {data_, size_}; }
  Mutable mutable_view() noexcept { return {data_, size_}; }
  SecretBytes clone() const { return copy_of(view()); }
  /// Zeroes and gives back the memory now.
  void wipe() noexcept;

  friend bool operator==(const SecretBytes& a, const SecretBytes& b) noexcept {
    return equal_constant_time(a.view(), b.view());
  }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Whether this process may lock at least `bytes` of memory; asked once at start.
bool secret_memory_available(std::size_t bytes);

#ifdef SCALIGN_SIMULATED
/// Whether secret memory has `bytes` anywhere: what the simulator asks when they must be gone.
bool secret_memory_has(View bytes);
#endif

/// Zeroes memory in a way that the compiler keeps.
void wipe(Mutable bytes) noexcept;

}  // namespace base

#include "base/entropy.h"

#include <sodium.h>

namespace base {

SystemEntropy::SystemEntropy() { CHECK(sodium_init() >= 0); }

void SystemEntropy::fill(Mutable out) {
  if (!out.empty()) randombytes_buf(out.data(), out.size());  // libsodium takes no null pointer
}

void SeededEntropy::fill(Mutable out) {
  if (out.empty()) return;
  std::array<std::uint8_t, randombytes_SEEDBYTES> seed{};
  store_u64(seed.data(), seed_);
  store_u64(seed.data() + 8, calls_++);
  randombytes_buf_deterministic(out.data(), out.size(), seed.data());
}

}  // namespace base

// Where randomness comes from. Handed in like the clock, so that a run can be replayed from a seed.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace base {

/// A source of random bytes.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(Mutable out) = 0;

  Bytes bytes(std::size_t size) {
    Bytes out(size);
    fill(out);
    return out;
  }
  std::uint64_t number() {
    std::array<std::uint8_t, 8> raw{};
    fill(raw);
    return load_u64(raw.data());
  }
};

/// The operating system's generator (libsodium). Safe from any thread.
class SystemEntropy final : public Entropy {
 public:
  SystemEntropy();
  void fill(Mutable out) override;
};

/// The same bytes for the same seed: tests and simulation only. Not for use by several threads.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : seed_(seed) {}
  void fill(Mutable out) override;

 private:
  std::uint64_t seed_;
  std::uint64_t calls_ = 0;
};

}  // namespace base

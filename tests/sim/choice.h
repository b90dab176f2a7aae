// Choices of a simulated run, all from its seed. Owns a counter; never the source of a key: those
// come from a SeededEntropy of the same seed.
#pragma once

#include <cstdint>

namespace sim {

class Choice {
 public:
  explicit Choice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t number() {
    std::uint64_t x = state_ += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
  }
  /// 0 up to `end`, exclusive.
  std::uint64_t below(std::uint64_t end) { return number() % end; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  /// Small numbers as often as large ones: 1 up to about 2^bits.
  std::uint64_t any_size(unsigned bits) {
    const unsigned width = 1 + static_cast<unsigned>(below(bits));
    return 1 + below(std::uint64_t{1} << width);
  }

 private:
  std::uint64_t state_;
};

}  // namespace sim

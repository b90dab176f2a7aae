// Mutating what stands behind a digest, a tag or a signature: a target's own mutator takes the
// outside off, lets libFuzzer change the inside, and makes the outside fit again. Without it nearly
// every input ends at the check. Owns nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace fuzz {

/// Draws from what libFuzzer gives a mutator as seed.
class Draws {
 public:
  explicit Draws(unsigned seed) : state_(seed) {}
  /// Below `bound`, which is not 0.
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33) % bound;
  }
  bool one_in(std::size_t bound) { return below(bound) == 0; }

 private:
  std::uint64_t state_;
};

/// `inside` as libFuzzer changes it, `bytes_max` long at most.
inline base::Bytes mutated(base::View inside, std::size_t bytes_max) {
  base::Bytes out(inside.begin(),
                  inside.begin() + static_cast<std::ptrdiff_t>(std::min(inside.size(), bytes_max)));
  const std::size_t size = out.size();
  out.resize(bytes_max);
  out.resize(LLVMFuzzerMutate(out.data(), size, bytes_max));
  return out;
}

/// The byte by which a target chooses, and what it chooses it for.
inline base::Bytes chosen(std::uint8_t choice, base::View rest) {
  base::Bytes out = {choice};
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

/// The mutator's answer: `bytes` in place of the input, cut where they are too many.
inline std::size_t answer(base::View bytes, std::uint8_t* data, std::size_t max_size) {
  const std::size_t size = std::min(bytes.size(), max_size);
  std::memcpy(data, bytes.data(), size);
  return size;
}

}  // namespace fuzz

// What happened in a run, as a digest and, where asked for, in lines. Owns both; two runs of one
// seed have the same digest. Never holds what is in a record.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sim {

class Trace {
 public:
  using Line = std::function<void(std::string_view)>;
  explicit Trace(Line line) : line_(std::move(line)) {}

  void add(std::string_view what, std::string_view where, std::uint64_t a, std::uint64_t b) {
    mix(base::view(what));
    mix(base::view(where));
    mix_number(a);
    mix_number(b);
    if (!line_) return;
    line_(std::to_string(lines_) + " " + std::string(what) + " " + std::string(where) + " " +
          std::to_string(a) + " " + std::to_string(b));
    ++lines_;
  }
  void mix(base::View bytes) {
    for (const std::uint8_t byte : bytes) digest_ = (digest_ ^ byte) * kPrime;
  }
  void mix_number(std::uint64_t number) {
    for (int i = 0; i < 8; ++i, number >>= 8U) digest_ = (digest_ ^ (number & 0xffU)) * kPrime;
  }
  std::uint64_t digest() const noexcept { return digest_; }

 private:
  static constexpr std::uint64_t kPrime = 0x100000001b3ULL;  // FNV-1a
  Line line_;
  std::uint64_t digest_ = 0xcbf29ce484222325ULL;
  std::uint64_t lines_ = 0;
};

}  // namespace sim

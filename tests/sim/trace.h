// What happened in a run, as a digest and, where asked for, in lines. Owns both; two runs of one
// seed have the same digest. Never holds what is in a record.
#pragma once

#include <bit>
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
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) mix_number(base::load_u64(bytes.data() + at));
    for (; at < bytes.size(); ++at) mix_number(bytes[at]);
    mix_number(bytes.size());
  }
  void mix_number(std::uint64_t number) { digest_ = (std::rotl(digest_, 23) ^ number) * kPrime; }
  std::uint64_t digest() const noexcept { return digest_; }

 private:
  static constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15ULL;  // odd: no step loses anything
  Line line_;
  std::uint64_t digest_ = 0xcbf29ce484222325ULL;
  std::uint64_t lines_ = 0;
};

}  // namespace sim

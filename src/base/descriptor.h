// An open file descriptor with one owner: closed when dropped. Never knows what it leads to.
#pragma once

#include <utility>

#include "base/result.h"

namespace base {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  /// Reading and writing no longer wait; not inherited by other programs.
  Result<void> prepare();

 private:
  int number_ = -1;
};

}  // namespace base

// For tests: what a test reads where a person would. Never part of the program.
#pragma once

#include "base/personal.h"

namespace base {
struct OpeningForTests {
  static Opening make() { return {}; }
};
}  // namespace base

namespace support {

/// The value inside.
template <class T>
const T& opened(const base::Personal<T>& value) {
  return value.open(base::OpeningForTests::make());
}

}  // namespace support

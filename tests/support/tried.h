// For tests: things that somebody tries, by name, where what becomes of each is told alike. Never
// part of the program.
#pragma once

#include <functional>

#include "base/result.h"

namespace support {

struct Tried {
  const char* what;
  std::function<base::Result<void>()> act;
};

/// What became of it, without what it answers.
template <class T>
base::Result<void> only(const base::Result<T>& result) {
  if (!result.ok()) return result.error();
  return {};
}

}  // namespace support

#include "app/failed.h"

#include <fmt/format.h>

#include <cstdio>

namespace app {

int failed(const char* command, const base::Error& error) {
  constexpr int kCannot = 2;
  fmt::print(stderr, "{}: {}\n", command, error.chain());
  return kCannot;
}

}  // namespace app

// A Personal does not format.
// expect: Cannot format an argument
#include <fmt/format.h>

#include <string>

#include "base/personal.h"
#include "either.h"

std::string line(const base::Personal<std::string>& name, const std::string& plain) {
  return fmt::format("{}", EITHER(plain, name));
}

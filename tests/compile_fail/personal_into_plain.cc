// A Personal does not turn into its value.
// expect: no viable conversion
#include <string>

#include "base/personal.h"
#include "either.h"

std::string leak(const base::Personal<std::string>& name, const std::string& plain) {
  return EITHER(plain, name);
}

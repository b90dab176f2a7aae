// Nor does a plain value compare with a Personal.
// expect: overload resolution selected deleted operator
#include <string>

#include "base/personal.h"
#include "either.h"

bool same(const base::Personal<std::string>& name, const base::Personal<std::string>& other,
          const std::string& plain) {
  return EITHER(other, plain) == name;
}

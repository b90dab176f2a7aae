// A Personal has no order: nothing can be sorted or searched by it.
// expect: invalid operands to binary expression
#include <string>

#include "base/personal.h"
#include "either.h"

bool before(const base::Personal<std::string>& name, const base::Personal<std::string>& other) {
  return name EITHER(==, <) other;
}

// Nor can one be had by writing its braces.
// expect: calling a private constructor
#include <string>

#include "base/personal.h"
#include "either.h"

const std::string& read(const base::Personal<std::string>& name, const base::Opening& opening) {
  return name.open(EITHER(opening, {}));
}

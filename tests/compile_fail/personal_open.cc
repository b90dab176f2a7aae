// A Personal does not open without an Opening.
// expect: no matching member function for call
#include <string>

#include "base/personal.h"
#include "either.h"

const std::string& read(const base::Personal<std::string>& name, const base::Opening& opening) {
  return name.open(EITHER(opening, ));
}

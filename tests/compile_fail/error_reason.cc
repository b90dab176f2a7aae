// The reason of an error is a literal.
// expect: no matching constructor
#include <string>

#include "base/result.h"
#include "either.h"

base::Error refuse(const std::string& text) {
  return base::Error(base::Code::missing, EITHER("no such user", "no user " + text));
}

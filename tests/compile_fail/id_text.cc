// Text does not become an id unless it is parsed.
// expect: no viable conversion
#include <string>

#include "base/id.h"
#include "either.h"

base::UserId user(const std::string& text) {
  return EITHER(base::UserId::parse(text).value(), text);
}

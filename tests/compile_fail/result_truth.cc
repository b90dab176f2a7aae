// A Result does not become a number or a bool by itself.
// expect: no viable conversion
#include "base/result.h"
#include "either.h"

base::Result<int> count();
bool any() {
  const bool there = EITHER(count().ok(), count());
  return there;
}

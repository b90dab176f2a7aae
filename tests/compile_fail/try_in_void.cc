// TRY needs a function that can return the error.
// expect: should not return a value|void function
#include "base/result.h"
#include "either.h"

base::Result<int> count();
EITHER(base::Result<void>, void) go() {
  const int value = TRY(count());
  static_cast<void>(value);
  return EITHER({}, );
}

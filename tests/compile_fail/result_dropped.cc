// A Result is looked at.
// expect: ignoring return value
#include "base/result.h"
#include "either.h"

base::Result<int> count();
void go() { EITHER(static_cast<void>(count().ok()), count()); }

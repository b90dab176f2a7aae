// Also one without a value.
// expect: ignoring return value
#include "base/result.h"
#include "either.h"

base::Result<void> act();
void go() { EITHER(static_cast<void>(act().ok()), act()); }

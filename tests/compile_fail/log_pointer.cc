// Nor is text behind a pointer: it does not count as a bool.
// expect: no matching constructor|no viable conversion|could not convert
#include "base/log.h"
#include "either.h"

void tell(base::Log& log, const char* text) {
  log.info("seen", {{"value", EITHER(text != nullptr, text)}});
}

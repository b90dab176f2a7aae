// Run-time text is not logged.
// expect: no matching constructor|no viable conversion|could not convert
#include <string>

#include "base/log.h"
#include "either.h"

void tell(base::Log& log, const std::string& text) {
  log.info("seen", {{"value", EITHER(base::Literal("text"), text)}});
}

// A Personal is not logged.
// expect: no matching constructor|no viable conversion|could not convert
#include <string>

#include "base/log.h"
#include "base/personal.h"
#include "either.h"

void tell(base::Log& log, const base::Personal<std::string>& name) {
  log.info("seen", {{"value", EITHER(5, name)}});
}

// An event is a literal.
// expect: no matching|no viable conversion
#include <string>

#include "base/log.h"
#include "either.h"

void tell(base::Log& log, const std::string& text) { log.info(EITHER("seen", text)); }

// Secret bytes are not logged.
// expect: no matching constructor|no viable conversion|could not convert
#include "base/log.h"
#include "base/secret_bytes.h"
#include "either.h"

void tell(base::Log& log, const base::SecretBytes& secret) {
  log.info("seen", {{"value", EITHER(secret.size(), secret)}});
}

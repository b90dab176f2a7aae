// Secret bytes are not copied by accident.
// expect: call to deleted constructor
#include "base/secret_bytes.h"
#include "either.h"

base::SecretBytes twice(const base::SecretBytes& secret) { return EITHER(secret.clone(), secret); }

// Nor by assignment.
// expect: overload resolution selected deleted operator
#include <utility>

#include "base/secret_bytes.h"
#include "either.h"

void put(base::SecretBytes& to, base::SecretBytes& from) { to = EITHER(std::move(from), from); }

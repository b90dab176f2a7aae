// Secret bytes do not format.
// expect: call to deleted constructor
#include <fmt/format.h>

#include "base/secret_bytes.h"
#include "either.h"

std::string line(const base::SecretBytes& secret) {
  return fmt::format("{}", EITHER(secret.size(), secret));
}

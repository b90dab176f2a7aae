// Secret bytes do not print.
// expect: invalid operands to binary expression
#include <iostream>

#include "base/secret_bytes.h"
#include "either.h"

void print(const base::SecretBytes& secret) { std::cout << EITHER(secret.size(), secret); }

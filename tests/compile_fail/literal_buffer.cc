// A buffer that can be written is not a literal, though it is an array.
// expect: not a constant expression
#include "base/result.h"
#include "either.h"

constexpr char fixed[] = "fixed";
char buffer[] = "buffer";

base::Literal reason() {
  buffer[0] = 'x';
  return EITHER(fixed, buffer);
}

// Ids of two kinds do not compare.
// expect: invalid operands to binary expression
#include "base/id.h"
#include "either.h"

bool same(base::UserId id, base::UserId other, base::AccountId account) {
  return id == EITHER(other, account);
}

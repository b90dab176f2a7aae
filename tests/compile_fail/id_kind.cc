// An id of one kind is not one of another.
// expect: no viable conversion
#include "base/id.h"
#include "either.h"

base::UserId user(base::UserId id, base::AccountId account) { return EITHER(id, account); }

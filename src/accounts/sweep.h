// Erasing what is over, some of it at a time: sign-ups, links. Owns how far a sweep goes and where
// it begins; never what is over, nor how it is erased.
#pragma once

#include <functional>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/id.h"
#include "store/store.h"

namespace accounts {

/// Two looks at one table, by owner from the first value on, and below it. Their other values are
/// the state that is over, the time now, and how many.
struct Over {
  base::Literal from;
  base::Literal before;
  std::int64_t state;
};

/// Erases 200 at most. Some may fail for ever, on a damaged page of the key tree: each sweep begins
/// at an owner that is drawn, so that however many they are, they stand in nobody's way. The first
/// error, when all others are erased.
base::Result<void> sweep(store::Store& store, base::Entropy& entropy, base::Time now,
                         const Over& over,
                         const std::function<base::Result<void>(base::OwnerId)>& erase);

}  // namespace accounts

// What hashing a password costs, from start to start: one row. A login as somebody unknown then
// does the hash that one as somebody known does, however busy the machine was when the server
// started. It is not in a backup: restored elsewhere, another machine chooses. Never knows a
// password, nor whose hash has which cost.
#pragma once

#include "accounts/passwords.h"
#include "store/store.h"

namespace accounts {

class KeptCost {
 public:
  static store::Schema schema();
  /// The cost to use, and how long it takes now. What was kept stays, so long as `chosen`, today's
  /// choice, is not more than twice as dear: then `chosen` is kept. It never becomes cheaper.
  /// Code::corrupt where what is kept is no cost.
  static base::Result<MeasuredCost> settle(store::Store& store, const MeasuredCost& chosen,
                                           const MeasureCost& measure);
};

}  // namespace accounts

// The door outwards: the only class of this module that opens personal values, for the bytes of a
// mail that is about to leave.
#pragma once

#include "base/personal.h"

namespace egress {

class Door {
 public:
  template <class T>
  static const T& open(const base::Personal<T>& value) {
    return value.open(base::Opening{});
  }
};

}  // namespace egress

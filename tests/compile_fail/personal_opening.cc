// An Opening is made by a door alone.
// expect: calling a private constructor
#include <string>

#include "base/personal.h"
#include "either.h"

namespace vault {
class Door {
 public:
  static base::Opening open() { return {}; }
};
}  // namespace vault
class Window {
 public:
  static base::Opening open() { return EITHER(vault::Door::open(), {}); }
};

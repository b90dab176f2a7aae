// A Personal does not become JSON.
// expect: no viable conversion
#include <nlohmann/json.hpp>
#include <string>

#include "base/personal.h"
#include "either.h"

nlohmann::json document(const base::Personal<std::string>& name, const std::string& plain) {
  nlohmann::json value = EITHER(plain, name);
  return value;
}

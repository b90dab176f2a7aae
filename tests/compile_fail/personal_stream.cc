// A Personal does not print to a stream.
// expect: overload resolution selected deleted operator
#include <iostream>
#include <string>

#include "base/personal.h"
#include "either.h"

void print(const base::Personal<std::string>& name, const std::string& plain) {
  std::cout << EITHER(plain, name);
}

#include "cli/json_list.h"

#include <fmt/format.h>

#include <cstdio>

namespace cli {

void JsonList::add(std::string_view object) {
  fmt::print("{}{}", any_ ? ",\n" : "[\n", object);
  any_ = true;
}

void JsonList::end() const { fmt::print("{}", any_ ? "\n]\n" : "[]\n"); }

}  // namespace cli

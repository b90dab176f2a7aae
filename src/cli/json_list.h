// A list of JSON objects on standard output, for a program that reads it: an object a line, printed
// as they come, so that a long list needs no room. Knows nothing of what the objects say.
#pragma once

#include <string_view>

namespace cli {

class JsonList {
 public:
  void add(std::string_view object);
  /// Also where nothing was added. Not after an error: what was cut short is no list.
  void end() const;

 private:
  bool any_ = false;
};

}  // namespace cli

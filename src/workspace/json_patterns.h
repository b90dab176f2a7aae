// The regular expressions of a JSON Schema, compiled: they match in linear time, whatever they are
// and whatever they meet. Internal to the workspace. Owns the compiled patterns; never decides what
// a schema may say.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "workspace/json_schema.h"

namespace workspace {

/// Regular expressions, by their text.
class Patterns {
 public:
  Patterns();
  ~Patterns();
  /// Code::invalid for one that RE2 has not, or that is one too many.
  base::Result<void> add(const std::string& text);
  /// Whether the pattern, which was added, is found somewhere in `text`.
  bool found(const std::string& pattern, std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace workspace

// The page templates (Mustache) that the binary carries. Owns their text; every value is escaped
// but where a template says {{{…}}}, which only prose from the notice is.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "pages/values.h"

namespace pages {

class Templates {
 public:
  /// CHECKs that each is well-formed: they are part of the program.
  Templates();
  /// The template `name` (`web/templates/NAME.mustache`), filled.
  std::string render(std::string_view name, const Values& values) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace pages

// Fields of a query or of an HTML form's body (application/x-www-form-urlencoded). Owns the decoded
// fields; never mixes the two sources.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace http {

class Form {
 public:
  static constexpr std::size_t fields_max = 256;

  /// Code::invalid for broken percent-encoding or text that is not UTF-8; Code::too_large for more
  /// than fields_max fields.
  static base::Result<Form> parse(std::string_view text);

  /// The first field of that name, or nothing.
  std::optional<std::string> get(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace http

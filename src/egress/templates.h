// The letter's layout as the binary carries it. Owns its text; every value is escaped.
#pragma once

#include <map>
#include <string>

namespace egress {

/// The HTML of a letter. `values` fill it; a part in `parts` is shown.
std::string letter_html(const std::map<std::string, std::string>& values,
                        const std::map<std::string, bool>& parts);

}  // namespace egress

// The letter's layout as the binary carries it. Owns its text; every value is escaped.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace egress {

/// The HTML of a letter. `values` fill it; a part in `parts` is shown; `told` are its last
/// paragraphs.
std::string letter_html(const std::map<std::string, std::string>& values,
                        const std::map<std::string, bool>& parts,
                        const std::vector<std::string>& told);

}  // namespace egress

// The words that both sides know: the closed list of clause ids, the purposes that the program
// itself asks the gate for, the countries of the EEA. Owns nothing else; holds no fact about an
// operator.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace notice {

/// Every clause id, in the order of the requirements. A notice has each exactly once.
std::span<const std::string> clause_ids();
bool is_clause_id(std::string_view id);

/// The purposes for which some part of the program asks. A notice may declare others only where a
/// technology, a recipient, a survivor or staff access serves them.
std::span<const std::string> program_purposes();

/// Without these no account can be opened or closed; a notice must declare them.
std::span<const std::string> required_purposes();

/// ISO 3166 codes of the EEA's countries.
std::span<const std::string> eea_countries();
/// A country of the EEA, or the word `EEA` itself.
bool inside_eea(std::string_view place);

}  // namespace notice

// The names of countries, for people: by their codes of ISO 3166-1, in the languages that we speak.
// The names are those of Unicode's CLDR. Owns a table and nothing else.
#pragma once

#include <string>
#include <string_view>

namespace base {

/// The country's name in `language` (`en`, `nb`); English for any other, and the code itself where
/// no country has it.
std::string country_name(std::string_view code, std::string_view language);

}  // namespace base

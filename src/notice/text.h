// Prose in the languages of a notice. Owns nothing.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace notice {

/// Language -> text.
using Text = std::map<std::string, std::string, std::less<>>;
/// The text in `language`, else in English, else in any language; empty only where there is none.
const std::string& in(const Text& text, std::string_view language);

}  // namespace notice

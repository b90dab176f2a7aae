// Prose in the languages of a notice: one text for each, picked by the reader's wish. Owns nothing;
// never translates and never falls back silently to an empty text.
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

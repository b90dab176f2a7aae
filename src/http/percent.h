// Percent-encoding (RFC 3986) and the text inside it. Owns nothing; never guesses: what is not
// well-formed is refused.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace http {

/// What `+` means: itself in a path, a space in a form or query.
enum class Plus { keep, space };

/// Code::invalid where a percent sign is not followed by two hexadecimal digits.
base::Result<std::string> percent_decode(std::string_view text, Plus plus);
/// Everything but unreserved characters and `/` becomes %XX: for paths in links.
std::string percent_encode_path(std::string_view text);

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool valid_utf8(std::string_view text) noexcept;
/// Whether any character is a control character (C0, DEL, C1). `text` is valid UTF-8.
bool has_control_characters(std::string_view text) noexcept;

/// Equal but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
/// ASCII letters in lower case.
std::string lower_case(std::string_view text);
/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace http

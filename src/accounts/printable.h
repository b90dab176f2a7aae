// Text that a person gave a name with: what may be shown again. Owns nothing.
#pragma once

#include <string_view>

namespace accounts {

/// Well-formed UTF-8 without control characters (also those of two bytes, U+0080 to U+009F).
bool printable(std::string_view text);

}  // namespace accounts

// What an Accept header (RFC 9110, 12.5.1) would rather have. Owns nothing; never refuses: a header
// that cannot be read counts as none.
#pragma once

#include <string_view>

namespace http {

/// How much `accept` wants `type` (as in `text/html`): 0 to 1000, by the most specific range that
/// covers it; 1000 where there is no header.
int quality_of(std::string_view accept, std::string_view type);

/// Whether an Accept-Language header (RFC 9110, 12.5.4) would rather have Norwegian than English:
/// by weight, else by what is named first. English where it names neither.
bool prefers_norwegian(std::string_view accept_language);

}  // namespace http

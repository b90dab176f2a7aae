// The files under web/ as the binary carries them, and the fonts made from those of npm. Owns
// nothing else.
#pragma once

#include <string_view>

namespace pages::web {
/// By its path in the source tree (`web/css/base.css`); empty where there is none.
std::string_view embedded(std::string_view path);
}  // namespace pages::web

namespace pages::fonts {
/// By its name (`serif.woff2`); empty where there is none.
std::string_view embedded(std::string_view path);
}  // namespace pages::fonts

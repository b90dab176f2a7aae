// The files under web/ as the binary carries them, the fonts made from those of npm, and what Vite
// has built of web/app. Owns nothing else.
#pragma once

#include <span>
#include <string_view>

namespace pages::web {
/// By its path in the source tree (`web/css/base.css`); empty where there is none.
std::string_view embedded(std::string_view path);
}  // namespace pages::web

namespace pages::fonts {
/// By its name (`serif.woff2`); empty where there is none.
std::string_view embedded(std::string_view path);
}  // namespace pages::fonts

namespace pages::application {
/// By its name (`manifest.json`); empty where there is none.
std::string_view embedded(std::string_view path);
/// Of all that was built.
std::span<const std::string_view> names();
}  // namespace pages::application

// Contrast between two colours, as WCAG 2 computes it. Owns nothing.
#pragma once

#include <string_view>

namespace notice {

/// From 1 (the same) to 21 (black on white). `#rrggbb` each; 0 where a colour has another form.
double contrast(std::string_view a, std::string_view b);

}  // namespace notice

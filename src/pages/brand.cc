#include "pages/brand.h"

#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "notice/contrast.h"

namespace pages {
namespace {

constexpr double contrast_min = 4.5;  // WCAG 2.2 AA for text

struct Colour {
  int red = 0, green = 0, blue = 0;
};

struct Scheme {
  std::array<std::string_view, 3> grounds;  // paper, raised, sunk, as in web/css/tokens.css
  std::string_view ink;
  double wash;  // how much of the accent is in a selection
};
constexpr Scheme light{{"#fbfaf6", "#ffffff", "#f3f1ea"}, "#17201d", 0.10};
constexpr Scheme dark{{"#0e1412", "#151d1a", "#0a0f0d"}, "#e6ebe7", 0.09};

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<Colour> parse(std::string_view text) {
  if (text.size() != 7 || text[0] != '#') return std::nullopt;
  std::array<int, 3> parts{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto high = hex_digit(text[1 + 2 * i]);
    const auto low = hex_digit(text[2 + 2 * i]);
    if (!high || !low) return std::nullopt;
    parts[i] = *high * 16 + *low;
  }
  return Colour{parts[0], parts[1], parts[2]};
}

std::string print(Colour colour) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "#";
  for (const int part : {colour.red, colour.green, colour.blue}) {
    out.push_back(digits[static_cast<std::size_t>(part / 16)]);
    out.push_back(digits[static_cast<std::size_t>(part % 16)]);
  }
  return out;
}

Colour mix(Colour over, Colour ground, double share) {
  const auto part = [share](int a, int b) {
    return static_cast<int>(std::lround(a * share + b * (1 - share)));
  };
  return {part(over.red, ground.red), part(over.green, ground.green), part(over.blue, ground.blue)};
}

base::Result<std::string> properties(std::string_view accent, const Scheme& scheme) {
  const auto colour = parse(accent);
  if (!colour) return base::Error{base::Code::invalid, "an accent is a colour of the form #rrggbb"};
  for (const std::string_view ground : scheme.grounds) {
    if (notice::contrast(accent, ground) < contrast_min)
      return base::Error{base::Code::invalid, "the accent cannot be read on its ground (4.5:1)"};
  }
  const std::string deep = print(mix(*colour, {0, 0, 0}, 0.22));
  const bool takes_white = notice::contrast("#ffffff", accent) >= contrast_min;
  const std::string on_accent = takes_white ? "#ffffff" : deep;
  if (notice::contrast(on_accent, accent) < contrast_min)
    return base::Error{base::Code::invalid, "no text can be read on the accent (4.5:1)"};
  // Under the pointer the button goes away from the colour of its text, so contrast only grows.
  const Colour strong = mix(takes_white ? Colour{0, 0, 0} : Colour{255, 255, 255}, *colour, 0.14);
  const Colour wash = mix(*colour, *parse(scheme.grounds[takes_white ? 1 : 0]), scheme.wash);
  return "--accent:" + std::string(accent) + ";--accent-strong:" + print(strong) +
         ";--on-accent:" + on_accent + ";--wash:" + print(wash) + ";";
}

bool only(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

base::Result<std::string> brand_css(const notice::Brand& brand) {
  const std::string on_light = TRY(properties(brand.accent_light, light));
  const std::string on_dark = TRY(properties(brand.accent_dark, dark));
  return ":root{" + on_light + "}\n@media (prefers-color-scheme:dark){:root{" + on_dark +
         "}}\n@media print{:root{" + on_light + "}}\n";
}

base::Result<std::string> logo_svg(const notice::Brand& brand) {
  if (!only(brand.logo_view_box, "0123456789.- "))
    return base::Error{base::Code::invalid, "a logo's view box is four numbers"};
  if (!only(brand.logo_path, "MmZzLlHhVvCcSsQqTtAa0123456789.,-+eE \n"))
    return base::Error{base::Code::invalid, "a logo's path is SVG path data"};
  return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox=")" + brand.logo_view_box +
         R"("><path fill=")" + brand.accent_light + R"(" d=")" + brand.logo_path + R"("/></svg>)";
}

}  // namespace pages

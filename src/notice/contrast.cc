#include "notice/contrast.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace notice {
namespace {

double linear(unsigned channel) {
  const double c = static_cast<double>(channel) / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

std::optional<double> luminance(std::string_view colour) {
  unsigned rgb = 0;
  if (colour.size() != 7 || colour[0] != '#') return std::nullopt;
  const char* end = colour.data() + colour.size();
  const auto [stop, error] = std::from_chars(colour.data() + 1, end, rgb, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return 0.2126 * linear(rgb >> 16) + 0.7152 * linear((rgb >> 8) & 0xff) +
         0.0722 * linear(rgb & 0xff);
}

}  // namespace

double contrast(std::string_view a, std::string_view b) {
  const auto first = luminance(a);
  const auto second = luminance(b);
  if (!first || !second) return 0;
  return (std::max(*first, *second) + 0.05) / (std::min(*first, *second) + 0.05);
}

}  // namespace notice

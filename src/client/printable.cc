#include "client/printable.h"

#include <cstdint>

namespace client {
namespace {

constexpr std::size_t kNameBytes = 255;

struct Letter {
  std::size_t size = 1;
  std::uint32_t point = 0;
  bool valid = false;
};

/// The first letter of `text`, which is not empty, as UTF-8 (RFC 3629).
Letter first_of(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return {1, lead, true};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {};
  std::uint32_t point = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<std::uint8_t>(text[i]);
    if ((next & 0xc0U) != 0x80) return {};
    point = point << 6U | (next & 0x3fU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < kLeast[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return {};
  return {size, point, true};
}

bool harmless(std::uint32_t point) {
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return false;
  if (point == 0x61c || point == 0x200e || point == 0x200f) return false;  // marks of direction
  if (point >= 0x2028 && point <= 0x202e) return false;  // line ends, overrides of direction
  return (point < 0x2066 || point > 0x2069) && point != 0xfeff;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Letter letter = first_of(text);
    if (letter.valid && harmless(letter.point))
      out += text.substr(0, letter.size);
    else
      out += '?';
    text.remove_prefix(letter.size);
  }
  return out;
}

bool safe_file_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytes || name == "." || name == "..") return false;
  for (const char c : name)
    if (c == '/' || static_cast<std::uint8_t>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

}  // namespace client

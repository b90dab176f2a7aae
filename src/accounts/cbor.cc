#include "accounts/cbor.h"

#include <array>
#include <cstdint>

namespace accounts {
namespace {

constexpr std::size_t kLevels = 4;

// Major types (RFC 8949, 3.1).
enum Major : std::uint8_t { kBytes = 2, kText = 3, kArray = 4, kMap = 5, kTag = 6 };

/// The argument of an item's head; nothing for an indefinite length, or where the bytes end.
std::optional<std::uint64_t> argument(base::Reader& reader, std::uint8_t head) {
  const std::uint8_t low = head & 31U;
  if (low < 24) return low;
  if (low > 27) return std::nullopt;
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 1U << (low - 24U); ++i) {
    const auto byte = reader.u8();
    if (!byte.ok()) return std::nullopt;
    value = value << 8U | *byte;
  }
  return value;
}

}  // namespace

std::optional<std::size_t> cbor_items(base::View bytes) {
  base::Reader reader(bytes);
  std::array<std::uint64_t, kLevels> left{};  // items that are still to come, level by level
  std::size_t level = 0;
  std::size_t items = 0;
  while (!reader.done()) {
    const std::uint8_t head = reader.u8().value();
    const auto value = argument(reader, head);
    if (!value) return std::nullopt;
    if (level == 0) ++items;
    if (level > 0) --left[level - 1];
    const std::uint8_t major = head >> 5U;
    if (major == kTag) return std::nullopt;
    // Each item takes a byte at least: no count is larger than what is left.
    if (major >= kBytes && major <= kMap && *value > reader.rest().size()) return std::nullopt;
    if (major == kBytes || major == kText) (void)reader.take(*value).ok();
    if ((major == kArray || major == kMap) && *value > 0) {
      if (level == kLevels) return std::nullopt;
      left[level++] = major == kMap ? *value * 2 : *value;
    }
    while (level > 0 && left[level - 1] == 0) --level;
  }
  if (level > 0) return std::nullopt;
  return items;
}

}  // namespace accounts

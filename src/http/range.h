// Range requests (RFC 9110, 14): which bytes of a representation are asked for. Owns nothing; never
// answers several ranges at once (a server may ignore such a header, and we do).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace http {

enum class Extent : std::uint8_t {
  whole,          // no range, or one that a server ignores: answer 200
  part,           // answer 206 with content_range()
  unsatisfiable,  // answer 416 with unsatisfied_range()
};

struct Range {
  Extent extent = Extent::whole;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // of what is to be sent; 0 where unsatisfiable
  bool operator==(const Range&) const = default;
};

/// Reads a Range header for a representation of `size` bytes. An empty header is none.
Range parse_range(std::string_view header, std::uint64_t size);

/// Content-Range of a 206: `bytes 0-99/1000`.
std::string content_range(const Range& range, std::uint64_t size);
/// Content-Range of a 416.
std::string unsatisfied_range(std::uint64_t size);

}  // namespace http

// Plain bytes and their printable forms. Owns nothing; never holds secrets (see secret_bytes.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace base {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;
using Mutable = std::span<std::uint8_t>;

inline View view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes copy(View bytes) { return {bytes.begin(), bytes.end()}; }

/// RFC 4648 base32, lower case, without padding. Decoding refuses what encoding never makes.
std::string base32(View bytes);
Result<Bytes> parse_base32(std::string_view text);
/// RFC 4648 base64 with padding (as C2SP signed notes use it).
std::string base64(View bytes);
Result<Bytes> parse_base64(std::string_view text);
/// RFC 4648 base64url without padding.
std::string base64url(View bytes);
Result<Bytes> parse_base64url(std::string_view text);
std::string hex(View bytes);
Result<Bytes> parse_hex(std::string_view text);

/// Big-endian integers appended to, or read from, bytes.
void put_u16(Bytes& out, std::uint16_t value);
void put_u32(Bytes& out, std::uint32_t value);
void put_u64(Bytes& out, std::uint64_t value);
void store_u64(std::uint8_t* at, std::uint64_t value) noexcept;
std::uint64_t load_u64(const std::uint8_t* at) noexcept;
void store_u32(std::uint8_t* at, std::uint32_t value) noexcept;
std::uint32_t load_u32(const std::uint8_t* at) noexcept;

/// Appends `bytes` behind its length as a big-endian u32: an unambiguous concatenation.
void put_block(Bytes& out, View bytes);

/// Reads a byte string front to back; every read is checked against what is left.
class Reader {
 public:
  explicit Reader(View bytes) : left_(bytes) {}
  Result<std::uint8_t> u8();
  Result<std::uint16_t> u16();
  Result<std::uint32_t> u32();
  Result<std::uint64_t> u64();
  Result<View> take(std::size_t size);
  /// The inverse of put_block.
  Result<View> block();
  bool done() const noexcept { return left_.empty(); }
  View rest() const noexcept { return left_; }

 private:
  View left_;
};

/// Equal in time that depends on the sizes alone.
bool equal_constant_time(View a, View b) noexcept;

}  // namespace base

#include "base/bytes.h"

#include <sodium.h>

#include <array>
#include <bit>

namespace base {
namespace {

constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";

template <class T>
void put(Bytes& out, T value) {
  for (int shift = (sizeof(T) - 1) * 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

template <class T>
T load(const std::uint8_t* at) noexcept {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>((value << 8) | at[i]);
  return value;
}

std::string sodium_base64(View bytes, int variant) {
  if (bytes.empty()) return {};
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), variant);
  out.pop_back();  // the terminating zero that libsodium counts in
  return out;
}

Result<Bytes> parse_sodium_base64(std::string_view text, int variant) {
  if (text.empty()) return Bytes{};  // libsodium takes no null pointer
  Bytes out(text.size());
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end,
                        variant) != 0 ||
      end != text.data() + text.size())
    return Error{Code::invalid, "not base64"};
  out.resize(size);
  // Several texts decode to the same bytes; only the one that encoding makes is accepted.
  if (sodium_base64(out, variant) != text) return Error{Code::invalid, "not canonical base64"};
  return out;
}

}  // namespace

std::string base32(View bytes) {
  std::string out;
  out.reserve((bytes.size() * 8 + 4) / 5);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out.push_back(kBase32[(buffer >> bits) & 31U]);
    }
  }
  if (bits > 0) out.push_back(kBase32[(buffer << (5 - bits)) & 31U]);
  return out;
}

Result<Bytes> parse_base32(std::string_view text) {
  Bytes out;
  out.reserve(text.size() * 5 / 8);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = kBase32.find(c);
    if (digit == std::string_view::npos) return Error{Code::invalid, "not base32"};
    buffer = (buffer << 5) | static_cast<std::uint32_t>(digit);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(buffer >> bits));
    }
  }
  if (base32(out) != text) return Error{Code::invalid, "not canonical base32"};
  return out;
}

std::string base64(View bytes) { return sodium_base64(bytes, sodium_base64_VARIANT_ORIGINAL); }
Result<Bytes> parse_base64(std::string_view text) {
  return parse_sodium_base64(text, sodium_base64_VARIANT_ORIGINAL);
}
std::string base64url(View bytes) {
  return sodium_base64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
Result<Bytes> parse_base64url(std::string_view text) {
  return parse_sodium_base64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string hex(View bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15U]);
  }
  return out;
}

Result<Bytes> parse_hex(std::string_view text) {
  Bytes out(text.size() / 2);
  std::size_t size = 0;
  const char* end = nullptr;
  if (text.empty()) return Bytes{};
  if (text.size() % 2 != 0 ||
      sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end) != 0 ||
      end != text.data() + text.size())
    return Error{Code::invalid, "not hexadecimal"};
  return out;
}

void put_u16(Bytes& out, std::uint16_t value) { put(out, value); }
void put_u32(Bytes& out, std::uint32_t value) { put(out, value); }
void put_u64(Bytes& out, std::uint64_t value) { put(out, value); }
void store_u64(std::uint8_t* at, std::uint64_t value) noexcept {
  for (int i = 7; i >= 0; --i, value >>= 8) at[i] = static_cast<std::uint8_t>(value);
}
std::uint64_t load_u64(const std::uint8_t* at) noexcept { return load<std::uint64_t>(at); }
void store_u32(std::uint8_t* at, std::uint32_t value) noexcept {
  for (int i = 3; i >= 0; --i, value >>= 8) at[i] = static_cast<std::uint8_t>(value);
}
std::uint32_t load_u32(const std::uint8_t* at) noexcept { return load<std::uint32_t>(at); }

void put_block(Bytes& out, View bytes) {
  CHECK(bytes.size() <= UINT32_MAX);
  put_u32(out, static_cast<std::uint32_t>(bytes.size()));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

Result<View> Reader::take(std::size_t size) {
  if (size > left_.size()) return Error{Code::corrupt, "ends too early"};
  const View taken = left_.first(size);
  left_ = left_.subspan(size);
  return taken;
}

Result<std::uint8_t> Reader::u8() {
  const View at = TRY(take(1));
  return at[0];
}
Result<std::uint16_t> Reader::u16() {
  const View at = TRY(take(2));
  return load<std::uint16_t>(at.data());
}
Result<std::uint32_t> Reader::u32() {
  const View at = TRY(take(4));
  return load_u32(at.data());
}
Result<std::uint64_t> Reader::u64() {
  const View at = TRY(take(8));
  return load_u64(at.data());
}
Result<View> Reader::block() {
  const std::uint32_t size = TRY(u32());
  return take(size);
}

bool equal_constant_time(View a, View b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace base

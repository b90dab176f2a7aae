#include "http/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "http/percent.h"

namespace http {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kTextMax = 45;  // INET6_ADDRSTRLEN without its end
constexpr std::size_t kV4Network = 3;
constexpr std::size_t kV6Network = 7;

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

/// One entry of X-Forwarded-For: an address, as some proxies write it with its port.
std::optional<ClientAddress> read_entry(std::string_view entry) {
  if (entry.starts_with('[')) {
    const auto close = entry.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view behind = entry.substr(close + 1);
    if (!behind.empty() && (!behind.starts_with(':') || !is_port(behind.substr(1))))
      return std::nullopt;
    return ClientAddress::parse(entry.substr(1, close - 1));
  }
  if (std::ranges::count(entry, ':') == 1) {
    const auto colon = entry.find(':');
    if (!is_port(entry.substr(colon + 1))) return std::nullopt;
    entry = entry.substr(0, colon);
  }
  return ClientAddress::parse(entry);
}

}  // namespace

std::optional<ClientAddress> ClientAddress::parse(std::string_view text) {
  if (text.empty() || text.size() > kTextMax || text.contains('\0')) return std::nullopt;
  const std::string ended(text);
  ClientAddress address;
  if (::inet_pton(AF_INET6, ended.c_str(), address.bytes_.data()) == 1) return address;
  std::ranges::copy(kMapped, address.bytes_.begin());
  if (::inet_pton(AF_INET, ended.c_str(), address.bytes_.data() + kMapped.size()) == 1)
    return address;
  return std::nullopt;
}

bool ClientAddress::is_v4() const {
  return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin());
}

bool ClientAddress::is_loopback() const {
  if (is_v4()) return bytes_[kMapped.size()] == 127;
  return std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto byte) { return byte == 0; }) &&
         bytes_.back() == 1;
}

std::string ClientAddress::network_text() const {
  const base::View all(bytes_);
  if (is_v4()) return "4:" + base::hex(all.subspan(kMapped.size(), kV4Network));
  return "6:" + base::hex(all.first(kV6Network));
}

base::Personal<std::string> ClientAddress::network() const {
  return base::Personal<std::string>(network_text());
}

base::Digest ClientAddress::network_digest(base::View key) const {
  return base::hmac_sha256(key, base::view(network_text()));
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto first = ClientAddress::parse(text.substr(0, slash));
  if (!first) return std::nullopt;
  AddressRange range;
  range.first_ = *first;
  if (slash == std::string_view::npos) return range;
  const std::string_view digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool v4 = !text.substr(0, slash).contains(':');
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() ||
      bits > (v4 ? 32U : 128U))
    return std::nullopt;
  range.bits_ = bits + (v4 ? 96U : 0U);
  for (unsigned bit = range.bits_; bit < 128; ++bit)
    if ((range.first_.bytes_[bit / 8] >> (7 - bit % 8) & 1U) != 0) return std::nullopt;
  return range;
}

bool AddressRange::contains(const ClientAddress& address) const {
  for (unsigned bit = 0; bit < bits_;) {
    const unsigned at = bit / 8;
    const unsigned differs = first_.bytes_[at] ^ address.bytes_[at];
    const unsigned counted = std::min(8U, bits_ - bit);
    if (differs >> (8 - counted) != 0) return false;
    bit += counted;
  }
  return true;
}

bool among(const AddressRanges& ranges, const ClientAddress& address) {
  return std::ranges::any_of(ranges,
                             [&](const AddressRange& range) { return range.contains(address); });
}

ClientAddress client_of(const ClientAddress& peer, std::string_view forwarded,
                        const AddressRanges& trusted) {
  ClientAddress client = peer;
  while (!forwarded.empty() && among(trusted, client)) {
    const auto comma = forwarded.rfind(',');
    const std::string_view entry =
        trimmed(comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1));
    const auto said = read_entry(entry);
    if (!said) return client;
    client = *said;
    forwarded = comma == std::string_view::npos ? std::string_view() : forwarded.substr(0, comma);
  }
  return client;
}

}  // namespace http

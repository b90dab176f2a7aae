// Where a request comes from: the address of its client, and who may say so on another's behalf.
// Personal data: it does not print; others get the network that it lies in, as a Personal value or
// as a keyed digest, and the country (countries.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/personal.h"
#include "base/result.h"

namespace http {

class ClientAddress {
 public:
  /// An IPv4 or IPv6 address as text; an IPv4 address within IPv6 (::ffff:0:0/96) is that IPv4
  /// address. Nothing for anything else, zones included.
  static std::optional<ClientAddress> parse(std::string_view text);

  /// The network of whoever has the address: /24 of IPv4, /56 of IPv6 (what providers give to one
  /// customer), in a form of our own.
  base::Personal<std::string> network() const;
  /// Whether it is this very machine.
  bool is_loopback() const;
  /// HMAC-SHA-256 of that network.
  base::Digest network_digest(base::View key) const;

  bool operator==(const ClientAddress&) const = default;

 private:
  friend class AddressRange;
  friend class Countries;
  bool is_v4() const;
  std::string network_text() const;
  std::array<std::uint8_t, 16> bytes_{};  // IPv4 as ::ffff:a.b.c.d
};

/// Addresses that begin with the same bits.
class AddressRange {
 public:
  /// `192.0.2.0/24`, `2001:db8::/32`, or one address. Nothing where it is neither, or where bits
  /// behind the prefix are set.
  static std::optional<AddressRange> parse(std::string_view text);
  bool contains(const ClientAddress& address) const;

 private:
  ClientAddress first_;
  unsigned bits_ = 128;  // of the sixteen bytes
};
using AddressRanges = std::vector<AddressRange>;

bool among(const AddressRanges& ranges, const ClientAddress& address);

/// The client of a request that `peer` brings with an X-Forwarded-For of `forwarded` (empty: none).
/// What it says counts only as far as proxies in `trusted` have written it: from the right, up to
/// the first address that is none of theirs, or to what cannot be read.
ClientAddress client_of(const ClientAddress& peer, std::string_view forwarded,
                        const AddressRanges& trusted);

}  // namespace http

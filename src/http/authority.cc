#include "http/authority.h"

#include <algorithm>
#include <charconv>

#include "http/percent.h"

namespace http {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t name_bytes_max = 253;
constexpr std::size_t label_bytes_max = 63;

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > name_bytes_max) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
      continue;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!letter || ++label > label_bytes_max) return false;
  }
  return label > 0;  // no dot at the end: one spelling for a name
}

bool is_bracketed_address(std::string_view name) {
  if (name.size() < 4 || name.size() > 41 || name.front() != '[' || name.back() != ']')
    return false;
  const std::string_view address = name.substr(1, name.size() - 2);
  return address.contains(':') &&
         address.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
}

}  // namespace

base::Result<std::string> parse_authority(std::string_view raw, Scheme scheme) {
  const Error bad{Code::invalid, "the Host is not a name or an address"};
  const std::string text = lower_case(raw);
  const std::string_view host = host_of(text);
  if (!is_name(host) && !is_bracketed_address(host)) return bad;
  const std::string_view rest = std::string_view(text).substr(host.size());
  if (rest.empty()) return text;
  const std::string_view digits = rest.substr(1);
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size() || port == 0)
    return bad;
  if (port == (scheme == Scheme::https ? 443 : 80)) return std::string(host);
  return std::string(host) + ":" + std::to_string(port);
}

std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

bool is_loopback_name(std::string_view host) {
  if (host == "localhost" || host.ends_with(".localhost") || host == "[::1]") return true;
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::ranges::count(host, '.') == 3;
}

}  // namespace http

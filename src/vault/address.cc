#include "vault/address.h"

#include <algorithm>

#include "vault/door.h"

// RFC 5321 without what nobody uses on purpose: no quoted local part, no comments, no address
// literals. ASCII alone: an internationalised domain comes in its own ASCII form.

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kAddressMax = 254;  // RFC 5321, a path without its angle brackets
constexpr std::size_t kLocalMax = 64;
constexpr std::size_t kLabelMax = 63;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_atom(char c) {
  constexpr std::string_view kSpecial = "!#$%&'*+-/=?^_`{|}~";
  return is_letter_or_digit(c) || kSpecial.find(c) != std::string_view::npos;
}

/// Whether `text` is parts joined by single dots, each accepted by `part`.
template <class Part>
bool dotted(std::string_view text, Part part) {
  while (true) {
    const auto dot = text.find('.');
    if (!part(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_local_part(std::string_view text) {
  if (text.size() > kLocalMax) return false;
  return dotted(text, [](std::string_view atom) {
    return !atom.empty() && std::ranges::all_of(atom, is_atom);
  });
}

bool is_domain(std::string_view text) {
  if (text.find('.') == std::string_view::npos) return false;
  return dotted(text, [](std::string_view label) {
    const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '-'; };
    return !label.empty() && label.size() <= kLabelMax && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, allowed);
  });
}

}  // namespace

Result<Address> Address::parse(std::string_view text) {
  if (text.size() > kAddressMax) return Error{Code::invalid, "an e-mail address is too long"};
  const auto at = text.find('@');
  const bool one_at =
      at != std::string_view::npos && text.find('@', at + 1) == std::string_view::npos;
  if (!one_at || !is_local_part(text.substr(0, at)) || !is_domain(text.substr(at + 1)))
    return Error{Code::invalid, "not an e-mail address"};
  return Address(base::Personal<std::string>(std::string(text)));
}

base::Bytes Door::folded(const Address& address) {
  base::Bytes out = base::copy(base::view(open(address.text())));
  for (auto& byte : out)
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<std::uint8_t>(byte - 'A' + 'a');
  return out;
}

Address Address::folded() const {
  return Address(base::Personal<std::string>(std::string(base::text(Door::folded(*this)))));
}

base::Digest Address::digest(base::View key) const {
  return base::hmac_sha256(key, Door::folded(*this));
}

}  // namespace vault

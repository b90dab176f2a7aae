#include "accounts/totp.h"

#include <liboath/oath.h>

#include <algorithm>
#include <array>

namespace accounts::totp {
namespace {

constexpr unsigned kDigits = 6;
constexpr std::int64_t kSkew = 1;  // steps to either side

void escape(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || c == '@';
    if (plain)
      out.push_back(c);
    else
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
  }
}

}  // namespace

std::int64_t step_of(base::Time time) noexcept { return time.time_since_epoch() / step_lasts; }

std::string code(const base::SecretBytes& secret, std::int64_t step) {
  std::array<char, kDigits + 1> digits{};
  const int made =
      oath_hotp_generate(reinterpret_cast<const char*>(secret.view().data()), secret.size(),
                         static_cast<std::uint64_t>(step), kDigits, /*add_checksum=*/false,
                         OATH_HOTP_DYNAMIC_TRUNCATION, digits.data());
  CHECK(made == OATH_OK);
  return {digits.data(), kDigits};
}

std::optional<std::int64_t> step_of_code(const base::SecretBytes& secret, std::string_view code,
                                         base::Time now, std::int64_t used) {
  std::string digits;
  for (const char c : code) {
    if (c == ' ') continue;
    if (digits.size() == kDigits) return std::nullopt;
    digits.push_back(c);
  }
  const std::int64_t present = step_of(now);
  std::optional<std::int64_t> found;
  // All three are looked at, whichever fits: the time does not tell which.
  for (std::int64_t step = present - kSkew; step <= present + kSkew; ++step) {
    const std::string right = totp::code(secret, step);
    if (base::equal_constant_time(base::view(right), base::view(digits)) && step > used && !found)
      found = step;
  }
  return found;
}

std::string secret_text(const base::SecretBytes& secret) {
  std::string text = base::base32(secret.view());
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::string uri(std::string_view issuer, std::string_view account,
                const base::SecretBytes& secret) {
  std::string text = "otpauth://totp/";
  escape(text, issuer);
  text.push_back(':');
  escape(text, account);
  text += "?secret=" + secret_text(secret) + "&issuer=";
  escape(text, issuer);
  return text + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace accounts::totp

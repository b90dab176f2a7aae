#include "accounts/access_token.h"

#include <algorithm>

namespace accounts {
namespace {

constexpr std::size_t kRandomBytes = 20;
constexpr std::size_t kSumBytes = 5;
constexpr std::size_t kSumLetters = 8;
constexpr std::string_view kScheme = "bearer ";

std::string checksum(std::string_view text) {
  return base::base32(base::View(base::sha256(base::view(text))).first(kSumBytes));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); }

}  // namespace

std::string make_access_token(base::Entropy& entropy) {
  std::string token(token_prefix);
  token += base::base32(entropy.bytes(kRandomBytes));
  return token + checksum(token);
}

std::optional<base::Digest> digest_of_access_token(std::string_view token) {
  if (token.size() != token_letters || !token.starts_with(token_prefix)) return std::nullopt;
  if (!std::ranges::all_of(token.substr(token_prefix.size()), is_letter)) return std::nullopt;
  const std::string_view summed = token.substr(0, token.size() - kSumLetters);
  if (checksum(summed) != token.substr(summed.size())) return std::nullopt;
  return base::sha256(base::view(token));
}

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  if (authorization.size() <= kScheme.size()) return std::nullopt;
  const bool scheme = std::ranges::equal(authorization.substr(0, kScheme.size()), kScheme,
                                         [](char said, char wanted) {
                                           const bool upper = said >= 'A' && said <= 'Z';
                                           return (upper ? said + ('a' - 'A') : said) == wanted;
                                         });
  if (!scheme) return std::nullopt;
  return authorization.substr(kScheme.size());
}

}  // namespace accounts

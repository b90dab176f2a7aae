// A personal access token as it is written: a prefix that says whose it is, 160 random bits, and a
// checksum, so that whoever finds one in a file can tell it from anything else without asking us.
//   scal_pat_ + base32(20 random bytes) + base32(first 5 bytes of SHA-256 of all before)
// Owns nothing; knows nobody's token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/entropy.h"

namespace accounts {

inline constexpr std::string_view token_prefix = "scal_pat_";
inline constexpr std::size_t token_letters = 9 + 32 + 8;

std::string make_access_token(base::Entropy& entropy);
/// What is kept of it, where it is well-formed; nothing otherwise.
std::optional<base::Digest> digest_of_access_token(std::string_view token);
/// The token in `Authorization: Bearer TOKEN` (RFC 6750, 2.1), as it stands; nothing where the
/// header says anything else.
std::optional<std::string_view> bearer_token(std::string_view authorization);

}  // namespace accounts

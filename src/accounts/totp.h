// Codes of authenticator apps: TOTP (RFC 6238) as those apps expect it, SHA-1, six digits, thirty
// seconds. Pure functions over liboath; owns no secret, remembers nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/secret_bytes.h"

namespace accounts::totp {

inline constexpr std::size_t secret_size = 20;  // RFC 4226, 4: as long as the hash
inline constexpr base::Duration step_lasts = std::chrono::seconds(30);

/// The number of the step in which `time` lies.
std::int64_t step_of(base::Time time) noexcept;
/// The six digits of a step.
std::string code(const base::SecretBytes& secret, std::int64_t step);
/// The step whose code this is: the present one or a neighbour of it (clocks differ), and later
/// than `used`, so that no code is good twice. Spaces in `code` do not count.
std::optional<std::int64_t> step_of_code(const base::SecretBytes& secret, std::string_view code,
                                         base::Time now, std::int64_t used);

/// The secret as it is typed into an app: base32 in upper case.
std::string secret_text(const base::SecretBytes& secret);
/// What the QR code carries (the key URI format that apps share). `account` is what the app shows
/// beneath the issuer's name.
std::string uri(std::string_view issuer, std::string_view account, const base::SecretBytes& secret);

}  // namespace accounts::totp

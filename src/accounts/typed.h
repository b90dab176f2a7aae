// What somebody types of herself when she begins, looked at once: a name, a password. Owns what
// they must be like; keeps nothing.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/personal.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace accounts {

/// The shape of a name that a person may sign up with: 1 to 200 bytes of UTF-8 with a letter in it
/// and no control characters. Code::invalid otherwise.
base::Result<base::Personal<std::string>> parse_legal_name(std::string_view text);
inline constexpr std::size_t password_bytes_min = 12;
inline constexpr std::size_t password_bytes_max = 1024;
/// 12 to 1024 bytes, and not easily guessed by somebody who knows what is said `about` the person:
/// her name, her address (accounts/strength.h). Code::invalid otherwise.
base::Result<base::SecretBytes> parse_password(std::string_view text,
                                               std::initializer_list<std::string_view> about);

}  // namespace accounts

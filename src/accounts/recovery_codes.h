// Recovery codes: what opens an account when the phone is lost. Makes them and reads them back as
// people type them; owns none. 80 random bits each: nobody guesses one, so that tries at them need
// no limit that could lock out the person herself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/entropy.h"
#include "base/personal.h"

namespace accounts {

inline constexpr std::size_t recovery_codes_made = 10;

/// Each as `abcd-efgh-ijkl-mnop` (RFC 4648 base32).
std::vector<std::string> make_recovery_codes(base::Entropy& entropy);
/// The same text for every way to write one code: letters alone, in lower case; 0, 1 and 8, which
/// are in no code, for the letters that they look like. Empty where this is no code.
base::Personal<std::string> normal_recovery_code(std::string_view typed);

}  // namespace accounts

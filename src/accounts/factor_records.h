// The names of the sealed records that factors are kept in. Never renamed.
#pragma once

#include "base/result.h"

namespace accounts {

inline constexpr base::Literal kCredentials = "credentials";  // the notice's category
inline constexpr base::Literal kAuthenticator = "authenticator";
inline constexpr base::Literal kAuthenticatorToBe = "authenticator_to_be";
inline constexpr base::Literal kPasskeys = "passkeys";
inline constexpr base::Literal kRecoveryCodes = "recovery_codes";

}  // namespace accounts

// What the JSON face says about proofs: how a second factor is read from a body, and the answer to
// whoever is logged in now.
#pragma once

#include <optional>

#include "accounts/proving.h"
#include "api/body.h"
#include "http/http.h"

namespace api {

/// `code` (of an authenticator app) or `recovery_code`; nothing where neither is there,
/// Code::invalid where both are.
base::Result<std::optional<accounts::Second>> read_second(Body& body);
/// 200 with the account, and the session in the cookie.
http::Response logged_in(const accounts::NewSession& session);

}  // namespace api

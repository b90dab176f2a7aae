// The JSON face: /v1 and the public log. Turns requests into calls of the domain modules and their
// answers into JSON; owns no state and decides nothing itself. Personal data leaves through
// http::Door, to the person whose it is.
#pragma once

#include <functional>
#include <string>

#include "accounts/accounts.h"
#include "accounts/proving.h"
#include "base/disk.h"
#include "http/http.h"
#include "ledger/ledger.h"
#include "workspace/workspace.h"

namespace api {

struct Parts {
  accounts::Accounts& accounts;
  accounts::Factors& factors;
  accounts::Proving& proving;
  workspace::Workspace& workspace;
  base::Disk& disk;
  std::string log_directory;  // the ledger's public files
  /// Where mailed links lead, for a request: an origin of the notice, or loopback as addressed.
  std::function<std::string(const http::Request&)> origin;
  std::string issuer;  // what an authenticator app calls us: the notice's brand
};

void add_account_routes(http::Router& router, const Parts& parts);
/// /v1/login/second, /v1/proof and /v1/factors
void add_factor_routes(http::Router& router, const Parts& parts);
/// /v1/passkeys, /v1/login/passkey, and what a browser is asked for one
void add_passkey_routes(http::Router& router, const Parts& parts);
void add_file_routes(http::Router& router, const Parts& parts);
void add_log_routes(http::Router& router, const Parts& parts);
/// GET /v1/openapi.json
void add_description_route(http::Router& router);

/// The session cookie's name, Set-Cookie values, and who a request comes from.
inline constexpr const char* kSessionCookie = "__Host-session";
std::string session_cookie(const std::string& token);
std::string ended_session_cookie();
/// Code::unauthenticated where nobody is logged in.
base::Result<accounts::Identity> identify(accounts::Accounts& accounts,
                                          const http::Request& request);
/// Why a proof was not taken, as a problem; nothing where it was.
std::optional<http::Response> refusal(accounts::Proof proof);
/// The problem where `identity` has to prove who she is before `act` (step-up).
base::Result<std::optional<http::Response>> step_up(const Parts& parts,
                                                    const accounts::Identity& identity,
                                                    accounts::Act act);
/// The language for mails to whoever sent this, as the browser says.
egress::Language mail_language(const http::Request& request);

}  // namespace api

// The JSON face: /v1 and the public log. Turns requests into calls of the domain modules and their
// answers into JSON; owns no state and decides nothing itself. Personal data leaves through
// http::Door, to the person whose it is.
#pragma once

#include <functional>
#include <string>

#include "accounts/accounts.h"
#include "accounts/changes.h"
#include "base/disk.h"
#include "http/http.h"
#include "ledger/ledger.h"
#include "workspace/workspace.h"

namespace api {

struct Parts {
  accounts::Accounts& accounts;
  workspace::Workspace& workspace;
  base::Disk& disk;
  std::string log_directory;  // the ledger's public files
  /// Where mailed links lead, for a request: an origin of the notice, or loopback as addressed.
  std::function<std::string(const http::Request&)> origin;
  accounts::Changes& changes;
};

void add_account_routes(http::Router& router, const Parts& parts);
/// /v1/account/{name,password,address}, /v1/address/, /v1/recovery
void add_change_routes(http::Router& router, const Parts& parts);
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
/// The language for mails to whoever sent this, as the browser says.
egress::Language mail_language(const http::Request& request);

}  // namespace api

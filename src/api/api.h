// The JSON face: /v1 and the public log. Turns requests into calls of the domain modules and their
// answers into JSON; owns no state and decides nothing itself. Personal data leaves through
// http::Door, to the person whose it is.
#pragma once

#include <functional>
#include <string>

#include "accounts/accounts.h"
#include "accounts/changes.h"
#include "accounts/entrance.h"
#include "accounts/invitations.h"
#include "accounts/members.h"
#include "accounts/passwords.h"
#include "accounts/plans.h"
#include "accounts/proving.h"
#include "base/disk.h"
#include "http/countries.h"
#include "http/http.h"
#include "ledger/ledger.h"
#include "workspace/records.h"
#include "workspace/workspace.h"

namespace api {

class Body;

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
  accounts::Sessions& sessions;
  const http::Countries* countries;  // nothing: no country is known
  accounts::Tokens& tokens;
  accounts::Throttle& throttle;
  accounts::Entrance& entrance;
  accounts::Changes& changes;
  accounts::Invitations& invitations;
  accounts::Members& members;
  accounts::Plans& plans;
  workspace::Records& records;
  accounts::Passwords& passwords;
};

void add_account_routes(http::Router& router, const Parts& parts);
/// /v1/account/{name,password,address}, /v1/address/, /v1/recovery
void add_change_routes(http::Router& router, const Parts& parts);
/// /v1/login/second, /v1/proof and /v1/factors
void add_factor_routes(http::Router& router, const Parts& parts);
/// /v1/passkeys, /v1/login/passkey, and what a browser is asked for one
void add_passkey_routes(http::Router& router, const Parts& parts);
void add_session_routes(http::Router& router, const Parts& parts);
void add_token_routes(http::Router& router, const Parts& parts);
/// /v1/members, /v1/memberships and /v1/account/{hand-over,switch}
void add_member_routes(http::Router& router, const Parts& parts);
/// /v1/invitations
void add_invitation_routes(http::Router& router, const Parts& parts);
void add_file_routes(http::Router& router, const Parts& parts);
/// /v1/collections and /v1/records
void add_record_routes(http::Router& router, const Parts& parts);
/// /v1/workspace, /v1/trash and /v1/versions
void add_workspace_routes(http::Router& router, const Parts& parts);
/// /v1/shares for those who share, /v1/links/ for those who have a link
void add_link_routes(http::Router& router, const Parts& parts);
/// /v1/uploads
void add_upload_routes(http::Router& router, const Parts& parts);
void add_log_routes(http::Router& router, const Parts& parts);
/// GET /v1/openapi.json
void add_description_route(http::Router& router);

/// The session cookie's name, Set-Cookie values, and who a request comes from.
inline constexpr const char* kSessionCookie = "__Host-session";
std::string session_cookie(const std::string& token);
/// The cookie by which a device is known again, and what it says of itself.
inline constexpr const char* kDeviceCookie = "__Host-device";
accounts::Visit visit_of(const Parts& parts, const http::Request& request);
/// Puts the cookies of a session that has just begun on the answer.
void greet(http::Response& response, const accounts::NewSession& session);
/// Has the browser forget the session's cookie, and not take it again in the same answer.
void end_cookie(const http::Request& request, http::Response& response);
/// And the device's, where nobody is left who was known by it.
void end_all_cookies(const http::Request& request, http::Response& response);
/// Code::unauthenticated where nobody is logged in, http::other_account() where the request names
/// another account than hers. A session that is seen for the first time today gets its cookie once
/// more, by what is noted in the request.
base::Result<accounts::Identity> identify(accounts::Accounts& accounts,
                                          const http::Request& request);
/// The same for what a token may open as well, where its scopes have all of `needed`: Code::denied
/// where they do not. The session of whoever comes by a token is none. Counts as a use of the
/// token.
base::Result<accounts::Identity> identify(const Parts& parts, const http::Request& request,
                                          accounts::Scopes needed);
base::Result<accounts::Identity> identify(const Parts& parts, const http::Request& request,
                                          accounts::Scope needed);
/// Whose account a request is about that was let in before: nothing is counted again.
base::Result<base::AccountId> account_of(const Parts& parts, const http::Request& request);
/// The text of a JSON body, for `right`. It may be on its way for hours: Code::unauthenticated or
/// Code::denied where `identity` may not do that any more when it is there.
base::Result<std::string> json_text(const Parts& parts, const http::Request& request,
                                    const accounts::Identity& identity, accounts::Right right,
                                    std::size_t bytes_max);
/// The token that a request carries, whatever it opens; Code::unauthenticated where it is none.
base::Result<accounts::TokenIdentity> find_token(const Parts& parts, const http::Request& request);
/// Why a proof was not taken, as a problem; nothing where it was.
std::optional<http::Response> refusal(accounts::Proof proof);
/// The problem where `identity` has to prove who she is before `act` (step-up).
base::Result<std::optional<http::Response>> step_up(const Parts& parts,
                                                    const accounts::Identity& identity,
                                                    accounts::Act act);
/// The language for mails to whoever sent this, as the browser says.
egress::Language mail_language(const http::Request& request);
/// What everybody says who begins, at a sign-up or otherwise: the members `adult_professional`,
/// `terms` and `notice`. Code::invalid where the first is not so.
base::Result<accounts::Shown> read_shown(Body& body);

}  // namespace api

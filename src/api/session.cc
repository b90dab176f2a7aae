#include "api/api.h"
#include "api/body.h"
#include "api/limit.h"
#include "http/acting.h"
#include "http/security.h"

namespace api {
namespace {

std::string lasting(const char* name, const std::string& value, base::Duration lives) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lives);
  return std::string(name) + "=" + value + "; Path=/; Max-Age=" + std::to_string(seconds.count()) +
         "; Secure; HttpOnly; SameSite=Lax";
}

/// What is still to come of the request holds a place of the account's.
base::Result<accounts::Identity> let_in(const http::Request& request,
                                        const accounts::Identity& identity) {
  TRY(http::means(request, identity.account.str()));
  if (!request.body->charge(identity.account.str()))
    return base::Error{base::Code::unavailable,
                       "as much as this account may send at a time is on its way: wait until some "
                       "of it has arrived, then send this again"};
  return identity;
}

base::Result<std::optional<accounts::TokenIdentity>> token_of(const Parts& parts,
                                                              const http::Request& request) {
  const auto said = accounts::bearer_token(request.header("authorization").value_or(""));
  return parts.tokens.find(said.value_or(""));
}

}  // namespace

std::string session_cookie(const std::string& token) {
  return lasting(kSessionCookie, token, accounts::session_idle_limit);
}

void end_cookie(const http::Request& request, http::Response& response) {
  std::erase_if(request.on_answer, [](const auto& header) { return header.first == "Set-Cookie"; });
  response.set("Set-Cookie", lasting(kSessionCookie, "", {}));
}

void end_all_cookies(const http::Request& request, http::Response& response) {
  end_cookie(request, response);
  if (request.cookie(kDeviceCookie)) response.set("Set-Cookie", lasting(kDeviceCookie, "", {}));
}

accounts::Visit visit_of(const Parts& parts, const http::Request& request) {
  accounts::Visit visit;
  visit.device = accounts::device_of(request.header("user-agent").value_or(""));
  if (parts.countries != nullptr) visit.country = parts.countries->country_of(request.client);
  visit.network = request.client.network();
  visit.device_token = request.cookie(kDeviceCookie).value_or("");
  // Of whoever comes by a token, cookies do nothing.
  if (!http::carries_token(request))
    visit.session_token = request.cookie(kSessionCookie).value_or("");
  visit.origin = parts.origin(request);
  return visit;
}

void greet(http::Response& response, const accounts::NewSession& session) {
  response.set("Set-Cookie", session_cookie(session.token));
  if (!session.device_token.empty())
    response.set("Set-Cookie",
                 lasting(kDeviceCookie, session.device_token, accounts::device_known_for));
}

base::Result<accounts::Identity> identify(accounts::Accounts& accounts,
                                          const http::Request& request) {
  // Whoever comes by a token is not asked for the Origin: her cookies then open nothing.
  if (http::carries_token(request))
    return base::Error{base::Code::unauthenticated,
                       "a token does not open this: log in, and ask with the session"};
  const auto cookie = request.cookie(kSessionCookie);
  if (!cookie) return base::Error{base::Code::unauthenticated, "log in first"};
  const auto identity = TRY(accounts.session(*cookie));
  if (!identity)
    return base::Error{base::Code::unauthenticated, "this session has ended: log in again"};
  if (identity->seen == accounts::Identity::Seen::first_today)
    request.on_answer.emplace_back("Set-Cookie", session_cookie(*cookie));
  return let_in(request, *identity);
}

base::Result<accounts::TokenIdentity> find_token(const Parts& parts, const http::Request& request) {
  const auto token = TRY(token_of(parts, request));
  TRY(limit_token(parts, request, token));
  if (!token)
    return base::Error{base::Code::unauthenticated,
                       "this token opens nothing: it was revoked, has run out, or never was"};
  return *token;
}

base::Result<accounts::Identity> identify(const Parts& parts, const http::Request& request,
                                          accounts::Scopes needed) {
  if (!http::carries_token(request)) return identify(parts.accounts, request);
  const auto token = TRY(find_token(parts, request));
  if (!token.scopes.has_all(needed))
    return base::Error{base::Code::denied, "the token was not made for this: its scopes lack it"};
  return let_in(request, {.session = {},
                          .user = token.user,
                          .account = token.account,
                          .role = token.role,
                          .token = token.token});
}

base::Result<accounts::Identity> identify(const Parts& parts, const http::Request& request,
                                          accounts::Scope needed) {
  return identify(parts, request, accounts::Scopes().add(needed));
}

base::Result<base::AccountId> account_of(const Parts& parts, const http::Request& request) {
  if (!http::carries_token(request)) {
    const auto identity = TRY(identify(parts.accounts, request));
    return identity.account;
  }
  const auto token = TRY(token_of(parts, request));
  if (!token) return base::Error{base::Code::unauthenticated, "this token opens nothing any more"};
  return token->account;
}

base::Result<std::string> json_text(const Parts& parts, const http::Request& request,
                                    const accounts::Identity& identity, accounts::Right right,
                                    std::size_t bytes_max) {
  TRY(require_json(request));
  std::string text = TRY(request.read_body(bytes_max));
  if (!request.body->came_before()) TRY(parts.members.may_still(identity, right));
  return text;
}

}  // namespace api

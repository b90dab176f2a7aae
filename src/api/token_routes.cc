// Personal access tokens: /v1/tokens. For a session alone: no token makes, sees or ends another. It
// may end itself, as a program that logs out does.
#include "api/api.h"
#include "api/body.h"
#include "api/call.h"
#include "api/limit.h"
#include "api/proof.h"
#include "http/security.h"

namespace api {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kBodyBytes = 16 * 1024;

std::string day_of(base::Time time) { return base::rfc3339(time).substr(0, 10); }

std::string scopes_json(accounts::Scopes scopes) {
  std::string all;
  for (const accounts::Scope scope : scopes.all())
    all += (all.empty() ? "" : ",") + quoted(accounts::to_string(scope).c_str());
  return "[" + all + "]";
}

std::string json_of(const accounts::TokenShown& token) {
  Json json;
  json.add("id", token.id.str())
      .add("name", http::Door::open(token.name))
      .add_raw("scopes", scopes_json(token.scopes))
      .add("created", day_of(token.created))
      .add("expires", base::rfc3339(token.expires));
  if (token.last_used) json.add("last_used", day_of(*token.last_used));
  return json.str();
}

struct Wanted {
  base::Personal<std::string> name;
  accounts::Scopes scopes;
  base::Duration lives;
  base::SecretBytes password;
  std::optional<accounts::Second> second;
};

base::Result<Wanted> read_wanted(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string name = TRY(body.text("name", "name: give the token a name, at most 80 bytes"));
  const auto scopes = TRY(body.texts("scopes", "scopes: a list of what the token may open"));
  const std::uint64_t days = TRY(body.number("expires_in_days", "expires_in_days: from 1 to 365"));
  base::SecretBytes password = TRY(body.secret("password", "password: confirm with your password"));
  auto second = TRY(read_second(body, site_of(parts, request)));
  TRY(body.nothing_else());
  accounts::Scopes wanted;
  for (const std::string& text : scopes) {
    const auto scope = accounts::parse_scope(text);
    if (!scope)
      return base::Error{base::Code::invalid,
                         "scopes: account:read, files:read, files:write, records:read and "
                         "records:write are known"};
    wanted.add(*scope);
  }
  // Before the password is tried: what is wrong in the wish costs no try.
  if (scopes.empty())
    return base::Error{base::Code::invalid, "scopes: a token that may do nothing is of no use"};
  if (days < 1 || days > 365)
    return base::Error{base::Code::invalid, "expires_in_days: from 1 to 365"};
  auto parsed = TRY(accounts::parse_token_name(name));
  return Wanted{std::move(parsed), wanted, std::chrono::days(days), std::move(password),
                std::move(second)};
}

base::Result<Response> list(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  std::string tokens;
  for (const auto& token : TRY(parts.tokens.list(identity)))
    tokens += (tokens.empty() ? "" : ",") + json_of(token);
  return Response::json(200, Json().add_raw("tokens", "[" + tokens + "]").str());
}

base::Result<Response> make(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  const auto wanted = TRY(read_wanted(request, parts));
  auto refused = TRY(confirm(parts, request, identity, accounts::Act::manage_tokens,
                             wanted.password, wanted.second));
  if (refused) return std::move(*refused);
  const auto made = TRY(parts.tokens.make(identity, wanted.name, wanted.scopes, wanted.lives));
  return Response::json(201, Json()
                                 .add("id", made.id.str())
                                 .add("token", made.token)
                                 .add_raw("scopes", scopes_json(wanted.scopes))
                                 .add("expires", base::rfc3339(made.expires))
                                 .str());
}

base::Result<Response> revoke(const Request& request, const Parts& parts,
                              const http::Captures& captures) {
  const auto identity = TRY(identify(parts.accounts, request));
  const auto id = accounts::TokenId::parse(captures.at(0));
  if (!id.ok()) return base::Error{base::Code::missing, "there is no such token"};
  TRY(parts.tokens.revoke(identity, *id));
  return Response::empty(204);
}

/// Whatever its scopes: a token that is to open nothing any more needs none for it.
base::Result<Response> revoke_itself(const Request& request, const Parts& parts) {
  if (!http::carries_token(request)) {
    TRY(identify(parts.accounts, request));
    return base::Error{base::Code::missing,
                       "you have come with a session and not with a token: revoke it by its id"};
  }
  const auto token = TRY(find_token(parts, request));
  TRY(parts.tokens.revoke(
      {.session = {}, .user = token.user, .account = token.account, .role = token.role},
      token.token));
  return Response::empty(204);
}

}  // namespace

void add_token_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::get, "/v1/tokens", list);
  add_call(router, parts, Method::post, "/v1/tokens", make);
  add_call(router, parts, Method::del, "/v1/tokens/{token}", revoke);
  add_call(router, parts, Method::del, "/v1/tokens/self", revoke_itself);
}

}  // namespace api

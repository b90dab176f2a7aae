// Invitations to an account: made by those who administer it, answered by whoever was invited.
#include "accounts/invitations.h"
#include "api/api.h"
#include "api/body.h"
#include "api/call.h"
#include "api/limit.h"
#include "api/proof.h"

namespace api {
namespace {

using accounts::Right;
using http::Captures;
using http::Request;
using http::Response;

constexpr std::size_t kBodyBytes = 16 * 1024;
constexpr base::Literal kToken = "token: the code from the mail";
constexpr base::Literal kRole = "role: admin, member or reader";
constexpr base::Literal kLanguage = "language: en or nb, for the mail";

base::Result<Response> list(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(require(identity.role, Right::manage_members));
  std::string all;
  for (const auto& one : TRY(parts.invitations.list(identity)))
    all += (all.empty() ? "" : ",") + Json()
                                          .add("id", one.id.str())
                                          .add("email", http::Door::open(one.email))
                                          .add("role", to_string(one.role).c_str())
                                          .add("expires", base::rfc3339(one.expires))
                                          .str();
  return Response::json(200, Json().add_raw("invitations", "[" + all + "]").str());
}

base::Result<accounts::Invitations::Wanted> read_wanted(const Request& request,
                                                        const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string email = TRY(body.text("email", "email: give an email address"));
  const std::string named = TRY(body.text("role", kRole));
  const auto role = accounts::parse_role(named);
  egress::Language language = mail_language(request);
  if (body.has("language")) {
    const std::string tag = TRY(body.text("language", kLanguage));
    if (tag != "en" && tag != "nb") return base::Error{base::Code::invalid, kLanguage};
    language = egress::language_of(tag);
  }
  TRY(body.nothing_else());
  if (!role || *role == accounts::Role::owner) return base::Error{base::Code::invalid, kRole};
  auto address = TRY(vault::Address::parse(email));
  return accounts::Invitations::Wanted{std::move(address), *role, language, parts.origin(request)};
}

base::Result<Response> invite(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(require(identity.role, Right::manage_members));
  const auto wanted = TRY(read_wanted(request, parts));
  auto needed = TRY(step_up(parts, identity, accounts::Act::change_roles));
  if (needed) return std::move(*needed);
  TRY(limit_invitation(parts, request, identity.account, wanted.email));
  const auto id = TRY(parts.invitations.invite(identity, wanted));
  return Response::json(
      202, Json().add("id", id.str()).add("detail", "We have sent a mail to this address.").str());
}

base::Result<Response> withdraw(const Request& request, const Parts& parts,
                                const Captures& captures) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(require(identity.role, Right::manage_members));
  const auto id = accounts::InvitationId::parse(captures.at(0));
  if (!id.ok()) return base::Error{base::Code::missing, "there is no such invitation"};
  TRY(parts.invitations.withdraw(identity, *id));
  return Response::empty(204);
}

base::Result<std::string> read_token(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  std::string token = TRY(body.text("token", kToken));
  TRY(body.nothing_else());
  TRY(limit(parts, request, Act::follow));
  return token;
}

base::Result<Response> look(const Request& request, const Parts& parts) {
  const std::string token = TRY(read_token(request, parts));
  const auto seen = TRY(parts.invitations.look(token));
  return Response::json(
      200, Json()
               .add("account", seen.account.str())
               .add("role", to_string(seen.role).c_str())
               .add("email", http::Door::open(seen.email))
               .add_raw("invited_by", Json()
                                          .add("legal_name", http::Door::open(seen.by_name))
                                          .add("email", http::Door::open(seen.by_email))
                                          .str())
               .add("expires", base::rfc3339(seen.expires))
               .add("known", seen.known ? Truth::yes : Truth::no)
               .str());
}

base::Result<Response> decline(const Request& request, const Parts& parts) {
  const std::string token = TRY(read_token(request, parts));
  TRY(parts.invitations.decline(token));
  return Response::empty(204);
}

base::Result<Response> accept(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  const std::string token = TRY(read_token(request, parts));
  const auto account = TRY(parts.invitations.accept(identity, token));
  return Response::json(200, Json().add("account", account.str()).str());
}

/// As at a sign-up, but for the address, which the link proves.
base::Result<Response> sign_up(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string token = TRY(body.text("token", kToken));
  const std::string name = TRY(body.text("legal_name", "legal_name: give your legal full name"));
  const base::SecretBytes chosen = TRY(body.secret("password", "password: choose a password"));
  auto shown = TRY(read_shown(body));
  TRY(body.nothing_else());
  auto legal_name = TRY(accounts::parse_legal_name(name));
  TRY(limit(parts, request, Act::follow));
  const auto seen = TRY(parts.invitations.look(token));
  auto password = TRY(
      accounts::parse_password(base::text(chosen.view()), {name, http::Door::open(seen.email)}));
  const auto made = TRY(parts.invitations.accept(
      {std::move(legal_name), std::move(password), std::move(shown)}, token));
  return Response::json(201, Json().add("account", made.account.str()).str());
}

}  // namespace

void add_invitation_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::get, "/v1/invitations", list);
  add_call(router, parts, Method::post, "/v1/invitations", invite);
  add_call(router, parts, Method::del, "/v1/invitations/{invitation}", withdraw);
  add_call(router, parts, Method::post, "/v1/invitations/look", look);
  add_call(router, parts, Method::post, "/v1/invitations/decline", decline);
  add_call(router, parts, Method::post, "/v1/invitations/accept", accept);
  add_call(router, parts, Method::post, "/v1/invitations/signup", sign_up);
}

}  // namespace api

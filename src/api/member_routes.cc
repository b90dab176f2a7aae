// The people of an account, the accounts of a person, and how one is handed over.
#include "accounts/members.h"
#include "api/api.h"
#include "api/body.h"
#include "api/call.h"
#include "api/proof.h"
#include "http/acting.h"

namespace api {
namespace {

using accounts::Right;
using http::Captures;
using http::Request;
using http::Response;

constexpr std::size_t kBodyBytes = 4 * 1024;
constexpr base::Literal kRole = "role: admin, member or reader";

base::Result<base::UserId> user_of(const std::string& named) {
  const auto user = base::UserId::parse(named);
  if (!user.ok()) return base::Error{base::Code::missing, "there is no such member"};
  return *user;
}

base::Result<Response> list(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  std::string members;
  for (const auto& member : TRY(parts.members.list(identity))) {
    Json one;
    one.add("id", member.user.str())
        .add("legal_name", http::Door::open(member.legal_name))
        .add("role", to_string(member.role).c_str())
        .add("self", member.self ? Truth::yes : Truth::no);
    const std::string& email = http::Door::open(member.email);
    if (!email.empty()) one.add("email", email);
    members += (members.empty() ? "" : ",") + one.str();
  }
  Json json;
  json.add_raw("members", "[" + members + "]");
  if (const auto offered = TRY(parts.members.offered(identity)))
    json.add_raw(
        "hand_over",
        Json().add("to", offered->to.str()).add("expires", base::rfc3339(offered->expires)).str());
  return Response::json(200, json.str());
}

/// Somebody who administers the account, and has proved lately who she is.
base::Result<Response> change_role(const Request& request, const Parts& parts,
                                   const Captures& captures) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(require(identity.role, Right::manage_members));
  const auto user = TRY(user_of(captures.at(0)));
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string named = TRY(body.text("role", kRole));
  TRY(body.nothing_else());
  const auto role = accounts::parse_role(named);
  if (!role) return base::Error{base::Code::invalid, kRole};
  auto needed = TRY(step_up(parts, identity, accounts::Act::change_roles));
  if (needed) return std::move(*needed);
  TRY(parts.members.change_role(identity, user, *role, parts.origin(request)));
  return Response::empty(204);
}

base::Result<Response> remove(const Request& request, const Parts& parts,
                              const Captures& captures) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(require(identity.role, Right::manage_members));
  const auto user = TRY(user_of(captures.at(0)));
  auto needed = TRY(step_up(parts, identity, accounts::Act::change_roles));
  if (needed) return std::move(*needed);
  TRY(parts.members.remove(identity, user, parts.origin(request)));
  return Response::empty(204);
}

/// The account that the body names: hers, and not the one of another tab.
base::Result<base::AccountId> read_account(const Request& request) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string named = TRY(body.text("account", "account: the id of the account"));
  TRY(body.nothing_else());
  return TRY_AS(base::AccountId::parse(named), "account: an id has 26 letters");
}

base::Result<Response> leave(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  const auto account = TRY(read_account(request));
  if (account != identity.account) return http::other_account();
  auto needed = TRY(step_up(parts, identity, accounts::Act::leave_account));
  if (needed) return std::move(*needed);
  auto receipt = TRY(parts.members.leave(identity));
  Response response = receipt ? Response::json(200, std::move(*receipt)) : Response::empty(204);
  if (receipt)
    end_all_cookies(request, response);
  else
    end_cookie(request, response);
  return response;
}

base::Result<Response> offer(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(require(identity.role, Right::hand_over));
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string named = TRY(body.text("to", "to: the id of a member"));
  TRY(body.nothing_else());
  const auto to = TRY(user_of(named));
  auto needed = TRY(step_up(parts, identity, accounts::Act::change_roles));
  if (needed) return std::move(*needed);
  TRY(parts.members.offer(identity, to, parts.origin(request)));
  return Response::json(202, R"({"next":"accept","detail":"We have sent a mail to this member."})");
}

base::Result<Response> take_back(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(parts.members.take_back(identity));
  return Response::empty(204);
}

base::Result<Response> accept(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  auto needed = TRY(step_up(parts, identity, accounts::Act::change_roles));
  if (needed) return std::move(*needed);
  TRY(parts.members.accept(identity, parts.origin(request)));
  return Response::empty(204);
}

base::Result<Response> accounts(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  std::string all;
  for (const auto& one : TRY(parts.members.accounts(identity)))
    all += (all.empty() ? "" : ",") + Json()
                                          .add("account", one.account.str())
                                          .add("owner", http::Door::open(one.owner_name))
                                          .add("role", to_string(one.role).c_str())
                                          .add("current", one.current ? Truth::yes : Truth::no)
                                          .str();
  return Response::json(200, Json().add_raw("accounts", "[" + all + "]").str());
}

base::Result<Response> switch_account(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  const auto account = TRY(read_account(request));
  TRY(parts.sessions.move(identity, account));
  return Response::json(200, Json().add("account", account.str()).str());
}

}  // namespace

void add_member_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::get, "/v1/members", list);
  add_call(router, parts, Method::post, "/v1/members/leave", leave);
  add_call(router, parts, Method::put, "/v1/members/{member}", change_role);
  add_call(router, parts, Method::del, "/v1/members/{member}", remove);
  add_call(router, parts, Method::post, "/v1/account/hand-over", offer);
  add_call(router, parts, Method::del, "/v1/account/hand-over", take_back);
  add_call(router, parts, Method::post, "/v1/account/hand-over/accept", accept);
  add_call(router, parts, Method::get, "/v1/memberships", accounts);
  add_call(router, parts, Method::post, "/v1/account/switch", switch_account);
}

}  // namespace api

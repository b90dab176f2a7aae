// The accounts of a person, and the way out of one that is another's: what /v1/memberships and
// /v1/members/leave do, in other clothes.
#include "accounts/members.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;

pages::Ticked ticked(bool yes) { return yes ? pages::Ticked::yes : pages::Ticked::no; }

base::Result<Response> leave_page(const Parts& parts, const accounts::Identity& identity,
                                  int status, pages::FieldErrors errors) {
  const auto second = TRY(second_field(parts, identity));
  const auto hers = TRY(parts.api.members.accounts(identity));
  return page(status, parts.pages.leave(visitor(parts, identity),
                                        {identity.account.str(), second, ticked(hers.size() > 1),
                                         std::move(errors)}));
}

base::Result<Response> leave_form(const Parts& parts, const accounts::Identity& identity,
                                  const Request&) {
  // Whoever owns an account does not leave it, but ends it.
  if (identity.role == accounts::Role::owner) return Response::redirect("/cancel");
  return leave_page(parts, identity, 200, {});
}

base::Result<Response> leave(const Parts& parts, const accounts::Identity& identity,
                             const Request& request) {
  const auto form = TRY(read_form(identity, request));
  const auto proof = TRY(try_proof(parts, request, identity, form));
  if (proof != accounts::Proof::given)
    return leave_page(
        parts, identity, 403,
        proof_errors(proof, "This is not your password. You belong to the account still."));
  const auto receipt = TRY(parts.api.members.leave(identity));
  if (receipt) return receipt_page(parts, request, *receipt);
  auto response = Response::redirect("/login?note=out");
  api::end_cookie(request, response);
  return response;
}

base::Result<Response> accounts_page(const Parts& parts, const accounts::Identity& identity,
                                     const Request&) {
  pages::AccountsPage shown;
  for (auto& one : TRY(parts.api.members.accounts(identity)))
    shown.accounts.push_back({one.account.str(), std::move(one.owner_name),
                              to_string(one.role).c_str(), ticked(one.current)});
  return page(200, parts.pages.accounts(visitor(parts, identity), shown));
}

base::Result<Response> switch_account(const Parts& parts, const accounts::Identity& identity,
                                      const Request& request) {
  const auto form = TRY(read_form(request));
  const auto account = base::AccountId::parse(form.get("account").value_or(""));
  if (!account.ok()) return base::Error{base::Code::missing, "you have no such account"};
  TRY(parts.api.sessions.move(identity, *account));
  return Response::redirect("/app");
}

}  // namespace

void add_membership_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  add_hers(router, parts, Method::get, "/account/leave", leave_form);
  add_hers(router, parts, Method::post, "/account/leave", leave);
  add_hers(router, parts, Method::get, "/account/switch", accounts_page);
  add_hers(router, parts, Method::post, "/account/switch", switch_account);
}

}  // namespace site

// The people of an account, the accounts of a person, and the way out: what /v1/members,
// /v1/invitations and /v1/memberships do, in other clothes.
#include "accounts/invitations.h"
#include "accounts/members.h"
#include "api/limit.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using accounts::Right;
using http::Request;
using http::Response;
using pages::Ticked;

constexpr const char* kHere = "/account/members";

Ticked ticked(bool yes) { return yes ? Ticked::yes : Ticked::no; }

pages::MembersNote note_of(const Request& request) {
  using Note = pages::MembersNote;
  const auto note = request.parameter("note").value_or("");
  if (note == "invited") return Note::invited;
  if (note == "withdrawn") return Note::withdrawn;
  if (note == "role") return Note::role_changed;
  if (note == "removed") return Note::removed;
  if (note == "offered") return Note::offered;
  if (note == "taken-back") return Note::taken_back;
  if (note == "accepted") return Note::accepted;
  if (note == "joined") return Note::joined;
  return Note::none;
}

base::Result<Response> members_page(const Parts& parts, const accounts::Identity& identity,
                                    int status, pages::MembersPage shown) {
  shown.account = identity.account.str();
  shown.administers = ticked(accounts::may(identity.role, Right::manage_members));
  shown.owns = ticked(identity.role == accounts::Role::owner);
  const auto offered = TRY(parts.api.members.offered(identity));
  for (auto& member : TRY(parts.api.members.list(identity))) {
    if (offered && offered->to == member.user)
      shown.offer = {member.legal_name, offered->expires, ticked(member.self)};
    shown.members.push_back({member.user.str(), std::move(member.legal_name),
                             std::move(member.email), to_string(member.role).c_str(),
                             ticked(member.self)});
  }
  if (shown.administers == Ticked::yes)
    for (auto& one : TRY(parts.api.invitations.list(identity)))
      shown.invitations.push_back(
          {one.id.str(), std::move(one.email), to_string(one.role).c_str(), one.expires});
  const auto hers = TRY(parts.api.members.accounts(identity));
  shown.several = ticked(hers.size() > 1);
  return page(status, parts.pages.members(visitor(parts, identity), shown));
}

base::Result<Response> show(const Parts& parts, const accounts::Identity& identity,
                            const Request& request) {
  pages::MembersPage shown;
  shown.note = note_of(request);
  return members_page(parts, identity, 200, std::move(shown));
}

Response back(const std::string& note) {
  return Response::redirect(std::string(kHere) + "?note=" + note);
}

base::Result<Response> invite(const Parts& parts, const accounts::Identity& identity,
                              const Request& request) {
  const auto form = TRY(read_form(identity, request));
  pages::MembersPage again;
  again.email = field(form, "email");
  again.role = form.get("role").value_or("");
  const auto role = accounts::parse_role(again.role);
  auto email = vault::Address::parse(form.get("email").value_or(""));
  if (!email.ok())
    again.errors.push_back({"email", "Enter an email address, like name@company.example."});
  if (!role || *role == accounts::Role::owner)
    again.errors.push_back({"role", "Choose what the person may do."});
  if (!again.errors.empty()) return members_page(parts, identity, 400, std::move(again));
  TRY(api::limit_invitation(parts.api, request, identity.account, *email));
  const auto invited = parts.api.invitations.invite(
      identity, {*email, *role, api::mail_language(request), parts.origin(request)});
  if (!invited.ok() && invited.code() == base::Code::conflict) {
    again.errors = {
        {"email",
         "This person belongs to the account already, has declined lately, or too many invitations "
         "wait."}};
    return members_page(parts, identity, 409, std::move(again));
  }
  TRY(invited);
  return back("invited");
}

base::Result<Response> withdraw(const Parts& parts, const accounts::Identity& identity,
                                const Request& request) {
  const auto form = TRY(read_form(identity, request));
  const auto id = accounts::InvitationId::parse(form.get("invitation").value_or(""));
  if (!id.ok()) return base::Error{base::Code::missing, "there is no such invitation"};
  const auto done = parts.api.invitations.withdraw(identity, *id);
  // Over already: what she wanted.
  if (!done.ok() && done.code() != base::Code::missing) return done.error();
  return back("withdrawn");
}

base::Result<base::UserId> member_of(const http::Form& form) {
  const auto user = base::UserId::parse(form.get("member").value_or(""));
  if (!user.ok()) return base::Error{base::Code::missing, "there is no such member"};
  return *user;
}

base::Result<base::UserId> member_in(const accounts::Identity& identity, const Request& request) {
  const auto form = TRY(read_form(identity, request));
  return member_of(form);
}

base::Result<Response> change_role(const Parts& parts, const accounts::Identity& identity,
                                   const Request& request) {
  const auto form = TRY(read_form(identity, request));
  const auto user = TRY(member_of(form));
  const auto role = accounts::parse_role(form.get("role").value_or(""));
  if (!role) return base::Error{base::Code::invalid, "role: admin, member or reader"};
  TRY(parts.api.members.change_role(identity, user, *role, parts.origin(request)));
  return back("role");
}

base::Result<Response> remove(const Parts& parts, const accounts::Identity& identity,
                              const Request& request) {
  const auto user = TRY(member_in(identity, request));
  TRY(parts.api.members.remove(identity, user, parts.origin(request)));
  return back("removed");
}

base::Result<Response> offer(const Parts& parts, const accounts::Identity& identity,
                             const Request& request) {
  const auto user = TRY(member_in(identity, request));
  TRY(parts.api.members.offer(identity, user, parts.origin(request)));
  return back("offered");
}

base::Result<Response> accept(const Parts& parts, const accounts::Identity& identity,
                              const Request& request) {
  TRY(read_form(identity, request));
  TRY(parts.api.members.accept(identity, parts.origin(request)));
  return back("accepted");
}

base::Result<Response> take_back(const Parts& parts, const accounts::Identity& identity,
                                 const Request& request) {
  TRY(read_form(identity, request));
  TRY(parts.api.members.take_back(identity));
  return back("taken-back");
}

base::Result<Response> leave(const Parts& parts, const accounts::Identity& identity,
                             const Request& request) {
  TRY(read_form(identity, request));
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

void add_member_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  const Asks withdrawing{.right = Right::manage_members};
  const Asks administers{Right::manage_members, accounts::Act::change_roles, kHere};
  const Asks owns{Right::hand_over, accounts::Act::change_roles, kHere};
  const Asks accepting{.proof = accounts::Act::change_roles, .next = kHere};
  const Asks leaving{.proof = accounts::Act::leave_account, .next = kHere};
  add_hers(router, parts, Method::get, "/account/members", show);
  add_hers(router, parts, Method::post, "/account/members/invite", invite, administers);
  add_hers(router, parts, Method::post, "/account/members/withdraw", withdraw, withdrawing);
  add_hers(router, parts, Method::post, "/account/members/role", change_role, administers);
  add_hers(router, parts, Method::post, "/account/members/remove", remove, administers);
  add_hers(router, parts, Method::post, "/account/members/offer", offer, owns);
  add_hers(router, parts, Method::post, "/account/members/offer/accept", accept, accepting);
  add_hers(router, parts, Method::post, "/account/members/offer/withdraw", take_back);
  add_hers(router, parts, Method::post, "/account/leave", leave, leaving);
  add_hers(router, parts, Method::get, "/account/switch", accounts_page);
  add_hers(router, parts, Method::post, "/account/switch", switch_account);
}

}  // namespace site

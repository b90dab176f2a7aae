// An invitation, for whoever was mailed its link: what /v1/invitations does, in other clothes. The
// token goes from form to form in bodies, never in an address.
#include "accounts/invitations.h"
#include "api/limit.h"
#include "pages/change_models.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;
using pages::FollowForm;
using Way = pages::InvitationPage::Way;

Response token_page(const Parts& parts, int status, const http::Form& form,
                    pages::FieldErrors errors) {
  return page(status, parts.pages.follow({}, {FollowForm::Link::invitation, field(form, "token"),
                                              std::move(errors)}));
}

base::Result<Response> show(const Parts& parts, const Request&) {
  return page(200, parts.pages.follow({}, {FollowForm::Link::invitation, {}, {}}));
}

Response none_left(const Parts& parts, const http::Form& form) {
  return token_page(parts, 404, form,
                    {{"token", "This invitation was used or withdrawn, or has run out."}});
}

/// The page of the invitation; `typed` is what was filled in before.
base::Result<Response> invitation_page(const Parts& parts, const Request& request, int status,
                                       const http::Form& form, pages::InvitationPage typed) {
  auto seen = parts.api.invitations.look(form.get("token").value_or(""));
  if (!seen.ok() && seen.code() == base::Code::missing) return none_left(parts, form);
  auto invitation = TRY(std::move(seen));
  const bool in = TRY(signed_in(parts, request)).has_value();
  typed.way = !invitation.known ? Way::sign_up : in ? Way::accept : Way::log_in;
  typed.token = field(form, "token");
  typed.by_name = std::move(invitation.by_name);
  typed.by_email = std::move(invitation.by_email);
  typed.email = std::move(invitation.email);
  typed.role = to_string(invitation.role).c_str();
  return page(status, parts.pages.invitation({}, typed));
}

base::Result<Response> look(const Parts& parts, const Request& request) {
  const auto form = TRY(read_form(request));
  TRY(api::limit(parts.api, request, api::Act::follow));
  return invitation_page(parts, request, 200, form, {});
}

base::Result<Response> accept(const Parts& parts, const Request& request) {
  const auto form = TRY(read_form(request));
  TRY(api::limit(parts.api, request, api::Act::follow));
  pages::InvitationPage again;
  const auto identity = TRY(signed_in(parts, request));
  if (!identity) {
    again.errors = {{"", "Log in first, in another tab; then accept here."}};
    return invitation_page(parts, request, 401, form, std::move(again));
  }
  const auto joined = parts.api.invitations.accept(*identity, form.get("token").value_or(""));
  if (!joined.ok() && joined.code() == base::Code::missing) return none_left(parts, form);
  if (!joined.ok() && joined.code() == base::Code::denied) {
    again.errors = {{"",
                     "You are logged in with another address. Log in with the one that was "
                     "invited."}};
    return invitation_page(parts, request, 403, form, std::move(again));
  }
  const auto account = TRY(joined);
  TRY(parts.api.sessions.move(*identity, account));
  return Response::redirect(next_page(""));
}

base::Result<Response> sign_up(const Parts& parts, const Request& request) {
  const auto form = TRY(read_form(request));
  const std::string token = form.get("token").value_or("");
  const std::string chosen = form.get("password").value_or("");
  TRY(api::limit(parts.api, request, api::Act::follow));
  const auto seen = parts.api.invitations.look(token);
  if (!seen.ok() && seen.code() == base::Code::missing) return none_left(parts, form);
  TRY(seen);
  pages::InvitationPage again;
  again.legal_name = field(form, "legal_name");
  auto name = accounts::parse_legal_name(form.get("legal_name").value_or(""));
  auto password = accounts::parse_password(
      chosen, {form.get("legal_name").value_or(""), http::Door::open(seen->email)});
  if (!name.ok()) again.errors.push_back({"legal_name", "Enter your full legal name."});
  if (!password.ok()) again.errors.push_back({"password", wrong_password(chosen)});
  const Declared declared = declared_in(parts, form, again.errors);
  again.adult_professional = declared.adult_professional;
  again.terms = declared.terms;
  if (!again.errors.empty()) return invitation_page(parts, request, 400, form, std::move(again));
  const auto joined =
      parts.api.invitations.accept({std::move(*name), std::move(*password), declared.shown}, token);
  if (!joined.ok() && joined.code() == base::Code::missing) return none_left(parts, form);
  const auto made = TRY(joined);
  return open_account(parts, request, made);
}

base::Result<Response> decline(const Parts& parts, const Request& request) {
  const auto form = TRY(read_form(request));
  TRY(api::limit(parts.api, request, api::Act::follow));
  const auto declined = parts.api.invitations.decline(form.get("token").value_or(""));
  if (!declined.ok() && declined.code() == base::Code::missing) return none_left(parts, form);
  TRY(declined);
  pages::InvitationPage done;
  done.way = Way::declined;
  return page(200, parts.pages.invitation({}, done));
}

}  // namespace

void add_invitation_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  using Page = base::Result<Response> (*)(const Parts&, const Request&);
  const auto add = [&](Method method, const char* path, Page call) {
    router.add(method, path, [&parts, call](Request& request, const http::Captures&) {
      auto response = call(parts, request);
      return response.ok() ? std::move(*response) : http::problem(response.error());
    });
  };
  add(Method::get, "/invitation", show);
  add(Method::post, "/invitation", look);
  add(Method::post, "/invitation/accept", accept);
  add(Method::post, "/invitation/signup", sign_up);
  add(Method::post, "/invitation/decline", decline);
}

}  // namespace site

// Logging in with a passkey, and the passkeys that a person has. A script fills in what the browser
// answers; from there on these are forms like any other.
#include "api/api.h"
#include "api/body.h"
#include "api/proof.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;

Response log_in(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  const auto again = [&] {
    pages::LoginForm shown;
    shown.next = field(*form, "next");
    shown.errors = {{"", "This passkey opens nothing here. Try again, or use your password."}};
    return page(401, parts.pages.login({}, shown));
  };
  auto answer = assertion_of(*form);
  if (!answer) return again();
  const auto entry = api::try_passkey(parts.api, request, std::move(*answer));
  if (!entry.ok()) return http::problem(entry.error());
  if (entry->proof != accounts::Proof::given) return again();
  auto response = Response::redirect(next_page(form->get("next").value_or("")));
  api::greet(response, *entry->session);
  return response;
}

/// What the browser made for a new passkey; nothing where it is none.
std::optional<accounts::webauthn::Registration> registration_of(const http::Form& form) {
  auto body = api::Body::parse(form.get("passkey").value_or(""));
  if (!body.ok()) return std::nullopt;
  auto answer = api::read_registration(std::move(*body));
  if (!answer.ok()) return std::nullopt;
  return std::move(*answer);
}

base::Result<Response> add(const Parts& parts, const accounts::Identity& identity,
                           const Request& request) {
  const auto form = TRY(read_form(request));
  const auto again = [&](int status, pages::FieldError why) {
    pages::SecurityPage shown;
    shown.name = field(form, "name");
    shown.errors = {why};
    return security_page(parts, identity, status, std::move(shown));
  };
  const auto name = accounts::parse_passkey_name(form.get("name").value_or(""));
  if (!name.ok()) return again(400, {"name", "Give it a name of at most 60 letters."});
  const auto answer = registration_of(form);
  if (!answer) return again(400, {"", "The browser made no passkey. Try again."});
  const auto added = parts.api.factors.add_passkey(
      changing(parts, identity, request), api::site_of(parts.api, request), *name, *answer);
  if (!added.ok() && added.code() == base::Code::conflict)
    return again(409,
                 {"", "This passkey is there already, or there are twenty: remove one first."});
  TRY(added);
  if (!*added) return again(403, {"", "This passkey could not be taken. Try again."});
  if ((*added)->recovery_codes.empty()) return Response::redirect("/security?note=passkey-added");
  return page(200,
              parts.pages.recovery_codes(visitor(parts, identity), {(*added)->recovery_codes}));
}

base::Result<Response> remove(const Parts& parts, const accounts::Identity& identity,
                              const Request& request) {
  const auto form = TRY(read_form(request));
  const auto id = TRY(base::RecordId::parse(form.get("id").value_or("")));
  const auto removed = parts.api.factors.remove_passkey(changing(parts, identity, request), id);
  // Gone already: what she wanted.
  if (!removed.ok() && removed.code() != base::Code::missing) return removed.error();
  return Response::redirect("/security?note=passkey-removed");
}

}  // namespace

void add_passkey_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  router.add(Method::post, "/login/passkey",
             [&parts](Request& request, const http::Captures&) { return log_in(parts, request); });
  add_hers(router, parts, Method::post, "/security/passkeys", add,
           {.proof = accounts::Act::change_factors});
  add_hers(router, parts, Method::post, "/security/passkeys/remove", remove,
           {.proof = accounts::Act::change_factors});
}

}  // namespace site

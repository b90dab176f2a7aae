// The forms by which a person changes her account, or comes back into it.
#include "accounts/changes.h"
#include "api/limit.h"
#include "pages/change_models.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;
using pages::FieldErrors;
using pages::FollowForm;

std::string value(const http::Form& form, std::string_view name) {
  return form.get(name).value_or("");
}

constexpr base::Literal kNotHers = "This is not the account's password. Nothing was changed.";
constexpr base::Literal kOldCode = "This code was used already, or has run out.";

base::Result<base::SecretBytes> new_password(const http::Form& form, std::string_view name,
                                             const accounts::Profile& whose) {
  return accounts::parse_password(
      value(form, name), {http::Door::open(whose.legal_name), http::Door::open(whose.email)});
}

using Who = accounts::Identity;

base::Result<Response> name_form(const Parts& parts, const Who& who, const Request&) {
  const auto profile = TRY(parts.accounts.profile(who));
  return page(200, parts.pages.name_form(visitor(parts, who), {profile.legal_name, {}}));
}

base::Result<Response> rename(const Parts& parts, const Who& who, const Request& request) {
  const auto form = TRY(read_form(request));
  const auto name = accounts::parse_legal_name(value(form, "legal_name"));
  if (!name.ok())
    return page(400, parts.pages.name_form(visitor(parts, who),
                                           {pages::PersonalText(value(form, "legal_name")),
                                            {{"legal_name", "Enter your full legal name."}}}));
  TRY(parts.api.changes.rename(who, *name));
  return Response::redirect("/account?note=name");
}

base::Result<Response> password_form(const Parts& parts, const Who& who, const Request&) {
  const auto second = TRY(second_field(parts, who));
  return page(200, parts.pages.password_form(visitor(parts, who), {second, {}}));
}

base::Result<Response> change_password(const Parts& parts, const Who& who, const Request& request) {
  const auto form = TRY(read_form(request));
  const auto second = TRY(second_field(parts, who));
  const auto again = [&](int status, FieldErrors errors) {
    return page(status,
                parts.pages.password_form(visitor(parts, who), {second, std::move(errors)}));
  };
  const auto profile = TRY(parts.accounts.profile(who));
  const auto chosen = new_password(form, "new_password", profile);
  if (!chosen.ok())
    return again(400, {{"new_password", wrong_password(value(form, "new_password"))}});
  const auto proof = TRY(try_proof(parts, request, who, form));
  if (proof != accounts::Proof::given) return again(403, proof_errors(proof, kNotHers));
  TRY(parts.api.changes.change_password(who, *chosen, parts.origin(request)));
  return Response::redirect("/account?note=password");
}

base::Result<Response> address_page(const Parts& parts, const Who& who, int status,
                                    std::string typed, FieldErrors errors) {
  const auto profile = TRY(parts.accounts.profile(who));
  const auto second = TRY(second_field(parts, who));
  return page(status, parts.pages.address_form(visitor(parts, who),
                                               {pages::PersonalText(std::move(typed)),
                                                profile.email, second, std::move(errors)}));
}

base::Result<Response> address_form(const Parts& parts, const Who& who, const Request&) {
  return address_page(parts, who, 200, {}, {});
}

base::Result<Response> ask_address(const Parts& parts, const Who& who, const Request& request) {
  const auto form = TRY(read_form(request));
  const std::string typed = value(form, "email");
  const auto email = vault::Address::parse(typed);
  if (!email.ok())
    return address_page(parts, who, 400, typed,
                        {{"email", "Enter an email address, like name@company.example."}});
  const auto proof = TRY(try_proof(parts, request, who, form));
  if (proof != accounts::Proof::given)
    return address_page(parts, who, 403, typed, proof_errors(proof, kNotHers));
  TRY(api::limit(parts.api, request, api::Act::prove_address, &*email));
  const auto asked = parts.api.changes.ask_address(who, *email, parts.origin(request));
  if (!asked.ok() && asked.code() == base::Code::conflict)
    return address_page(
        parts, who, 409, typed,
        {{"email",
          "Your address was changed in the last seven days. You can change it again "
          "when that cannot be undone any more."}});
  TRY(asked);
  return Response::redirect("/account?note=address");
}

Response follow_page(const Parts& parts, int status, FollowForm::Link link, const http::Form& form,
                     FieldErrors errors) {
  return page(status, parts.pages.follow({}, {link, pages::PersonalText(value(form, "token")),
                                              std::move(errors)}));
}

base::Result<Response> prove_address(const Parts& parts, const Request& request) {
  const auto form = TRY(read_form(request));
  TRY(api::limit(parts.api, request, api::Act::follow));
  const auto done = parts.api.changes.prove_address(value(form, "token"), parts.origin(request));
  constexpr auto kLink = FollowForm::Link::prove_address;
  if (!done.ok() && done.code() == base::Code::missing)
    return follow_page(parts, 404, kLink, form, {{"token", kOldCode}});
  if (!done.ok() && done.code() == base::Code::conflict)
    return follow_page(parts, 409, kLink, form,
                       {{"token", "This address has an account already. Take another one."}});
  TRY(done);
  return Response::redirect("/login?note=confirmed");
}

base::Result<Response> undo_address(const Parts& parts, const Request& request) {
  const auto form = TRY(read_form(request));
  TRY(api::limit(parts.api, request, api::Act::follow));
  const auto done = parts.api.changes.undo_address(value(form, "token"), parts.origin(request));
  if (!done.ok() && done.code() == base::Code::missing)
    return follow_page(parts, 404, FollowForm::Link::undo_address, form, {{"token", kOldCode}});
  TRY(done);
  return page(200, parts.pages.recover({}, {pages::RecoverForm::Stage::undone, {}, {}}));
}

base::Result<Response> ask_recovery(const Parts& parts, const Request& request) {
  using Stage = pages::RecoverForm::Stage;
  const auto form = TRY(read_form(request));
  const auto email = vault::Address::parse(value(form, "email"));
  if (!email.ok())
    return page(400, parts.pages.recover(
                         {}, {Stage::ask,
                              pages::PersonalText(value(form, "email")),
                              {{"email", "Enter an email address, like name@company.example."}}}));
  TRY(api::limit(parts.api, request, api::Act::recover, &*email));
  TRY(parts.api.changes.ask_recovery(*email, api::mail_language(request), parts.origin(request)));
  return page(200, parts.pages.recover({}, {Stage::asked, email->text(), {}}));
}

base::Result<Response> recover(const Parts& parts, const Request& request) {
  const auto form = TRY(read_form(request));
  constexpr auto kLink = FollowForm::Link::new_password;
  const std::string token = value(form, "token");
  const auto old_code = [&] {
    return follow_page(parts, 404, kLink, form,
                       {{"token", "This code was used already, or has run out. Ask for another."}});
  };
  TRY(api::limit(parts.api, request, api::Act::follow));
  const auto whose = parts.api.changes.whose(token);
  if (!whose.ok() && whose.code() == base::Code::missing) return old_code();
  const accounts::Profile profile = TRY(whose);
  const auto chosen = new_password(form, "password", profile);
  if (!chosen.ok())
    return follow_page(parts, 400, kLink, form,
                       {{"password", wrong_password(value(form, "password"))}});
  const auto done = parts.api.changes.recover(token, *chosen, parts.origin(request));
  if (!done.ok() && done.code() == base::Code::missing) return old_code();
  TRY(done);
  return Response::redirect("/login?note=recovered");
}

Response or_problem(base::Result<Response> response) {
  return response.ok() ? std::move(*response) : http::problem(response.error());
}

/// The page of a link, before anything is typed.
template <FollowForm::Link link>
base::Result<Response> show_link(const Parts& parts, const Request&) {
  return page(200, parts.pages.follow({}, {link, {}, {}}));
}

base::Result<Response> recover_form(const Parts& parts, const Request&) {
  return page(200, parts.pages.recover({}, {}));
}

}  // namespace

void add_change_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  using Anybodys = base::Result<Response> (*)(const Parts&, const Request&);
  const auto add = [&](Method method, const char* path, Anybodys call) {
    router.add(method, path, [&parts, call](Request& request, const http::Captures&) {
      return or_problem(call(parts, request));
    });
  };
  add_hers(router, parts, Method::get, "/account/name", name_form);
  add_hers(router, parts, Method::post, "/account/name", rename);
  add_hers(router, parts, Method::get, "/account/password", password_form);
  add_hers(router, parts, Method::post, "/account/password", change_password);
  add_hers(router, parts, Method::get, "/account/address", address_form);
  add_hers(router, parts, Method::post, "/account/address", ask_address);
  add(Method::get, "/address/confirm", show_link<FollowForm::Link::prove_address>);
  add(Method::post, "/address/confirm", prove_address);
  add(Method::get, "/address/undo", show_link<FollowForm::Link::undo_address>);
  add(Method::post, "/address/undo", undo_address);
  add(Method::get, "/recover", recover_form);
  add(Method::post, "/recover", ask_recovery);
  add(Method::get, "/recover/password", show_link<FollowForm::Link::new_password>);
  add(Method::post, "/recover/password", recover);
}

}  // namespace site

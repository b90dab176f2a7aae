// The second step of a log-in, the factors that a person has, and proving once more that it is her.
#include <algorithm>

#include "accounts/totp.h"
#include "api/api.h"
#include "api/body.h"
#include "api/proof.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {

using http::Request;
using http::Response;

namespace {

base::Result<Response> guarded(const Parts& parts, const Request& request, const Asks& asks,
                               Act act) {
  const auto identity = signed_in(parts, request);
  if (!identity) return to_login(request);
  if (asks.right) TRY(require(identity->role, *asks.right));
  if (asks.proof) {
    const bool may = TRY(parts.api.proving.may(*identity, *asks.proof));
    if (!may) return Response::redirect(std::string("/prove?next=") + asks.next);
  }
  return act(parts, *identity, request);
}

}  // namespace

std::optional<accounts::webauthn::Assertion> assertion_of(const http::Form& form) {
  auto body = api::Body::parse(form.get("passkey").value_or(""));
  if (!body.ok()) return std::nullopt;
  auto answer = api::read_assertion(std::move(*body));
  if (!answer.ok()) return std::nullopt;
  return std::move(*answer);
}

std::optional<accounts::Second> second_of(const http::Form& form,
                                          const accounts::webauthn::Site& site) {
  if (const auto passkey = form.get("passkey"); passkey && !passkey->empty()) {
    auto answer = assertion_of(form);
    if (!answer) return std::nullopt;
    return accounts::ByPasskey{site, std::move(*answer)};
  }
  if (auto letters = form.get("recovery_code"); letters && !letters->empty())
    return accounts::RecoveryCode{std::move(*letters)};
  auto code = form.get("code");
  if (!code || code->empty()) return std::nullopt;
  const bool digits =
      std::ranges::all_of(*code, [](char c) { return (c >= '0' && c <= '9') || c == ' '; });
  if (digits) return accounts::AppCode{std::move(*code)};
  return accounts::RecoveryCode{std::move(*code)};
}

base::Result<pages::SecondField> second_field(const Parts& parts,
                                              const accounts::Identity& identity) {
  const auto enrolled = TRY(parts.api.factors.enrolled(identity.user));
  return pages::SecondField{enrolled.any(), enrolled.authenticator.has_value(),
                            enrolled.passkeys > 0};
}

base::Result<accounts::Proof> try_proof(const Parts& parts, const Request& request,
                                        const accounts::Identity& identity,
                                        const http::Form& form) {
  return api::try_proof(parts.api, request, identity, secret(form),
                        second_of(form, api::site_of(parts.api, request)));
}

pages::FieldErrors proof_errors(accounts::Proof proof, base::Literal not_hers) {
  if (proof == accounts::Proof::wrong_password) return {{"password", not_hers}};
  return {code_error(proof)};
}

Response second_step_page(const Parts& parts, int status, base::UserId user,
                          pages::SecondStepForm form) {
  const auto enrolled = parts.api.factors.enrolled(user);
  if (!enrolled.ok()) return http::problem(enrolled.error());
  form.app = enrolled->authenticator.has_value();
  form.passkey = enrolled->passkeys > 0;
  return page(status, parts.pages.second_step({}, form));
}

accounts::Changing changing(const Parts& parts, const accounts::Identity& identity,
                            const Request& request) {
  return {identity.user, identity.session, parts.origin(request)};
}

base::Result<Response> security_page(const Parts& parts, const accounts::Identity& identity,
                                     int status, pages::SecurityPage shown) {
  const auto enrolled = TRY(parts.api.factors.enrolled(identity.user));
  const auto passkeys = TRY(parts.api.factors.passkeys(identity.user));
  shown.app_since = enrolled.authenticator;
  shown.codes_left = enrolled.recovery_codes;
  for (const accounts::Passkey& passkey : passkeys)
    shown.passkeys.push_back({passkey.id.str(), passkey.name, passkey.added, passkey.used});
  return page(status, parts.pages.security(visitor(parts, identity), shown));
}

void add_hers(http::Router& router, const Parts& parts, http::Method method, const char* path,
              Act act, const Asks& asks) {
  router.add(method, path, [&parts, act, asks](Request& request, const http::Captures&) {
    auto shown = guarded(parts, request, asks, act);
    return shown.ok() ? std::move(*shown) : http::problem(shown.error());
  });
}

pages::FieldError code_error(accounts::Proof proof, base::Literal field) {
  switch (proof) {
    case accounts::Proof::second_missing:
      return {field, "Enter a code: your account has a second factor."};
    case accounts::Proof::too_often:
      return {field, "After so many wrong codes the next has to wait. A recovery code does not."};
    default:
      return {field, "This code is wrong, or was used already."};
  }
}

Response log_in_again(const Parts& parts) {
  pages::LoginForm form;
  form.errors = {{"", "This took too long, or was done already. Log in again."}};
  return page(401, parts.pages.login({}, form));
}

namespace {

using pages::FieldErrors;

Response second_step(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  const std::string half = form->get("half").value_or("");
  const auto who = parts.api.proving.half_way(half);
  if (!who.ok()) return http::problem(who.error());
  if (!*who) return log_in_again(parts);
  const auto again = [&](pages::FieldError error) {
    return second_step_page(parts, 401, **who,
                            {.half = half, .next = field(*form, "next"), .errors = {error}});
  };
  const auto second = second_of(*form, api::site_of(parts.api, request));
  if (!second) return again({"code", "Enter the six digits."});
  const auto entry = api::try_second_step(parts.api, request, half, *second);
  if (!entry.ok()) return http::problem(entry.error());
  if (entry->proof == accounts::Proof::over) return log_in_again(parts);
  if (entry->proof != accounts::Proof::given &&
      std::holds_alternative<accounts::ByPasskey>(*second))
    return again({"", "This passkey does not open it. Try again, or take another way."});
  if (entry->proof != accounts::Proof::given)
    return std::holds_alternative<accounts::RecoveryCode>(*second)
               ? again(code_error(entry->proof, "recovery_code"))
               : again(code_error(entry->proof));
  auto response = Response::redirect(next_page(form->get("next").value_or("")));
  api::greet(response, *entry->session);
  return response;
}

pages::SecurityPage refused(pages::FieldError why) {
  pages::SecurityPage shown;
  shown.errors = {why};
  return shown;
}

pages::SecurityNote note_of(const Request& request) {
  const auto note = request.parameter("note").value_or("");
  if (note == "app-added") return pages::SecurityNote::app_added;
  if (note == "app-removed") return pages::SecurityNote::app_removed;
  if (note == "passkey-added") return pages::SecurityNote::passkey_added;
  if (note == "passkey-removed") return pages::SecurityNote::passkey_removed;
  if (note == "proven") return pages::SecurityNote::proven;
  return pages::SecurityNote::none;
}

base::Result<Response> security(const Parts& parts, const accounts::Identity& identity,
                                const Request& request) {
  pages::SecurityPage shown;
  shown.note = note_of(request);
  return security_page(parts, identity, 200, std::move(shown));
}

base::Result<Response> begin_app(const Parts& parts, const accounts::Identity& identity,
                                 const Request& request) {
  const auto secret = parts.api.factors.begin_authenticator(changing(parts, identity, request));
  if (!secret.ok() && secret.code() == base::Code::conflict)
    return security_page(parts, identity, 409,
                         refused({"", "There is an app already. Remove it first."}));
  if (!secret.ok()) return secret.error();
  const auto profile = TRY(parts.accounts.profile(identity));
  pages::PersonalText uri(
      accounts::totp::uri(parts.api.issuer, http::Door::open(profile.email), *secret));
  return page(
      200, parts.pages.authenticator(visitor(parts, identity),
                                     {std::move(uri), accounts::totp::secret_text(*secret), {}}));
}

base::Result<Response> confirm_app(const Parts& parts, const accounts::Identity& identity,
                                   const Request& request) {
  const auto form = TRY(read_form(request));
  const auto codes = parts.api.factors.confirm_authenticator(changing(parts, identity, request),
                                                             form.get("code").value_or(""));
  if (!codes.ok() && codes.code() == base::Code::missing)
    return security_page(parts, identity, 409,
                         refused({"", "That took more than 15 minutes. Begin again."}));
  TRY(codes);
  const auto viewer = visitor(parts, identity);
  if (!*codes)
    return page(400,
                parts.pages.authenticator(
                    viewer, {{}, {}, {{"code", "This is not what the app should show now."}}}));
  if (codes->value().empty()) return Response::redirect("/security?note=app-added");
  return page(200, parts.pages.recovery_codes(viewer, {codes->value()}));
}

base::Result<Response> remove_app(const Parts& parts, const accounts::Identity& identity,
                                  const Request& request) {
  const auto removed = parts.api.factors.remove_authenticator(changing(parts, identity, request));
  // Gone already: what she wanted.
  if (!removed.ok() && removed.code() != base::Code::missing) return removed.error();
  return Response::redirect("/security?note=app-removed");
}

base::Result<Response> renew_codes(const Parts& parts, const accounts::Identity& identity,
                                   const Request& request) {
  auto codes = TRY(parts.api.factors.renew_recovery_codes(changing(parts, identity, request)));
  return page(200, parts.pages.recovery_codes(visitor(parts, identity), {std::move(codes)}));
}

base::Result<Response> prove_page(const Parts& parts, const accounts::Identity& identity,
                                  int status, pages::PersonalText next, FieldErrors errors) {
  const auto enrolled = TRY(parts.api.factors.enrolled(identity.user));
  return page(status, parts.pages.prove(
                          visitor(parts, identity),
                          {std::move(next), enrolled.any(), enrolled.authenticator.has_value(),
                           enrolled.passkeys > 0, std::move(errors)}));
}

base::Result<Response> prove_form(const Parts& parts, const accounts::Identity& identity,
                                  const Request& request) {
  return prove_page(parts, identity, 200,
                    pages::PersonalText(request.parameter("next").value_or("")), {});
}

base::Result<Response> prove(const Parts& parts, const accounts::Identity& identity,
                             const Request& request) {
  const auto form = TRY(read_form(request));
  const std::string next = next_page(form.get("next").value_or(""));
  const auto onwards = [&] {
    return Response::redirect(next == "/security" ? "/security?note=proven" : next);
  };
  const auto site = api::site_of(parts.api, request);
  if (auto answer = assertion_of(form)) {
    const auto proof =
        TRY(api::try_proof(parts.api, request, identity, {site, std::move(*answer)}));
    if (proof == accounts::Proof::given) return onwards();
    return prove_page(parts, identity, 403, field(form, "next"),
                      {{"", "This passkey does not prove it. Try again, or take another way."}});
  }
  const auto proof = TRY(try_proof(parts, request, identity, form));
  if (proof == accounts::Proof::given) return onwards();
  return prove_page(parts, identity, 403, field(form, "next"),
                    proof_errors(proof, "This is not the account's password."));
}

}  // namespace

void add_security_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  router.add(Method::post, "/login/second", [&parts](Request& request, const http::Captures&) {
    return second_step(parts, request);
  });
  add_hers(router, parts, Method::get, "/prove", prove_form);
  add_hers(router, parts, Method::post, "/prove", prove);
  add_hers(router, parts, Method::get, "/security", security);
  add_hers(router, parts, Method::post, "/security/authenticator", begin_app,
           {.proof = accounts::Act::change_factors});
  add_hers(router, parts, Method::post, "/security/authenticator/confirm", confirm_app,
           {.proof = accounts::Act::change_factors});
  add_hers(router, parts, Method::post, "/security/authenticator/remove", remove_app,
           {.proof = accounts::Act::change_factors});
  add_hers(router, parts, Method::post, "/security/codes", renew_codes,
           {.proof = accounts::Act::change_factors});
}

}  // namespace site

// The second step of a log-in, and what pages ask of whoever is signed in.
#include <algorithm>

#include "api/api.h"
#include "api/proof.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {

using http::Request;
using http::Response;

namespace {

base::Result<Response> guarded(const Parts& parts, const Request& request,
                               const std::optional<accounts::Right>& right, Act act) {
  const auto identity = TRY(signed_in(parts, request));
  if (!identity) return to_login(request);
  if (right) TRY(require(identity->role, *right));
  return act(parts, *identity, request);
}

}  // namespace

std::optional<accounts::Second> second_of(const http::Form& form) {
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
  return pages::SecondField{enrolled.any(), enrolled.authenticator.has_value()};
}

base::Result<accounts::Proof> try_proof(const Parts& parts, const Request& request,
                                        const accounts::Identity& identity,
                                        const http::Form& form) {
  return api::try_proof(parts.api, request, identity, secret(form), second_of(form));
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

void add_hers(http::Router& router, const Parts& parts, http::Method method, const char* path,
              Act act, std::optional<accounts::Right> right) {
  router.add(method, path, [&parts, act, right](Request& request, const http::Captures&) {
    auto shown = guarded(parts, request, right, act);
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
  const auto second = second_of(*form);
  if (!second) return again({"code", "Enter the six digits."});
  const auto entry = api::try_second_step(parts.api, request, half, *second);
  if (!entry.ok()) return http::problem(entry.error());
  if (entry->proof == accounts::Proof::over) return log_in_again(parts);
  if (entry->proof != accounts::Proof::given)
    return std::holds_alternative<accounts::RecoveryCode>(*second)
               ? again(code_error(entry->proof, "recovery_code"))
               : again(code_error(entry->proof));
  auto response = Response::redirect(next_page(form->get("next").value_or("")));
  api::greet(response, *entry->session);
  return response;
}

}  // namespace

void add_second_step_pages(http::Router& router, const Parts& parts) {
  router.add(
      http::Method::post, "/login/second",
      [&parts](Request& request, const http::Captures&) { return second_step(parts, request); });
}

}  // namespace site

#include "api/api.h"
#include "api/limit.h"
#include "http/form.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {

http::Response receipt_page(const Parts& parts, const http::Request& request,
                            const std::string& receipt) {
  const auto shown = pages::read_receipt(receipt);
  // The receipt exists only in this answer: whatever is wrong with the page, she gets it.
  auto response =
      shown.ok() ? page(200, parts.pages.receipt({}, *shown)) : http::Response::json(200, receipt);
  api::end_all_cookies(request, response);
  return response;
}

namespace {

using http::Request;
using http::Response;
using pages::FieldErrors;

Response sign_up_form(const Parts& parts, const Request&) {
  return page(200, parts.pages.signup({}, {}));
}

Response sign_up(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  const bool adult = form->get("adult_professional") == "yes";
  auto name = accounts::parse_legal_name(form->get("legal_name").value_or(""));
  auto email = vault::Address::parse(form->get("email").value_or(""));
  auto password = accounts::parse_password(
      form->get("password").value_or(""),
      {form->get("legal_name").value_or(""), form->get("email").value_or("")});

  FieldErrors errors;
  if (!name.ok()) errors.push_back({"legal_name", "Enter your full legal name."});
  if (!email.ok())
    errors.push_back({"email", "Enter an email address, like name@company.example."});
  if (!password.ok())
    errors.push_back({"password", wrong_password(form->get("password").value_or(""))});
  if (!adult)
    errors.push_back(
        {"adult_professional",
         "The service is for professional users who are of age: confirm that you are one."});
  const std::string terms = form->get("terms").value_or("");
  const bool accepted = terms == std::to_string(parts.notice.terms.version);
  if (!accepted) errors.push_back({"terms", "Read the terms that are in force, and accept them."});
  if (!errors.empty())
    return page(400, parts.pages.signup({}, {field(*form, "legal_name"), field(*form, "email"),
                                             adult ? pages::Ticked::yes : pages::Ticked::no,
                                             accepted ? pages::Ticked::yes : pages::Ticked::no,
                                             std::move(errors)}));
  if (const auto may = api::limit(parts.api, request, api::Act::sign_up, &*email); !may.ok())
    return http::problem(may.error());
  const auto done =
      parts.accounts.sign_up({std::move(*name), *email, std::move(*password), parts.origin(request),
                              terms, api::mail_language(request)});
  if (!done.ok()) return http::problem(done.error());
  return page(200, parts.pages.check_mail({}, {email->text()}));
}

Response verify_form(const Parts& parts, const Request&) {
  return page(200, parts.pages.verify({}, {}));
}

Response verify(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  if (const auto may = api::limit(parts.api, request, api::Act::follow); !may.ok())
    return http::problem(may.error());
  const auto account = parts.accounts.verify(form->get("token").value_or(""));
  if (account.ok()) return Response::redirect("/login?note=confirmed");
  if (account.code() == base::Code::missing)
    return page(
        404, parts.pages.verify(
                 {}, {{{"token", "This code was used already, or has run out. Sign up again."}}}));
  if (account.code() == base::Code::conflict)
    return page(409,
                parts.pages.verify(
                    {}, {{{"token", "This address has an account already. Log in instead."}}}));
  return http::problem(account.error());
}

Response log_in_form(const Parts& parts, const Request& request) {
  pages::LoginForm form;
  form.next = pages::PersonalText(request.parameter("next").value_or(""));
  const auto note = request.parameter("note").value_or("");
  if (note == "confirmed") form.note = pages::LoginNote::address_confirmed;
  if (note == "recovered") form.note = pages::LoginNote::password_set;
  if (note == "out") form.note = pages::LoginNote::signed_out;
  return page(200, parts.pages.login({}, form));
}

Response log_in(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  const auto again = [&] {
    return page(401, parts.pages.login({}, {field(*form, "email"),
                                            field(*form, "next"),
                                            pages::LoginNote::none,
                                            {{"", "Address and password do not fit together."}}}));
  };
  const auto email = vault::Address::parse(form->get("email").value_or(""));
  if (!email.ok()) return again();
  const auto visit = api::visit_of(parts.api, request);
  auto attempt = api::LoginTry::begin(parts.api, request, *email, visit);
  if (!attempt.ok()) return http::problem(attempt.error());
  const auto session = parts.accounts.log_in(*email, secret(*form), visit);
  if (!session.ok()) return http::problem(session.error());
  if (!*session) {
    attempt->was_wrong();
    return again();
  }
  if ((*session)->left == accounts::Left::second_step)
    return second_step_page(
        parts, 200, (*session)->identity.user,
        {.half = (*session)->token, .next = field(*form, "next"), .errors = {}});
  auto response = Response::redirect(next_page(form->get("next").value_or("")));
  api::greet(response, **session);
  return response;
}

Response log_out(const Parts& parts, const Request& request) {
  if (const auto identity = signed_in(parts, request)) {
    const auto done = parts.accounts.log_out(*identity);
    if (!done.ok()) return http::problem(done.error());
  }
  auto response = Response::redirect("/login?note=out");
  api::end_cookie(request, response);
  return response;
}

/// How much is kept. While that is restricted nobody looks, and the rest of the page is hers still.
base::Result<vault::Usage> usage_of(const Parts& parts, base::AccountId account) {
  auto usage = parts.workspace.usage(account);
  if (!usage.ok() && usage.code() == base::Code::denied) return vault::Usage{};
  return usage;
}

Response account(const Parts& parts, const Request& request) {
  const auto identity = signed_in(parts, request);
  if (!identity) return to_login(request);
  const auto profile = parts.accounts.profile(*identity);
  if (!profile.ok()) return http::problem(profile.error());
  const auto usage = usage_of(parts, identity->account);
  if (!usage.ok()) return http::problem(usage.error());
  const auto done = request.parameter("note").value_or("");
  const auto note = done == "name"       ? pages::AccountNote::renamed
                    : done == "password" ? pages::AccountNote::password_changed
                    : done == "address"  ? pages::AccountNote::address_asked
                                         : pages::AccountNote::none;
  return page(200, parts.pages.account(visitor(parts, identity),
                                       {profile->legal_name, profile->email, profile->account.str(),
                                        profile->created, usage->pieces, usage->bytes, note,
                                        to_string(identity->role).c_str()}));
}

base::Result<Response> cancel_page(const Parts& parts, const accounts::Identity& identity,
                                   int status, FieldErrors errors) {
  const auto profile = TRY(parts.accounts.profile(identity));
  const auto usage = TRY(usage_of(parts, identity.account));
  const auto second = TRY(second_field(parts, identity));
  return page(status,
              parts.pages.cancel(visitor(parts, identity),
                                 {identity.account.str(), second, profile.legal_name, usage.pieces,
                                  usage.bytes, parts.stays, std::move(errors)}));
}

Response cancel_form(const Parts& parts, const Request& request) {
  const auto identity = signed_in(parts, request);
  if (!identity) return to_login(request);
  const auto allowed = require(identity->role, accounts::Right::cancel);
  if (!allowed.ok()) return http::problem(allowed.error());
  auto shown = cancel_page(parts, *identity, 200, {});
  return shown.ok() ? std::move(*shown) : http::problem(shown.error());
}

Response cancel(const Parts& parts, const Request& request) {
  const auto identity = signed_in(parts, request);
  if (!identity) return to_login(request);
  const auto allowed = require(identity->role, accounts::Right::cancel);
  if (!allowed.ok()) return http::problem(allowed.error());
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  // The page may be of another account of hers, which she has left for this one in another tab.
  if (form->get("account") != identity->account.str())
    return http::problem({base::Code::conflict, "this page was of another account of yours"});
  const auto proof = try_proof(parts, request, *identity, *form);
  if (!proof.ok()) return http::problem(proof.error());
  if (*proof == accounts::Proof::given) {
    const auto receipt = parts.accounts.cancel(*identity, parts.origin(request));
    return receipt.ok() ? receipt_page(parts, request, *receipt) : http::problem(receipt.error());
  }
  auto shown =
      cancel_page(parts, *identity, 403,
                  proof_errors(*proof, "This is not the account's password. Nothing was deleted."));
  return shown.ok() ? std::move(*shown) : http::problem(shown.error());
}

}  // namespace

void add_account_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  using Page = Response (*)(const Parts&, const Request&);
  const auto add = [&](Method method, const char* path, Page show) {
    router.add(method, path, [&parts, show](Request& request, const http::Captures&) {
      return show(parts, request);
    });
  };
  add(Method::get, "/signup", sign_up_form);
  add(Method::post, "/signup", sign_up);
  add(Method::get, "/verify", verify_form);
  add(Method::post, "/verify", verify);
  add(Method::get, "/login", log_in_form);
  add(Method::post, "/login", log_in);
  add(Method::post, "/logout", log_out);
  add(Method::get, "/account", account);
  add(Method::get, "/cancel", cancel_form);
  add(Method::post, "/cancel", cancel);
}

}  // namespace site

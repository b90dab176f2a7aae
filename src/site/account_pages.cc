#include "api/api.h"
#include "api/limit.h"
#include "http/form.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {

using http::Request;
using http::Response;
using pages::FieldErrors;

Response receipt_page(const Parts& parts, const Request& request, const std::string& receipt) {
  const auto shown = pages::read_receipt(receipt);
  // The receipt exists only in this answer: whatever is wrong with the page, she gets it.
  auto response =
      shown.ok() ? page(200, parts.pages.receipt({}, *shown)) : Response::json(200, receipt);
  api::end_all_cookies(request, response);
  return response;
}

Declared declared_in(const Parts& parts, const http::Form& form, FieldErrors& errors) {
  Declared declared;
  declared.shown = {form.get("terms").value_or(""), form.get("notice").value_or("")};
  if (form.get("adult_professional") == "yes") declared.adult_professional = pages::Ticked::yes;
  if (declared.shown.terms == std::to_string(parts.notice.terms.version))
    declared.terms = pages::Ticked::yes;
  if (declared.adult_professional == pages::Ticked::no)
    errors.push_back(
        {"adult_professional",
         "The service is for professional users who are of age: confirm that you are one."});
  if (declared.terms == pages::Ticked::no)
    errors.push_back({"terms", "Read the terms that are in force, and accept them."});
  if (declared.shown.notice != std::to_string(parts.notice.version))
    errors.push_back({"",
                      "The notice has changed since you opened this page. Read it, and send "
                      "this again if you still want to."});
  return declared;
}

Response open_account(const Parts& parts, const Request& request,
                      const vault::Vault::Listed& made) {
  const auto session =
      parts.accounts.let_in(made.user, made.account, api::visit_of(parts.api, request),
                            [](store::Tx&) { return base::Result<void>(); });
  if (!session.ok()) return Response::redirect("/login?note=confirmed");
  auto response = Response::redirect(next_page(""));
  api::greet(response, *session);
  return response;
}

namespace {

Response sign_up_form(const Parts& parts, const Request&) {
  return page(200, parts.pages.signup({}, {}));
}

Response sign_up(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
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
  const Declared declared = declared_in(parts, *form, errors);
  const auto token = form->get("token");
  const auto again = [&](int status) {
    pages::SignupForm shown{field(*form, "legal_name"),
                            field(*form, "email"),
                            declared.adult_professional,
                            declared.terms,
                            std::nullopt,
                            std::move(errors)};
    if (token || status == 429) shown.token = field(*form, "token");
    return page(status, parts.pages.signup({}, shown));
  };
  if (!errors.empty()) return again(400);
  const auto may = api::limit_sign_up(parts.api, request, *email, token.value_or(""));
  if (!may.ok() && may.code() == base::Code::exhausted) {
    errors = {
        {"token",
         "Too many sign-ups, with this address or from your network. Wait an hour, or type the "
         "code of a mail from us that came to the address."}};
    return again(429);
  }
  if (!may.ok()) return http::problem(may.error());
  const auto done =
      parts.accounts.sign_up({std::move(*name), *email, std::move(*password), parts.origin(request),
                              declared.shown, api::mail_language(request)});
  if (!done.ok()) return http::problem(done.error());
  return page(200, parts.pages.check_mail({}, {email->text()}));
}

Response verify_form(const Parts& parts, const Request&) {
  return page(200, parts.pages.verify({}, {}));
}

Response verify(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  const std::string token = form->get("token").value_or("");
  if (const auto may = api::limit_verify(parts.api, request, token); !may.ok())
    return http::problem(may.error());
  const auto again = [&](int status, pages::FieldError wrong) {
    return page(status, parts.pages.verify({}, {pages::PersonalText(token), {wrong}}));
  };
  const auto made = parts.accounts.verify(token, secret(*form));
  if (made.ok() && !*made)
    return again(403, {"password",
                       "This is not the password that was chosen at this sign-up. Try again; if "
                       "several mails of ours came, this may be the code of another one."});
  if (made.ok()) return open_account(parts, request, **made);
  if (made.code() == base::Code::missing)
    return again(404, {"token", "This code was used already, or has run out. Sign up again."});
  if (made.code() == base::Code::conflict)
    return again(409, {"token", "This address has an account already. Log in instead."});
  return http::problem(made.error());
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
  const auto session =
      parts.accounts.log_in(*email, secret(*form), visit, [&] { return attempt->was_right(); });
  if (!session.ok()) return http::problem(session.error());
  if (!*session) {
    attempt->was_wrong();
    return again();
  }
  if ((*session)->left == accounts::Left::second_step)
    return second_step_page(
        parts, 200, (*session)->identity.user,
        {.half = (*session)->token, .next = field(*form, "next"), .errors = {}});
  if ((*session)->left == accounts::Left::acceptance)
    return page(200,
                parts.pages.arrival({}, {.half = (*session)->token, .next = field(*form, "next")}));
  auto response = Response::redirect(next_page(form->get("next").value_or("")));
  api::greet(response, **session);
  return response;
}

Response log_out(const Parts& parts, const Request& request) {
  const auto identity = signed_in(parts, request);
  // Where the session may go on, its cookie does: a browser that forgot it could not end it again.
  if (!identity.ok()) return http::problem(identity.error());
  if (*identity) {
    const auto done = parts.accounts.log_out(**identity);
    if (!done.ok()) return http::problem(done.error());
  }
  auto response = Response::redirect("/login?note=out");
  api::end_cookie(request, response);
  return response;
}

/// How much is kept. While that is restricted nobody looks, and the rest of the page is hers still.
base::Result<vault::Usage> usage_of(const Parts& parts, base::AccountId account) {
  const auto used = parts.workspace.usage(account);
  if (!used.ok() && used.code() == base::Code::denied) return vault::Usage{};
  if (!used.ok()) return used.error();
  return vault::Usage{used->content.pieces, used->bytes()};
}

base::Result<Response> account(const Parts& parts, const accounts::Identity& identity,
                               const Request& request) {
  const auto profile = TRY(parts.accounts.profile(identity));
  const auto usage = TRY(usage_of(parts, identity.account));
  const auto done = request.parameter("note").value_or("");
  const auto note = done == "name"       ? pages::AccountNote::renamed
                    : done == "password" ? pages::AccountNote::password_changed
                    : done == "address"  ? pages::AccountNote::address_asked
                                         : pages::AccountNote::none;
  return page(200, parts.pages.account(
                       visitor(parts, identity),
                       {profile.legal_name, profile.email, profile.account.str(), profile.created,
                        usage.pieces, usage.bytes, note, to_string(identity.role).c_str()}));
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

base::Result<Response> cancel_form(const Parts& parts, const accounts::Identity& identity,
                                   const Request&) {
  return cancel_page(parts, identity, 200, {});
}

base::Result<Response> cancel(const Parts& parts, const accounts::Identity& identity,
                              const Request& request) {
  const auto form = TRY(read_form(identity, request));
  const auto proof = TRY(try_proof(parts, request, identity, form));
  if (proof == accounts::Proof::given) {
    const std::string receipt = TRY(parts.accounts.cancel(identity, parts.origin(request)));
    return receipt_page(parts, request, receipt);
  }
  return cancel_page(
      parts, identity, 403,
      proof_errors(proof, "This is not the account's password. Nothing was deleted."));
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
  add_hers(router, parts, Method::get, "/account", account);
  constexpr auto kOwns = accounts::Right::cancel;
  add_hers(router, parts, Method::get, "/cancel", cancel_form, kOwns);
  add_hers(router, parts, Method::post, "/cancel", cancel, kOwns);
}

}  // namespace site

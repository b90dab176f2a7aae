#include "api/api.h"
#include "api/body.h"
#include "api/call.h"
#include "api/limit.h"
#include "api/proof.h"
#include "http/accept.h"

namespace api {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kBodyBytes = 16 * 1024;

struct SignUpBody {
  accounts::SignUp form;
  std::string token;  // of a mail of ours; empty where none was given
};

base::Result<SignUpBody> read_sign_up(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string name = TRY(body.text("legal_name", "legal_name: give your legal full name"));
  const std::string email = TRY(body.text("email", "email: give an email address"));
  base::SecretBytes password = TRY(body.secret("password", "password: choose a password"));
  auto shown = TRY(read_shown(body));
  std::string token;
  if (body.has("token"))
    token = TRY(body.text("token", "token: the code of a mail that we sent to this address"));
  TRY(body.nothing_else());
  auto legal_name = TRY(accounts::parse_legal_name(name));
  auto address = TRY(vault::Address::parse(email));
  auto checked = TRY(accounts::parse_password(base::text(password.view()), {name, email}));
  return SignUpBody{{std::move(legal_name), std::move(address), std::move(checked),
                     parts.origin(request), std::move(shown), mail_language(request)},
                    std::move(token)};
}

base::Result<Response> sign_up(const Request& request, const Parts& parts) {
  auto body = TRY(read_sign_up(request, parts));
  TRY(limit_sign_up(parts, request, body.form.email, body.token));
  TRY(parts.accounts.sign_up(std::move(body.form)));
  return Response::json(202,
                        R"({"next":"verify","detail":"We have sent a mail to this address."})");
}

base::Result<Response> verify(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string token = TRY(body.text("token", "token: the code from the mail"));
  const base::SecretBytes password =
      TRY(body.secret("password", "password: the one that you chose when you signed up"));
  bool in = false;
  if (body.has("log_in")) in = TRY(body.flag("log_in", "log_in: true or false"));
  TRY(body.nothing_else());
  TRY(limit_verify(parts, request, token));
  const auto made = TRY(parts.accounts.verify(token, password));
  if (!made)
    return http::problem(403, "wrong-password", "Wrong password",
                         "No account was made: it is not the password that was chosen at the "
                         "sign-up which this code is of.");
  auto response =
      Response::json(200, Json().add("account", made->account.str()).add("state", "active").str());
  if (!in) return response;
  // She has just shown all that a login asks for. Should it fail, the account is there all the
  // same.
  const auto session = parts.accounts.let_in(made->user, made->account, visit_of(parts, request),
                                             [](store::Tx&) { return base::Result<void>(); });
  if (session.ok()) greet(response, *session);
  return response;
}

base::Result<Response> log_in(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string email = TRY(body.text("email", "email: give your email address"));
  const base::SecretBytes password = TRY(body.secret("password", "password: give your password"));
  TRY(body.nothing_else());
  const auto address = TRY(vault::Address::parse(email));
  const auto visit = visit_of(parts, request);
  auto attempt = TRY(LoginTry::begin(parts, request, address, visit));
  const auto session =
      TRY(parts.accounts.log_in(address, password, visit, [&] { return attempt.was_right(); }));
  if (!session) {
    attempt.was_wrong();
    return http::problem(401, "wrong-credentials", "Wrong email or password",
                         "Address and password do not fit together.");
  }
  if (session->left == accounts::Left::nothing) return logged_in(*session);
  const bool second = session->left == accounts::Left::second_step;
  return Response::json(
      202,
      Json().add("next", second ? "second-step" : "acceptance").add("token", session->token).str());
}

base::Error too_late() {
  return {base::Code::unauthenticated, "this took too long, or was done already: log in again"};
}

base::Result<Response> accept(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string token = TRY(body.text("token", "token: what logging in answered"));
  const auto shown = TRY(read_shown(body));
  TRY(body.nothing_else());
  TRY(limit(parts, request, Act::follow));
  const auto session = TRY(parts.accounts.accept(token, shown, visit_of(parts, request)));
  if (!session) return too_late();
  return logged_in(*session);
}

base::Result<Response> decline(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string token = TRY(body.text("token", "token: what logging in answered"));
  TRY(body.nothing_else());
  TRY(limit(parts, request, Act::follow));
  auto receipt = TRY(parts.accounts.decline(token));
  if (!receipt) return too_late();
  return Response::json(200, std::move(*receipt));
}

base::Result<Response> log_out(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(parts.accounts.log_out(identity));
  Response response = Response::empty(204);
  end_cookie(request, response);
  return response;
}

base::Result<Response> account(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts, request, accounts::Scope::account_read));
  const auto profile = TRY(parts.accounts.profile(identity));
  const auto* plan = TRY(parts.plans.of(identity.account));
  return Response::json(200, Json()
                                 .add("account", profile.account.str())
                                 .add("legal_name", http::Door::open(profile.legal_name))
                                 .add("email", http::Door::open(profile.email))
                                 .add("created", base::rfc3339(profile.created))
                                 .add("role", to_string(identity.role).c_str())
                                 .add("plan", plan->name)
                                 .str());
}

base::Result<Response> cancel(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  TRY(require(identity.role, accounts::Right::cancel));
  Body body = TRY(Body::read(request, kBodyBytes));
  const base::SecretBytes password =
      TRY(body.secret("password", "password: confirm with your password"));
  const auto second = TRY(read_second(body, site_of(parts, request)));
  TRY(body.nothing_else());
  auto refused =
      TRY(confirm(parts, request, identity, accounts::Act::cancel_account, password, second));
  if (refused) return std::move(*refused);
  std::string receipt = TRY(parts.accounts.cancel(identity, parts.origin(request)));
  Response response = Response::json(200, std::move(receipt));
  end_all_cookies(request, response);
  return response;
}

}  // namespace

egress::Language mail_language(const Request& request) {
  return http::prefers_norwegian(request.header("accept-language").value_or(""))
             ? egress::Language::norwegian
             : egress::Language::english;
}

base::Result<accounts::Shown> read_shown(Body& body) {
  const bool adult =
      TRY(body.flag("adult_professional", "adult_professional: true or false, as it is"));
  accounts::Shown shown;
  shown.terms =
      TRY(body.text("terms", "terms: the version that you accept of what stands at /terms"));
  shown.notice =
      TRY(body.text("notice", "notice: the version of what stands at /notice, as you were shown"));
  if (!adult)
    return base::Error{base::Code::invalid,
                       "adult_professional: the service is for professional users who are of age"};
  return shown;
}

void add_account_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::post, "/v1/signup", sign_up);
  add_call(router, parts, Method::post, "/v1/verify", verify);
  add_call(router, parts, Method::post, "/v1/login", log_in);
  add_call(router, parts, Method::post, "/v1/login/accept", accept);
  add_call(router, parts, Method::post, "/v1/login/decline", decline);
  add_call(router, parts, Method::post, "/v1/logout", log_out);
  add_call(router, parts, Method::get, "/v1/account", account);
  add_call(router, parts, Method::del, "/v1/account", cancel);
}

}  // namespace api

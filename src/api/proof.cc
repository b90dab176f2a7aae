#include "api/proof.h"

#include "api/api.h"

namespace api {

using http::Response;

base::Result<std::optional<accounts::Second>> read_second(Body& body) {
  const bool code = body.has("code");
  const bool recovery = body.has("recovery_code");
  if (code && recovery)
    return base::Error{base::Code::invalid, "code, recovery_code: give one of them"};
  if (code) {
    std::string digits = TRY(body.text("code", "code: six digits, as text"));
    return std::optional<accounts::Second>(accounts::AppCode{std::move(digits)});
  }
  if (recovery) {
    std::string letters = TRY(body.text("recovery_code", "recovery_code: one of your codes"));
    return std::optional<accounts::Second>(accounts::RecoveryCode{std::move(letters)});
  }
  return std::optional<accounts::Second>();
}

Response logged_in(const accounts::NewSession& session) {
  Response response =
      Response::json(200, Json().add("account", session.identity.account.str()).str());
  response.set("Set-Cookie", session_cookie(session.token));
  return response;
}

std::optional<Response> refusal(accounts::Proof proof) {
  using accounts::Proof;
  switch (proof) {
    case Proof::given:
      return std::nullopt;
    case Proof::wrong_password:
      return http::problem(403, "wrong-password", "Wrong password",
                           "Nothing was done: the password is not the account's.");
    case Proof::second_missing:
      return http::problem(403, "second-factor", "A second factor is needed",
                           "The password is right. Give a code of your authenticator app or a "
                           "recovery code with it.");
    case Proof::wrong_second:
      return http::problem(403, "wrong-code", "This does not open it",
                           "The code is wrong, was used already, or is not yours.");
    case Proof::too_often: {
      Response response =
          http::problem(429, "exhausted", "Too many wrong codes",
                        "Codes of the authenticator app have to wait now, at most an hour. A "
                        "recovery code does not.");
      response.set("Retry-After", "30");
      return response;
    }
    case Proof::over:
      break;
  }
  return http::problem(401, "second-step-over", "The second step is over",
                       "It took more than ten minutes, or was taken already: log in again.");
}

base::Result<std::optional<Response>> step_up(const Parts& parts,
                                              const accounts::Identity& identity,
                                              accounts::Act act) {
  const bool may = TRY(parts.proving.may(identity, act));
  if (may) return std::optional<Response>();
  return std::optional(
      http::problem(403, "step-up", "Prove once more that it is you",
                    "This needs a proof that is ten minutes old at most: give your password, and "
                    "your second factor where you have one, to POST /v1/proof."));
}

}  // namespace api

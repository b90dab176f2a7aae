// The second step of a log-in, step-up, and the factors that a person has.
#include "accounts/totp.h"
#include "api/api.h"
#include "api/body.h"
#include "api/call.h"
#include "api/proof.h"

namespace api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

constexpr std::size_t kBodyBytes = 16 * 1024;

base::Result<Response> second_step(const Request& request, const Parts& parts) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string token = TRY(body.text("token", "token: what logging in answered"));
  const auto second = TRY(read_second(body, site_of(parts, request)));
  TRY(body.nothing_else());
  if (!second)
    return base::Error{base::Code::invalid, "code, recovery_code or passkey: give one of them"};
  const auto entry = TRY(try_second_step(parts, request, token, *second));
  if (auto refused = refusal(entry.proof)) return std::move(*refused);
  return logged_in(*entry.session);
}

base::Result<Response> prove(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  Body body = TRY(Body::read(request, kBodyBytes));
  const auto second = TRY(read_second(body, site_of(parts, request)));
  const auto* passkey = second ? std::get_if<accounts::ByPasskey>(&*second) : nullptr;
  if (passkey != nullptr && !body.has("password")) {
    // It verified her itself: that is as good as a password and a code.
    TRY(body.nothing_else());
    const auto proof = TRY(try_proof(parts, request, identity, *passkey));
    if (auto refused = refusal(proof)) return std::move(*refused);
    return Response::empty(204);
  }
  const base::SecretBytes password = TRY(body.secret("password", "password: give your password"));
  TRY(body.nothing_else());
  const auto proof = TRY(try_proof(parts, request, identity, password, second));
  if (auto refused = refusal(proof)) return std::move(*refused);
  return Response::empty(204);
}

std::string passkey_json(const accounts::Passkey& passkey) {
  Json json;
  json.add("id", passkey.id.str())
      .add("name", http::Door::open(passkey.name))
      .add("added", base::rfc3339(passkey.added));
  if (passkey.used) json.add("used", base::rfc3339(*passkey.used));
  return json.str();
}

base::Result<Response> list(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  const auto enrolled = TRY(parts.factors.enrolled(identity.user));
  const auto passkeys = TRY(parts.factors.passkeys(identity.user));
  Json json;
  if (enrolled.authenticator)
    json.add_raw("authenticator",
                 Json().add("added", base::rfc3339(*enrolled.authenticator)).str());
  std::string list;
  for (const accounts::Passkey& passkey : passkeys) {
    if (!list.empty()) list += ',';
    list += passkey_json(passkey);
  }
  json.add_raw("passkeys", "[" + list + "]");
  json.add("recovery_codes_left", std::uint64_t{enrolled.recovery_codes});
  return Response::json(200, json.str());
}

std::string codes_json(const std::vector<std::string>& codes) {
  return Json().add("recovery_codes", codes).str();
}

base::Result<Response> begin_authenticator(const Request& request, const Parts& parts) {
  return changing(request, parts,
                  [&](const accounts::Identity& identity,
                      const accounts::Changing& who) -> base::Result<Response> {
                    const auto secret = TRY(parts.factors.begin_authenticator(who));
                    const auto profile = TRY(parts.accounts.profile(identity));
                    return Response::json(
                        201,
                        Json()
                            .add("uri", accounts::totp::uri(
                                            parts.issuer, http::Door::open(profile.email), secret))
                            .add("secret", accounts::totp::secret_text(secret))
                            .str());
                  });
}

base::Result<Response> confirm_authenticator(const Request& request, const Parts& parts) {
  TRY(identify(parts.accounts, request));
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string code = TRY(body.text("code", "code: six digits, as text"));
  TRY(body.nothing_else());
  return changing(
      request, parts,
      [&](const accounts::Identity&, const accounts::Changing& who) -> base::Result<Response> {
        const auto codes = TRY(parts.factors.confirm_authenticator(who, code));
        if (!codes) return std::move(*refusal(accounts::Proof::wrong_second));
        return Response::json(200, codes_json(*codes));
      });
}

base::Result<Response> remove_authenticator(const Request& request, const Parts& parts) {
  return changing(
      request, parts,
      [&](const accounts::Identity&, const accounts::Changing& who) -> base::Result<Response> {
        TRY(parts.factors.remove_authenticator(who));
        return Response::empty(204);
      });
}

base::Result<Response> renew_codes(const Request& request, const Parts& parts) {
  return changing(
      request, parts,
      [&](const accounts::Identity&, const accounts::Changing& who) -> base::Result<Response> {
        const auto codes = TRY(parts.factors.renew_recovery_codes(who));
        return Response::json(200, codes_json(codes));
      });
}

}  // namespace

void add_factor_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::post, "/v1/login/second", second_step);
  add_call(router, parts, Method::post, "/v1/proof", prove);
  add_call(router, parts, Method::get, "/v1/factors", list);
  add_call(router, parts, Method::post, "/v1/factors/authenticator", begin_authenticator);
  add_call(router, parts, Method::post, "/v1/factors/authenticator/confirm", confirm_authenticator);
  add_call(router, parts, Method::del, "/v1/factors/authenticator", remove_authenticator);
  add_call(router, parts, Method::post, "/v1/factors/recovery-codes", renew_codes);
}

}  // namespace api

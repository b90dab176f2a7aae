// Passkeys: what a browser is asked for one, and what it answers.
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

base::Result<Response> log_in_options(const Request& request, const Parts& parts, const Captures&) {
  return Response::json(
      200, request_options(site_of(parts, request), parts.proving.challenge_to_log_in(), {}));
}

base::Result<Response> log_in(const Request& request, const Parts& parts, const Captures&) {
  Body body = TRY(Body::read(request, kBodyBytes));
  auto credential = TRY(body.object("passkey", "passkey: what the browser answered for one"));
  TRY(body.nothing_else());
  auto answer = TRY(read_assertion(std::move(credential)));
  const auto entry = TRY(try_passkey(parts, request, std::move(answer)));
  if (auto refused = refusal(entry.proof)) return std::move(*refused);
  return logged_in(*entry.session);
}

base::Result<Response> second_step_options(const Request& request, const Parts& parts,
                                           const Captures&) {
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string token = TRY(body.text("token", "token: what logging in answered"));
  TRY(body.nothing_else());
  const auto asked = TRY(parts.proving.challenge_to_finish(token));
  if (!asked) return std::move(*refusal(accounts::Proof::over));
  if (asked->passkeys.empty())
    return base::Error{base::Code::missing, "there is no passkey: give a code"};
  return Response::json(
      200, request_options(site_of(parts, request), asked->challenge, asked->passkeys));
}

base::Result<Response> proof_options(const Request& request, const Parts& parts, const Captures&) {
  const auto identity = TRY(identify(parts.accounts, request));
  const auto passkeys = TRY(parts.factors.passkeys(identity.user));
  if (passkeys.empty())
    return base::Error{base::Code::missing, "there is no passkey: give your password"};
  return Response::json(200, request_options(site_of(parts, request),
                                             parts.proving.challenge_to_prove(identity), passkeys));
}

base::Result<Response> add_options(const Request& request, const Parts& parts, const Captures&) {
  return changing(
      request, parts,
      [&](const accounts::Identity& identity, const accounts::Changing&) -> base::Result<Response> {
        const auto profile = TRY(parts.accounts.profile(identity));
        const auto present = TRY(parts.factors.passkeys(identity.user));
        return Response::json(200, creation_options(parts, site_of(parts, request),
                                                    parts.proving.challenge_to_add(identity),
                                                    profile, identity.user, present));
      });
}

base::Result<Response> add(const Request& request, const Parts& parts, const Captures&) {
  TRY(identify(parts.accounts, request));
  Body body = TRY(Body::read(request, kBodyBytes));
  const std::string typed = TRY(body.text("name", "name: what you call it"));
  auto credential = TRY(body.object("passkey", "passkey: what the browser answered for one"));
  TRY(body.nothing_else());
  const auto name = TRY(accounts::parse_passkey_name(typed));
  const auto answer = TRY(read_registration(std::move(credential)));
  return changing(
      request, parts,
      [&](const accounts::Identity&, const accounts::Changing& who) -> base::Result<Response> {
        const auto added =
            TRY(parts.factors.add_passkey(who, site_of(parts, request), name, answer));
        if (!added) return std::move(*refusal(accounts::Proof::wrong_second));
        return Response::json(
            201,
            Json().add("id", added->id.str()).add("recovery_codes", added->recovery_codes).str());
      });
}

base::Result<Response> remove(const Request& request, const Parts& parts,
                              const Captures& captures) {
  return changing(
      request, parts,
      [&](const accounts::Identity&, const accounts::Changing& who) -> base::Result<Response> {
        const auto id = base::RecordId::parse(captures.at(0));
        if (!id.ok()) return base::Error{base::Code::missing, "there is no such passkey"};
        TRY(parts.factors.remove_passkey(who, *id));
        return Response::empty(204);
      });
}

}  // namespace

void add_passkey_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::post, "/v1/login/passkey/options", log_in_options);
  add_call(router, parts, Method::post, "/v1/login/passkey", log_in);
  add_call(router, parts, Method::post, "/v1/login/second/options", second_step_options);
  add_call(router, parts, Method::post, "/v1/proof/options", proof_options);
  add_call(router, parts, Method::post, "/v1/passkeys/options", add_options);
  add_call(router, parts, Method::post, "/v1/passkeys", add);
  add_call(router, parts, Method::del, "/v1/passkeys/{id}", remove);
}

}  // namespace api

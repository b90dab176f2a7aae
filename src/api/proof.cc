#include "api/proof.h"

#include "api/api.h"
#include "api/limit.h"

namespace api {

using http::Request;
using http::Response;

namespace webauthn = accounts::webauthn;

namespace {

constexpr base::Literal kNoPasskey = "passkey: what the browser answered for one";
// With whatever somebody types between the digits or letters.
constexpr std::size_t kCodeBytes = 12;
constexpr std::size_t kRecoveryCodeBytes = 40;

base::Result<std::string> bounded_text(Body& body, std::string_view name, std::size_t bytes_max,
                                       base::Literal otherwise) {
  std::string text = TRY(body.text(name, otherwise));
  if (text.size() > bytes_max) return base::Error{base::Code::invalid, otherwise};
  return text;
}

base::Result<base::Bytes> bytes(Body& body, std::string_view name) {
  const std::string text = TRY(body.text(name, kNoPasskey));
  return TRY_AS(base::parse_base64url(text), kNoPasskey);
}

std::string descriptors(std::span<const accounts::Passkey> passkeys) {
  std::string list;
  for (const accounts::Passkey& passkey : passkeys) {
    if (!list.empty()) list += ',';
    list += Json().add("type", "public-key").add("id", base::base64url(passkey.credential)).str();
  }
  return "[" + list + "]";
}

std::uint64_t lives_ms() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(accounts::challenge_lives).count());
}

}  // namespace

webauthn::Site site_of(const Parts& parts, const Request& request) {
  webauthn::Site site;
  site.origin = parts.origin(request);
  const std::size_t host = site.origin.find("://") + 3;
  site.rp_id = site.origin.substr(host, site.origin.find(':', host) - host);
  return site;
}

base::Result<webauthn::Registration> read_registration(Body credential) {
  auto response = TRY(credential.object("response", kNoPasskey));
  webauthn::Registration answer;
  answer.client_data = TRY(bytes(response, "clientDataJSON"));
  answer.attestation = TRY(bytes(response, "attestationObject"));
  return answer;
}

base::Result<webauthn::Assertion> read_assertion(Body credential) {
  auto response = TRY(credential.object("response", kNoPasskey));
  webauthn::Assertion answer;
  answer.credential = TRY(bytes(credential, "id"));
  answer.client_data = TRY(bytes(response, "clientDataJSON"));
  answer.authenticator_data = TRY(bytes(response, "authenticatorData"));
  answer.signature = TRY(bytes(response, "signature"));
  if (response.has("userHandle")) answer.user_handle = TRY(bytes(response, "userHandle"));
  return answer;
}

base::Result<std::string> read_code(Body& body) {
  return bounded_text(body, "code", kCodeBytes, "code: six digits, as text");
}

base::Result<std::optional<accounts::Second>> read_second(Body& body, const webauthn::Site& site) {
  const bool code = body.has("code");
  const bool recovery = body.has("recovery_code");
  const bool passkey = body.has("passkey");
  if (int{code} + int{recovery} + int{passkey} > 1)
    return base::Error{base::Code::invalid, "code, recovery_code, passkey: give one of them"};
  if (code) {
    std::string digits = TRY(read_code(body));
    return std::optional<accounts::Second>(accounts::AppCode{std::move(digits)});
  }
  if (recovery) {
    std::string letters = TRY(bounded_text(body, "recovery_code", kRecoveryCodeBytes,
                                           "recovery_code: one of your codes"));
    return std::optional<accounts::Second>(accounts::RecoveryCode{std::move(letters)});
  }
  if (passkey) {
    auto credential = TRY(body.object("passkey", kNoPasskey));
    auto answer = TRY(read_assertion(std::move(credential)));
    return std::optional<accounts::Second>(accounts::ByPasskey{site, std::move(answer)});
  }
  return std::optional<accounts::Second>();
}

std::string request_options(const webauthn::Site& site, base::View challenge,
                            std::span<const accounts::Passkey> allowed) {
  Json json;
  json.add("challenge", base::base64url(challenge))
      .add("rpId", site.rp_id)
      .add("timeout", lives_ms())
      .add("userVerification", "required");
  if (!allowed.empty()) json.add_raw("allowCredentials", descriptors(allowed));
  return json.str();
}

std::string creation_options(const Parts& parts, const webauthn::Site& site, base::View challenge,
                             const accounts::Profile& profile, base::UserId user,
                             std::span<const accounts::Passkey> present) {
  std::string kinds;
  for (const std::int64_t algorithm : webauthn::algorithms) {
    if (!kinds.empty()) kinds += ',';
    kinds += R"({"type":"public-key","alg":)" + std::to_string(algorithm) + "}";
  }
  return Json()
      .add_raw("rp", Json().add("id", site.rp_id).add("name", parts.issuer).str())
      .add_raw("user", Json()
                           .add("id", base::base64url(user.bytes()))
                           .add("name", http::Door::open(profile.email))
                           .add("displayName", http::Door::open(profile.legal_name))
                           .str())
      .add("challenge", base::base64url(challenge))
      .add_raw("pubKeyCredParams", "[" + kinds + "]")
      .add("timeout", lives_ms())
      .add("attestation", "none")
      .add_raw(
          "authenticatorSelection",
          R"({"residentKey":"required","requireResidentKey":true,"userVerification":"required"})")
      .add_raw("excludeCredentials", descriptors(present))
      .str();
}

Response logged_in(const accounts::NewSession& session) {
  Response response =
      Response::json(200, Json().add("account", session.identity.account.str()).str());
  greet(response, session);
  return response;
}

base::Result<accounts::Proof> try_proof(const Parts& parts, const Request& request,
                                        const accounts::Identity& identity,
                                        const base::SecretBytes& password,
                                        const std::optional<accounts::Second>& second) {
  auto attempt = TRY(ProofTry::begin(parts, request, identity.user));
  const auto proof = TRY(parts.proving.prove(identity, password, second, parts.origin(request)));
  // Nothing wrong was said where only the second factor is missing.
  if (proof == accounts::Proof::given || proof == accounts::Proof::second_missing)
    attempt.was_right();
  return proof;
}

base::Result<accounts::Proof> try_proof(const Parts& parts, const Request& request,
                                        const accounts::Identity& identity,
                                        const accounts::ByPasskey& passkey) {
  auto attempt = TRY(ProofTry::begin(parts, request, identity.user));
  const auto proof = TRY(parts.proving.prove(identity, passkey));
  if (proof == accounts::Proof::given) attempt.was_right();
  return proof;
}

base::Result<accounts::Proving::Entry> try_second_step(const Parts& parts, const Request& request,
                                                       std::string_view token,
                                                       const accounts::Second& second) {
  const auto who = TRY(parts.proving.half_way(token));
  if (!who) return accounts::Proving::Entry{};
  auto attempt = TRY(ProofTry::begin_second_step(parts, request, *who));
  auto entry = TRY(parts.proving.finish(token, second, visit_of(parts, request)));
  if (entry.proof == accounts::Proof::given) attempt.was_right();
  return entry;
}

base::Result<accounts::Proving::Entry> try_passkey(const Parts& parts, const Request& request,
                                                   webauthn::Assertion answer) {
  auto attempt = TRY(ProofTry::begin_passkey(parts, request));
  auto entry = TRY(
      parts.proving.log_in({site_of(parts, request), std::move(answer)}, visit_of(parts, request)));
  if (entry.proof == accounts::Proof::given) attempt.was_right();
  return entry;
}

base::Result<std::optional<Response>> confirm(const Parts& parts, const Request& request,
                                              const accounts::Identity& identity, accounts::Act act,
                                              const base::SecretBytes& password,
                                              const std::optional<accounts::Second>& second) {
  const auto proof = TRY(try_proof(parts, request, identity, password, second));
  if (auto refused = refusal(proof)) return refused;
  return step_up(parts, identity, act);
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
                           "The password is right. Give a code of your authenticator app, a "
                           "recovery code or a passkey with it.");
    case Proof::wrong_second:
      return http::problem(403, "wrong-factor", "This does not open it",
                           "The code or passkey is wrong, was used already, or is not yours.");
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

// What the JSON face says about proofs: how a second factor and a passkey's answers are read, what
// a browser is asked for one, and the answer to whoever is logged in now.
#pragma once

#include <optional>
#include <span>

#include "accounts/proving.h"
#include "api/api.h"
#include "api/body.h"
#include "http/http.h"

namespace api {

/// Who we are to the browser that sent this: the origin that it is served under.
accounts::webauthn::Site site_of(const Parts& parts, const http::Request& request);

/// The members of the object that a browser's PublicKeyCredential.toJSON() makes.
base::Result<accounts::webauthn::Registration> read_registration(Body credential);
base::Result<accounts::webauthn::Assertion> read_assertion(Body credential);
/// One of `code` (of an authenticator app), `recovery_code` and `passkey`; nothing where none is
/// there, Code::invalid where several are.
base::Result<std::optional<accounts::Second>> read_second(Body& body,
                                                          const accounts::webauthn::Site& site);

/// What navigator.credentials.get() is asked (PublicKeyCredentialRequestOptionsJSON). Without
/// `allowed`: whichever passkey the authenticator has for us.
std::string request_options(const accounts::webauthn::Site& site, base::View challenge,
                            std::span<const accounts::Passkey> allowed);
/// What navigator.credentials.create() is asked (PublicKeyCredentialCreationOptionsJSON).
std::string creation_options(const Parts& parts, const accounts::webauthn::Site& site,
                             base::View challenge, const accounts::Profile& profile,
                             base::UserId user, std::span<const accounts::Passkey> present);

/// What came of proving who one is by the password, and by the second factor where she has one
/// (Proving::prove). Tries are counted (limit.h): Code::exhausted where it is to wait.
base::Result<accounts::Proof> try_proof(const Parts& parts, const http::Request& request,
                                        const accounts::Identity& identity,
                                        const base::SecretBytes& password,
                                        const std::optional<accounts::Second>& second);
/// The same by a passkey alone.
base::Result<accounts::Proof> try_proof(const Parts& parts, const http::Request& request,
                                        const accounts::Identity& identity,
                                        const accounts::ByPasskey& passkey);
/// The second step of a login, counted too.
base::Result<accounts::Proving::Entry> try_second_step(const Parts& parts,
                                                       const http::Request& request,
                                                       std::string_view token,
                                                       const accounts::Second& second);
/// A login with a passkey alone, counted too.
base::Result<accounts::Proving::Entry> try_passkey(const Parts& parts, const http::Request& request,
                                                   accounts::webauthn::Assertion answer);

/// Step-up within the call itself: the problem where what it says does not prove that `identity`
/// may do `act`, nothing where it does.
base::Result<std::optional<http::Response>> confirm(const Parts& parts,
                                                    const http::Request& request,
                                                    const accounts::Identity& identity,
                                                    accounts::Act act,
                                                    const base::SecretBytes& password,
                                                    const std::optional<accounts::Second>& second);

/// 200 with the account, and the session in the cookie.
http::Response logged_in(const accounts::NewSession& session);

/// Runs `change` for somebody who has proved lately who she is. A body is read before it: that may
/// take its time, in which much can have changed.
template <class Change>
base::Result<http::Response> changing(const http::Request& request, const Parts& parts,
                                      const Change& change) {
  const auto identity = TRY(identify(parts.accounts, request));
  auto needed = TRY(step_up(parts, identity, accounts::Act::change_factors));
  if (needed) return std::move(*needed);
  return change(identity,
                accounts::Changing{identity.user, identity.session, parts.origin(request)});
}

}  // namespace api

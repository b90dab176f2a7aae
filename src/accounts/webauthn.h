// What a browser answers for a passkey, taken apart and verified (WebAuthn Level 3, 7.1 and 7.2),
// over libfido2. Pure functions: no challenge is made, no credential kept here. Every byte comes
// from outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/bytes.h"

namespace accounts::webauthn {

/// Who we are to the browser.
struct Site {
  std::string origin;  // scheme://host:port
  std::string rp_id;   // the host
};

/// Why an answer is not taken.
enum class Refusal : std::uint8_t {
  malformed,     // not what the standard describes, or of a kind that we do not take
  type,          // of the other ceremony
  origin,        // made for another site, or inside of one
  challenge,     // not ours, not for this, run out or used
  site,          // the authenticator was asked by another site
  presence,      // nobody was there
  verification,  // the authenticator did not verify who was there
  credential,    // not one that she has enrolled
  signature,
  counter,  // it does not go up: there may be a copy of the authenticator
};

/// An answer to navigator.credentials.create().
struct Registration {
  base::Bytes client_data;  // JSON
  base::Bytes attestation;  // CBOR
};

/// An answer to navigator.credentials.get().
struct Assertion {
  base::Bytes credential;
  base::Bytes client_data;  // JSON
  base::Bytes authenticator_data;
  base::Bytes signature;
  base::Bytes user_handle;  // empty where the authenticator gave none
};

/// What of a new passkey is kept.
struct Credential {
  base::Bytes id;
  std::int64_t algorithm = 0;  // COSE: -7, -8 or -257
  base::Bytes key;             // public
  std::uint32_t counter = 0;
};

/// The collected client data (5.8.1).
struct Client {
  std::string type;
  base::Bytes challenge;
  std::string origin;
  bool cross_origin = false;
};
enum class Kind : std::uint8_t { create, get };

/// The algorithms that we take, best first.
inline constexpr std::int64_t algorithms[] = {-7, -8, -257};

/// Nothing where it is not client data.
std::optional<Client> parse_client(base::View json);
/// Type and origin; the challenge is the caller's to check.
std::optional<Refusal> check_client(const Client& client, Kind kind, const Site& site);
/// The rest: the authenticator's data, and where the attestation is signed by the passkey itself,
/// that signature. Attestation is not asked for, and nothing else is taken.
std::variant<Credential, Refusal> check_registration(const Registration& answer, const Site& site);
/// The rest: the authenticator's data, the signature, and the counter, which answers the new one.
std::variant<std::uint32_t, Refusal> check_assertion(const Assertion& answer, const Site& site,
                                                     const Credential& kept);

}  // namespace accounts::webauthn

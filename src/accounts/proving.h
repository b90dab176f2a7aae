// Proving who one is: the second step of a log-in, and the proof that what cannot be undone asks of
// somebody who is logged in already (step-up). One place for both. Judges with Factors and the
// password, lets in through Accounts; keeps nothing itself.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "accounts/accounts.h"

namespace accounts {

/// A second factor, as it was given.
struct AppCode {
  std::string digits;
};
struct RecoveryCode {
  std::string letters;
};
struct ByPasskey {
  webauthn::Site site;
  webauthn::Assertion answer;
};
using Second = std::variant<AppCode, RecoveryCode, ByPasskey>;

/// What came of a try to prove something.
enum class Proof : std::uint8_t {
  given,
  wrong_password,
  second_missing,  // the password is right, and she has a second factor
  wrong_second,
  too_often,  // codes have to wait
  over,       // the second step took too long, or was taken already
};

/// Safe from any thread.
class Proving {
 public:
  Proving(store::Store& store, Accounts& accounts, Factors& factors, Proofs& proofs,
          Challenges& challenges)
      : store_(store),
        accounts_(accounts),
        factors_(factors),
        proofs_(proofs),
        challenges_(challenges) {}

  struct Entry {
    Proof proof = Proof::over;
    std::optional<NewSession> session;  // where the proof is given
  };
  /// The second step after Accounts::log_in.
  base::Result<Entry> finish(std::string_view token, const Second& second, const Visit& visit);

  /// Whose half-way token it is, to show her ways to finish; nothing where it is over.
  base::Result<std::optional<base::UserId>> half_way(std::string_view token);

  /// Step-up with the password, and the second factor where one is enrolled: it may be left out
  /// while the session's last proof, which had one, is recent, and then makes it no younger.
  /// `origin`: where links of mails about it lead.
  base::Result<Proof> prove(const Identity& identity, const base::SecretBytes& password,
                            const std::optional<Second>& second, const std::string& origin);
  // Passkeys. A challenge is asked for first; the browser's answer to it counts once.
  base::Bytes challenge_to_add(const Identity& identity);
  base::Bytes challenge_to_log_in();
  base::Bytes challenge_to_prove(const Identity& identity);
  /// For the second step, with the passkeys that may take it; nothing where the token is over.
  struct ToFinish {
    base::Bytes challenge;
    std::vector<Passkey> passkeys;
  };
  base::Result<std::optional<ToFinish>> challenge_to_finish(std::string_view token);
  /// Logs in whoever the answer names and proves to be: without a password, and in one step.
  base::Result<Entry> log_in(const ByPasskey& passkey, const Visit& visit);
  /// Step-up with a passkey alone, which verified her itself.
  base::Result<Proof> prove(const Identity& identity, const ByPasskey& passkey);

  /// Whether `identity` may do `act` without another proof. What does it looks once more, in its
  /// transaction: see Proofs::require.
  base::Result<bool> may(const Identity& identity, Act act);

 private:
  base::Result<Proof> judge(base::UserId user, const Second& second, const Asked& asked,
                            const std::string& origin);

  store::Store& store_;
  Accounts& accounts_;
  Factors& factors_;
  Proofs& proofs_;
  Challenges& challenges_;
};

}  // namespace accounts

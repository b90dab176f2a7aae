// Proving who one is: the second step of a log-in, and the proof that what cannot be undone asks of
// somebody who is logged in already (step-up). One place for both, with the table of what needs a
// recent proof. Judges with Factors and the password, lets in through Accounts; keeps nothing
// itself.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "accounts/accounts.h"

namespace accounts {

/// What a session alone may not do: what cannot be undone, or would outlive the session.
enum class Act : std::uint8_t {
  cancel_account,
  export_data,
  change_roles,
  manage_tokens,
  change_factors,
};
/// How old the session's last proof may be for an act. Logging in is a proof.
struct Need {
  Act act;
  base::Duration within;
};
inline constexpr std::array needs = {
    Need{Act::cancel_account, proof_lives}, Need{Act::export_data, proof_lives},
    Need{Act::change_roles, proof_lives}, Need{Act::manage_tokens, proof_lives},
    Need{Act::change_factors, proof_lives}};

/// A second factor, as it was given.
struct AppCode {
  std::string digits;
};
struct RecoveryCode {
  std::string letters;
};
using Second = std::variant<AppCode, RecoveryCode>;

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
  Proving(store::Store& store, Accounts& accounts, Factors& factors, Proofs& proofs)
      : store_(store), accounts_(accounts), factors_(factors), proofs_(proofs) {}

  struct Entry {
    Proof proof = Proof::over;
    std::optional<NewSession> session;  // where the proof is given
  };
  /// The second step after Accounts::log_in. `origin`: where links of mails about it lead.
  base::Result<Entry> finish(std::string_view token, const Second& second,
                             const std::string& origin);

  /// Step-up with the password, and the second factor where one is enrolled: it may be left out
  /// while the session's last proof, which had one, is recent.
  base::Result<Proof> prove(const Identity& identity, const base::SecretBytes& password,
                            const std::optional<Second>& second, const std::string& origin);
  /// Whether `identity` may do `act` without another proof.
  base::Result<bool> may(const Identity& identity, Act act);

 private:
  base::Result<Proof> judge(base::UserId user, const Second& second, const std::string& origin);

  store::Store& store_;
  Accounts& accounts_;
  Factors& factors_;
  Proofs& proofs_;
};

}  // namespace accounts

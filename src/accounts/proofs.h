// What somebody has proved of herself, for a short while: that the password was right and the
// second step is still to come, and when a session last proved who sits before it. Owns both tables
// (opaque ids, digests, times), and that of what needs a recent proof; never judges a proof itself.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/id.h"
#include "store/store.h"

namespace accounts {

/// How long the second step may take after the password was right.
inline constexpr base::Duration half_way_lives = std::chrono::minutes(10);
/// How long a proof counts as recent.
inline constexpr base::Duration proof_lives = std::chrono::minutes(10);

/// What a session alone may not do: what cannot be undone, or would outlive the session.
enum class Act : std::uint8_t {
  cancel_account,
  export_data,
  change_roles,
  manage_tokens,
  change_factors,
  change_password,
  change_address,
  leave_account,
};
/// How old the session's last proof may be for an act. Logging in is a proof.
struct Need {
  Act act;
  base::Duration within;
};
inline constexpr std::array needs = {
    Need{Act::cancel_account, proof_lives}, Need{Act::export_data, proof_lives},
    Need{Act::change_roles, proof_lives},   Need{Act::manage_tokens, proof_lives},
    Need{Act::change_factors, proof_lives}, Need{Act::change_password, proof_lives},
    Need{Act::change_address, proof_lives}, Need{Act::leave_account, proof_lives}};

/// Who has given the right password, and no second factor yet.
struct HalfWay {
  base::UserId user;
  base::AccountId account;
};

/// Safe from any thread.
class Proofs {
 public:
  static store::Schema schema();
  Proofs(store::Store& store, base::Clock& clock, base::Entropy& entropy)
      : store_(store), clock_(clock), entropy_(entropy) {}

  /// A token for the second step: known to the caller alone, kept as a digest. It opens nothing.
  /// `along` runs in its transaction.
  base::Result<std::string> begin(const HalfWay& who, const store::Store::Body& along);
  /// Whose token it is; nothing where it was used or has run out.
  base::Result<std::optional<HalfWay>> half_way(std::string_view token);
  /// Uses the token up. Code::missing where another did so first.
  base::Result<void> end(store::Tx& tx, std::string_view token);

  /// From now on, for a while, `session` of `user` has proved who she is.
  base::Result<void> proven(store::Tx& tx, base::SessionId session, base::UserId user);
  /// As proven(), and whatever was proved elsewhere counts no more: it was proved with other
  /// factors.
  base::Result<void> only_proven(store::Tx& tx, base::SessionId session, base::UserId user);
  /// Whether it did so lately enough for `act`.
  base::Result<bool> may(base::SessionId session, Act act);
  /// First in the transaction of what somebody who is logged in does: a session that lived when she
  /// was asked for it may have been ended since, by her herself, and what comes by it now is
  /// somebody else's. Code::unauthenticated where it is over.
  base::Result<void> require(store::Tx& tx, base::UserId user, base::SessionId session);
  /// The same for what needs a proof: Code::denied where there is none that is recent enough.
  base::Result<void> require(store::Tx& tx, base::UserId user, base::SessionId session, Act act);

  static base::Result<void> forget(store::Tx& tx, base::UserId user);
  /// After a restore: nobody has proved anything.
  static base::Result<void> restored(store::Tx& tx);
  /// Forgets what has run out.
  base::Result<void> tick();

 private:
  base::Result<bool> proven_for(store::Reader& reader, base::SessionId session, Act act);

  store::Store& store_;
  base::Clock& clock_;
  base::Entropy& entropy_;
};

}  // namespace accounts

// What somebody has proved of herself, for a short while: that the password was right and the
// second step is still to come, and when a session last proved who sits before it. Owns both tables
// (opaque ids, digests, times); never judges a proof itself.
#pragma once

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
  base::Result<std::string> begin(const HalfWay& who);
  /// Whose token it is; nothing where it was used or has run out.
  base::Result<std::optional<HalfWay>> half_way(std::string_view token);
  /// Uses the token up. Code::missing where another did so first.
  base::Result<void> end(store::Tx& tx, std::string_view token);

  /// From now on, for a while, `session` of `user` has proved who she is.
  base::Result<void> proven(store::Tx& tx, base::SessionId session, base::UserId user);
  /// As proven(), and whatever was proved elsewhere counts no more: it was proved with other
  /// factors.
  base::Result<void> only_proven(store::Tx& tx, base::SessionId session, base::UserId user);
  /// Whether it did so within so long, at most proof_lives.
  base::Result<bool> proven_within(base::SessionId session, base::Duration within);

  static base::Result<void> forget(store::Tx& tx, base::UserId user);
  /// After a restore: nobody has proved anything.
  static base::Result<void> restored(store::Tx& tx);
  /// Forgets what has run out.
  base::Result<void> tick();

 private:
  store::Store& store_;
  base::Clock& clock_;
  base::Entropy& entropy_;
};

}  // namespace accounts

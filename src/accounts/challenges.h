// Challenges for passkeys (WebAuthn, 13.4.3): random, each for one use by one person for one thing,
// good for five minutes. A challenge carries its own proof that we made it, so that whoever asks
// for thousands fills nothing; what is remembered is the used ones, until they would have run out.
// Owns a key of this run and a plain table of digests.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/secret_bytes.h"
#include "store/store.h"

namespace accounts {

inline constexpr base::Duration challenge_lives = std::chrono::minutes(5);

/// What a challenge is for.
enum class Ceremony : std::uint8_t { add_passkey, log_in, second_step, step_up };

/// Safe from any thread.
class Challenges {
 public:
  static store::Schema schema();
  Challenges(base::Clock& clock, base::Entropy& entropy);

  /// `subject`: whom it is for (a session, a half-way token); empty where nobody is known yet.
  base::Bytes make(Ceremony ceremony, base::View subject);
  /// Whether we made it in this run for this, and it has not run out. Whether it was used, use()
  /// says.
  bool good(base::View challenge, Ceremony ceremony, base::View subject);
  /// Uses a good one up, in the transaction of what it was good for. Code::missing where it was
  /// used before.
  base::Result<void> use(store::Tx& tx, base::View challenge);
  /// Forgets those that have run out. Call now and then.
  base::Result<void> tick(store::Store& store);

 private:
  base::Bytes tag(base::View head, Ceremony ceremony, base::View subject) const;

  base::Clock& clock_;
  base::Entropy& entropy_;
  base::SecretBytes key_;
};

}  // namespace accounts

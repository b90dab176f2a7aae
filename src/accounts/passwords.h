// Password hashing, so many at a time and no more: Argon2id takes tens of megabytes and a core for
// each, and whoever floods the login must not take the machine. Owns no passwords.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/wait.h"

namespace accounts {

/// What a hash costs, and how long that takes here.
struct MeasuredCost {
  base::PasswordCost cost;
  base::Duration takes{0};
};
/// How long one hash of this cost takes.
using MeasureCost = std::function<base::Result<base::Duration>(const base::PasswordCost&)>;
/// The dearest of Argon2id's parameters that take about `target` here: more memory first, from
/// OWASP's least (19 MiB, 2 passes) to 64 MiB, then more passes. Never less than OWASP's least.
base::Result<MeasuredCost> choose_cost(const MeasureCost& measure, base::Duration target);
/// By hashing on this machine, with a clock that no setting of the time moves.
MeasureCost measure_by(base::Clock& steady);

class Passwords {
 public:
  /// `at_once` hashes run side by side, `waiting_max` callers wait for their turn, and whoever
  /// comes then is told to come back: Code::unavailable.
  Passwords(base::Wait& wait, base::PasswordCost cost, std::size_t at_once,
            std::size_t waiting_max);

  base::Result<std::string> hash(const base::SecretBytes& password);
  base::Result<bool> matches(std::string_view hash, const base::SecretBytes& password);
  /// Whether a hash that is kept is cheaper to try than one made today, or not made by Argon2id:
  /// the next login, which knows the password, makes it anew.
  bool outdated(std::string_view hash) const;
  const base::PasswordCost& cost() const noexcept { return cost_; }
  /// The work of matches(), for an account that does not exist.
  base::Result<void> pretend(const base::SecretBytes& password);

 private:
  class Turn;
  base::Result<void> take_turn();
  void end_turn();

  base::PasswordCost cost_;
  base::Mutex mutex_;
  base::Condition free_;
  std::size_t left_;
  std::size_t waiting_ = 0;
  const std::size_t waiting_max_;
  std::string nobody_;  // a hash of nothing in particular, at this cost
};

}  // namespace accounts

// Password hashing, so many at a time and no more: Argon2id takes tens of megabytes and a core for
// each, and whoever floods the login must not take the machine. Owns no passwords.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "accounts/foreign_hash.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/wait.h"

namespace accounts {

/// The least that OWASP's Password Storage Cheat Sheet has for Argon2id.
inline constexpr base::PasswordCost password_cost_min{2, std::size_t{19} << 20};
/// What a guess costs: it grows with both passes and memory.
std::uint64_t work(const base::PasswordCost& cost);
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

/// What somebody's password is compared with.
struct KeptHash {
  std::string text;
  std::optional<ForeignCost> foreign;  // what it costs, where it was made elsewhere
};

class Passwords {
 public:
  /// `at_once` hashes run side by side, `waiting_max` callers wait for their turn, and whoever
  /// comes then is told to come back: Code::unavailable.
  Passwords(base::Wait& wait, base::PasswordCost cost, std::size_t at_once,
            std::size_t waiting_max);

  base::Result<std::string> hash(const base::SecretBytes& password);
  /// Of ours or of others.
  base::Result<bool> matches(std::string_view hash, const base::SecretBytes& password);
  /// Whether a hash that is kept costs another work than one made today, or was not made by
  /// Argon2id: the next login, which knows the password, makes it anew.
  bool outdated(std::string_view hash) const;
  const base::PasswordCost& cost() const noexcept { return cost_; }
  /// The work of a login, the same for everybody: a hash at today's cost, and one of each cost in
  /// `foreign`. Whether one of them was `kept` and fits; nothing kept: an account that does not
  /// exist.
  base::Result<bool> try_login(const std::optional<KeptHash>& kept,
                               const base::SecretBytes& password,
                               std::span<const ForeignCost> foreign);
  /// How many hashes try_login() has computed since the start.
  std::uint64_t tried() const noexcept { return tried_; }

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
  std::atomic<std::uint64_t> tried_{0};
  std::string nobody_;  // a hash of nothing in particular, at this cost
};

}  // namespace accounts

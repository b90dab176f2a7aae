// Password hashing, so many at a time and no more: Argon2id takes tens of megabytes and a core for
// each, and whoever floods the login must not take the machine. Owns no passwords.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/wait.h"

namespace accounts {

class Passwords {
 public:
  /// `at_once` hashes run side by side, `waiting_max` callers wait for their turn, and whoever
  /// comes then is told to come back: Code::unavailable.
  Passwords(base::Wait& wait, base::PasswordCost cost, std::size_t at_once,
            std::size_t waiting_max);

  base::Result<std::string> hash(const base::SecretBytes& password);
  base::Result<bool> matches(std::string_view hash, const base::SecretBytes& password);
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

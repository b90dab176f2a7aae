// Who may try to log in now, without anybody being locked out by what strangers do: a device that
// she has logged in from counts by itself, a network that she has logged in from counts by itself
// for her, and only for all others does it count what everybody tried. Owns nothing; what it counts
// with is the Throttle, what it knows people by is Sessions.
#pragma once

#include <optional>
#include <vector>

#include "accounts/sessions.h"
#include "accounts/throttle.h"
#include "vault/vault.h"

namespace accounts {

/// A try, until it is known what it was.
struct Knock {
  std::vector<Count> counts;
  Ruling ruling;
  std::optional<Count> right = {};  // what it counts by where the password is right
};

class Entrance {
 public:
  Entrance(vault::Vault& vault, Sessions& sessions, Throttle& throttle)
      : vault_(vault), sessions_(sessions), throttle_(throttle) {}

  /// Counts a login as `email`. `network` is the digest of the visitor's under Throttle::key();
  /// none: one of this very machine, which no quota of networks holds for.
  base::Result<Knock> knock(const vault::Address& email, const Visit& visit,
                            const std::optional<base::Digest>& network);
  /// Counts that the password was right, before anything comes of it. Where it is to wait, the try
  /// stands as if it had been wrong: the next ones are held back before anything is hashed.
  Ruling right(const Knock& knock);

 private:
  vault::Vault& vault_;
  Sessions& sessions_;
  Throttle& throttle_;
};

}  // namespace accounts

// How a server and a holder come to know each other's keys: by a code of 128 random bits that a
// person carries from one to the other, good once and for a few minutes. It never travels: each
// side proves that it has it, over the very session and both keys, so that nobody can stand between
// them. Owns the holder's files of codes and of welcome keys.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/disk.h"
#include "base/entropy.h"
#include "holder/tls.h"

namespace holder {

inline constexpr std::chrono::minutes kCodeLife{10};
inline constexpr std::uint8_t kCodeAttempts = 5;

/// The code's secret, from what a person was shown: `abcd-efgh-…`, in either case, with or without
/// hyphens and spaces. Code::invalid otherwise.
base::Result<base::SecretBytes> parse_code(std::string_view text);

/// What `side` shows to prove that it has the code, in the session bound by `binding`.
base::Digest proof(const base::SecretBytes& secret, Side side, const Binding& binding,
                   const base::PublicKey& caller, const base::PublicKey& holder);

/// Keeps other processes out while what it answers lives: a file is read and replaced whole.
using PairingTurn = std::function<base::Result<std::shared_ptr<void>>()>;

/// The codes and keys of one holder, in its directory. Each call reads what is there now, so that
/// commands and the serving process agree.
class Pairings {
 public:
  /// `turn` is taken for each change; nothing where nobody else changes anything.
  Pairings(base::Disk& disk, base::Clock& clock, std::string directory, PairingTurn turn = {});

  /// A new code as a person is shown it; an older one is void from now on.
  base::Result<std::string> issue(base::Entropy& entropy);
  /// Takes `shown` as the caller's proof, makes its key welcome and the code void, and answers the
  /// holder's own proof. Code::unauthenticated where there is no code, it has passed, or the proof
  /// is wrong; after kCodeAttempts wrong ones the code is void.
  base::Result<base::Digest> pair(base::View shown, const Binding& binding,
                                  const base::PublicKey& caller, const base::PublicKey& holder);

  base::Result<std::vector<base::PublicKey>> keys();
  base::Result<bool> welcome(const base::PublicKey& key);
  /// Code::missing where it is not welcome anyway.
  base::Result<void> forget(const base::PublicKey& key);

  /// The tree that this holder serves; nothing before the first use.
  base::Result<std::optional<base::Bytes>> tree();
  base::Result<void> bind(base::View tree);

 private:
  struct Open;
  base::Result<std::shared_ptr<void>> take_turn();
  base::Result<std::optional<Open>> open_code();
  base::Result<void> keep(const Open& open);
  base::Result<void> drop();
  base::Result<void> keep(const std::vector<base::PublicKey>& keys);

  base::Disk& disk_;
  base::Clock& clock_;
  std::string directory_;
  PairingTurn turn_;
};

}  // namespace holder

// An erasure on its way: the owners whose keys are to be destroyed and those who get new ones,
// taken so that nobody else uses them. Owns the keys to come, in memory only. Never changes
// anything by itself: Keys makes, commits and finishes it (keys/keys.h).
#pragma once

#include <cstdint>
#include <memory>

#include "base/id.h"
#include "base/secret_bytes.h"

namespace keys {

/// live: has a key. erasing: an intent is durable, the key may still stand in the tree. erased: a
/// tombstone; an owner of this id is never given a key again. unreadable: a page of keys did not
/// open when the map was made again, and her key may stand on it.
enum class State : std::uint8_t { unknown, live, erasing, erased, unreadable };

class Keys;

/// An erasure in preparation. While it lives, derivation for the owners to be erased is refused;
/// dropped without Keys::commit, nothing has happened (but an intent that is durable stands, and
/// unfinished() lists it). The keys that re-keyed owners will have exist in memory only, until the
/// commit. Must not outlive the Keys it came from.
class Erasure {
 public:
  Erasure(Erasure&&) noexcept;
  Erasure& operator=(Erasure&&) noexcept;
  ~Erasure();

  /// A subkey of the key that `rekeyed` will have after the commit.
  base::Result<base::SecretBytes> next(base::OwnerId rekeyed, base::Literal label) const;
  /// The generation that `rekeyed` will have after the commit.
  base::Result<std::uint64_t> next_generation(base::OwnerId rekeyed) const;
  /// For whoever must be able to go on after a crash: the key to come, sealed under a key that the
  /// commit destroys (a subkey of the owner's present one).
  base::Result<base::Bytes> seal_next(base::OwnerId rekeyed, const base::SecretBytes& under) const;
  /// Takes what seal_next() gave as the key to come. Code::corrupt where it is not that.
  base::Result<void> take_next(base::OwnerId rekeyed, const base::SecretBytes& under,
                               base::View sealed);

 private:
  friend class Keys;
  struct Plan;
  explicit Erasure(std::unique_ptr<Plan> plan);
  std::unique_ptr<Plan> plan_;
};

}  // namespace keys

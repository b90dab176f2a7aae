// The key tree: one master key for each owner, in pages of which each is sealed under a key that
// lives in its parent, up to a root key that a RootHolder keeps and truly forgets. Owns the tree
// file, the map from owner to slot, and who is being erased. Never seals data itself and never lets
// a master key out: callers get subkeys bound to a label.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/entropy.h"
#include "base/id.h"
#include "base/secret_bytes.h"
#include "base/wait.h"
#include "keys/root_holder.h"
#include "store/store.h"

namespace keys {

/// live: has a key. erasing: an intent is durable, the key may still stand in the tree. erased: a
/// tombstone; an owner of this id is never given a key again.
enum class State : std::uint8_t { unknown, live, erasing, erased };

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

 private:
  friend class Keys;
  struct Plan;
  explicit Erasure(std::unique_ptr<Plan> plan);
  std::unique_ptr<Plan> plan_;
};

/// Safe from any thread. Creations and erasures of concurrent callers share one tree commit.
class Keys {
 public:
  static store::Schema schema();

  /// Opens the tree at `path`, or makes it with its first root. Recovers first: the highest valid
  /// epoch wins and the other root slot is destroyed. Code::missing where data exists but its root
  /// does not: nothing opens, and nothing is made anew over it.
  static base::Result<std::unique_ptr<Keys>> open(store::Store& store, RootHolder& holder,
                                                  base::Disk& disk, base::Wait& wait,
                                                  base::Entropy& entropy, const std::string& path);
  ~Keys();
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  /// Gives each of `owners` a fresh key, durable in the tree on return. Until bind() commits, a
  /// crash forgets them. Code::conflict where one has, or ever had, a key.
  base::Result<void> mint(std::span<const base::OwnerId> owners);
  /// Records the owner in the transaction that first uses the key.
  base::Result<void> bind(store::Tx& tx, base::OwnerId owner);

  /// A 32-byte subkey of the owner's master key for one use. Code::gone where the owner is erasing
  /// or erased, Code::missing where there never was one.
  base::Result<base::SecretBytes> derive(base::OwnerId owner, base::Literal label);
  /// How often the owner's key was replaced (0 at first).
  base::Result<std::uint64_t> generation(base::OwnerId owner);
  State state(base::OwnerId owner);
  /// The epoch of the root now in force.
  std::uint64_t epoch() const;

  /// Prepares the erasure of `erase` and new keys for `rekey`, in one tree commit. Code::conflict
  /// where one of them is in another erasure in preparation, Code::gone where one is erased.
  base::Result<Erasure> prepare(std::span<const base::OwnerId> erase,
                                std::span<const base::OwnerId> rekey);
  /// Makes the intent part of `tx`; `note` (ciphertext or opaque) comes back from unfinished().
  base::Result<void> intend(store::Tx& tx, const Erasure& erasure, base::View note);
  /// Re-keys the paths, makes the next root durable (the commit point), destroys the old root and
  /// the cached keys. Answers the epoch. Code::conflict where the intent is not durable. After an
  /// error here the process must recover: the intent stands and is finished at the next open.
  base::Result<std::uint64_t> commit(Erasure erasure);
  /// Turns the erased owners' intent into tombstones. Code::conflict where a key still stands. An
  /// intent that erases nobody is closed by naming an owner that it re-keyed.
  base::Result<void> finish(store::Tx& tx, std::span<const base::OwnerId> erased);

  /// An intent that is not finished yet: found at open, or its commit failed or was dropped.
  struct Unfinished {
    std::vector<base::OwnerId> erase;
    std::vector<base::OwnerId> rekey;
    base::Bytes note;
    /// Whether the keys were destroyed already (the tree has them no more), and at which epoch.
    bool destroyed = false;
    std::uint64_t epoch = 0;
    std::uint64_t intent = 0;  // its number, for resume()
  };
  base::Result<std::vector<Unfinished>> unfinished();
  /// As prepare(), for an unfinished intent whose keys still stand. The keys of re-keyed owners are
  /// new ones: intend() again replaces the note. Code::conflict where they are destroyed already.
  base::Result<Erasure> resume(const Unfinished& intent);

 private:
  struct Impl;
  explicit Keys(std::unique_ptr<Impl> impl);
  friend class Erasure;
  std::unique_ptr<Impl> impl_;
};

}  // namespace keys

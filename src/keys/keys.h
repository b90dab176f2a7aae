// The key tree: one master key for each owner, in pages of which each is sealed under a key that
// lives in its parent, up to a root key that a RootHolder keeps and truly forgets. Owns the tree
// file, the map from owner to slot, and who is being erased. Never seals data itself and never lets
// a master key out: callers get subkeys bound to a label.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/entropy.h"
#include "base/id.h"
#include "base/mandate.h"
#include "base/secret_bytes.h"
#include "base/wait.h"
#include "keys/erasure.h"
#include "keys/following.h"
#include "keys/root_holder.h"
#include "store/store.h"

namespace keys {

/// Safe from any thread. Creations and erasures of concurrent callers share one tree commit.
class Keys {
 public:
  static store::Schema schema();
  /// The epoch that the store has heard of last; the tree's is that one or a newer one.
  static base::Result<std::uint64_t> epoch_seen(store::Reader& reader);

  /// Opens the tree at `path`, or makes it with its first root. Recovers first: the highest valid
  /// epoch wins and the other root slot is destroyed. Code::missing where data exists but its root
  /// does not: nothing opens, and nothing is made anew over it. Once `mandate` has ended, nothing
  /// is committed any more: base::replaced_host(). Borrowed; nobody: it never ends.
  static base::Result<std::unique_ptr<Keys>> open(store::Store& store, RootHolder& holder,
                                                  base::Disk& disk, base::Wait& wait,
                                                  base::Entropy& entropy, const std::string& path,
                                                  const base::Mandate* mandate = nullptr);
  ~Keys();
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  /// Gives each of `owners` a fresh key, durable in the tree on return. Until bind() commits, a
  /// crash forgets them, as abandon() does. Code::conflict where one has, or ever had, a key.
  base::Result<void> mint(std::span<const base::OwnerId> owners);
  /// Destroys the keys of those of `owners` who were minted and are not bound: nobody will use
  /// them.
  base::Result<void> abandon(std::span<const base::OwnerId> owners);
  /// Records the owner in the transaction that first uses the key.
  base::Result<void> bind(store::Tx& tx, base::OwnerId owner);

  /// A 32-byte subkey of the owner's master key for one use. Code::gone where the owner is erasing
  /// or erased, Code::missing where there never was one.
  base::Result<base::SecretBytes> derive(base::OwnerId owner, base::Literal label);
  /// How often the owner's key was replaced (0 at first).
  base::Result<std::uint64_t> generation(base::OwnerId owner);
  /// Where it cannot be looked up, an error: who asks must not take that for "unknown".
  base::Result<State> state(base::OwnerId owner);
  /// Whether the page with the owner's key opens; true for one who is erased and needs none.
  /// Code::missing where there never was a key.
  base::Result<bool> readable(base::OwnerId owner);
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
  /// error here the intent stands, and unfinished() lists it: as not begun, or as destroyed.
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
    /// Where its keys cannot be looked at, why: `destroyed` is not known then, and all waits.
    base::Result<void> looked;
  };
  /// One that cannot be looked at does not keep the others. Code::unavailable while the root holder
  /// is away and a commit is in doubt.
  base::Result<std::vector<Unfinished>> unfinished();
  /// As prepare(), for an unfinished intent whose keys still stand. The keys of re-keyed owners are
  /// new ones: intend() again replaces the note. Code::conflict where they are destroyed already.
  base::Result<Erasure> resume(const Unfinished& intent);

  /// For replicas. Hands `each` every page that the root in force reaches and that was written
  /// after epoch `since` (0: all of them), a parent before its children, and answers that root:
  /// these pages and older ones are all that it reaches. A page's number may have been another
  /// page's before, under roots that are older. Commits go on beside it; what they replace is not
  /// written over while a walk may read it. Code::conflict where `since` is not reached yet.
  base::Result<Root> follow(std::uint64_t since, const OnImage& each);
  /// `notify` is called after each commit, on the thread that made it: it wakes somebody, and asks
  /// nothing of keys. An empty one ends that; when this returns, none is running.
  void on_commit(std::function<void()> notify);
  /// The numbers of erasures that are intended durably and not committed. No number ever comes
  /// twice.
  base::Result<std::vector<std::uint64_t>> open_intents();

  struct Known {
    base::OwnerId owner;
    State state = State::unknown;
  };
  /// Who is known here, tombstones too, in the order of their ids, behind `after`; those who are
  /// minted and not bound are left out.
  base::Result<std::vector<Known>> known(const std::optional<base::OwnerId>& after,
                                         std::size_t owners_max);

  /// Where the map is lost and the tree is not: makes every key in the tree dormant, known by its
  /// owner's tag and reserved for her. Begins anew where it was cut short. Code::conflict where
  /// owners are known, Code::corrupt where an inner page is damaged. A damaged leaf is left out:
  /// nobody is given a slot on it, and who may have one there is unreadable.
  base::Result<void> rebuild_map(const Progress& progress);
  /// Gives owners whose ids are known from elsewhere their dormant keys; one who has none in the
  /// tree is erased, or unreadable where a leaf was left out and no slot tells of her end. Content
  /// with those who are known already.
  base::Result<void> claim(store::Tx& tx, std::span<const base::OwnerId> owners);
  /// How many keys nobody has claimed.
  base::Result<std::uint64_t> dormant();
  /// Destroys them.
  base::Result<void> destroy_dormant(const Progress& progress);

 private:
  struct Impl;
  explicit Keys(std::unique_ptr<Impl> impl);
  base::Result<void> mint_once(std::span<const base::OwnerId> owners);
  friend class Erasure;
  std::unique_ptr<Impl> impl_;
};

}  // namespace keys

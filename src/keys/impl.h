// What Keys and Erasure are made of, for this module's own sources.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>

#include "base/recent.h"
#include "keys/commits.h"
#include "keys/keys.h"
#include "keys/owners.h"
#include "keys/subkeys.h"
#include "keys/tree.h"

namespace keys {

/// Stands in the owner's slot, so that a map that does not fit the tree is noticed.
inline std::uint64_t tag_of(base::OwnerId owner) { return base::load_u64(owner.bytes().data()); }

/// HKDF-SHA-256 of a master key, bound to the label, the owner and the generation.
base::SecretBytes subkey(base::View master, base::Literal label, base::OwnerId owner,
                         std::uint64_t generation);

/// Of an owner whose key is on no leaf that opens.
base::Error unreadable();
/// What others see of it.
State state_of(Standing standing);

/// One owner of an erasure in preparation.
struct Planned {
  base::OwnerId owner;
  std::uint64_t slot = 0;
  std::uint64_t generation = 0;  // in force until the commit
  base::SecretBytes next_key;    // of one to be re-keyed
};

struct Keys::Impl {
  Impl(store::Store& its_store, base::Entropy& its_entropy, base::Wait& wait,
       std::unique_ptr<Tree> its_tree, const base::Mandate* mandate);

  /// Destroys what was minted and never bound, and learns the intents that are there.
  base::Result<void> recover();
  base::Result<void> destroy_unbound();
  using Commit = std::function<base::Result<std::uint64_t>(std::vector<Change>)>;
  base::Result<void> destroy(std::span<const OwnerSlot> minted, const Commit& commit);
  base::Result<bool> set_damaged_aside(std::span<const base::OwnerId> owners);
  /// What is read of the tree now is not changed behind the reader by a commit that ended in the
  /// dark. Code::unavailable where nobody can know.
  base::Result<void> settle();
  /// As Commits::run; on return no subkey of a key that it destroyed is in memory.
  base::Result<std::uint64_t> commit(std::vector<Change> changes);
  base::Result<std::optional<OwnerRow>> row_of(base::OwnerId owner);
  /// The owner's slot, live. Code::gone or Code::missing as Keys::derive says.
  base::Result<Leaf> find(base::OwnerId owner);
  base::Result<std::optional<Leaf>> find_known(base::OwnerId owner);
  bool is_erased_by_somebody(base::OwnerId owner) const;  // the mutex is held
  void forget(base::OwnerId owner);                       // likewise

  /// Takes the owners for an erasure, each of whose `erase` stands as `expected`.
  base::Result<Erasure> plan(std::span<const base::OwnerId> erase,
                             std::span<const base::OwnerId> rekey, std::uint64_t intent,
                             Standing expected);
  base::Result<void> seize(Erasure::Plan& plan, std::span<const base::OwnerId> erase,
                           std::span<const base::OwnerId> rekey);
  base::Result<void> look_up(store::Reader& reader, Planned& planned, Standing expected);
  void release(const Erasure::Plan& plan);
  Unfinished describe(Intent intent);
  base::Result<void> look_at(const Part& part, Unfinished& found);
  /// Whether no commit has carried the intent out, as far as the tree can say.
  base::Result<bool> is_open(store::Reader& reader, const Intent& intent);

  // Never held while the store is asked: a transaction's body asks for keys.
  base::Mutex mutex;
  std::unordered_map<base::OwnerId, Role> seized;    // by erasures in preparation
  std::uint64_t releases = 0;                        // how often any was let go
  base::Recent<base::OwnerId, std::uint64_t> known;  // slots of owners with a key
  Subkeys subkeys;
  std::set<std::uint64_t> left_intents;  // written in this run and left uncommitted
  std::uint64_t next_intent = 1;
  std::uint64_t first_intent = 1;  // of this run: those below were found at open

  store::Store& store;
  base::Entropy& entropy;
  std::unique_ptr<Tree> tree;
  Commits commits;
};

struct Erasure::Plan {
  explicit Plan(Keys::Impl& its_keys) : keys(its_keys) {}
  Keys::Impl& keys;
  std::uint64_t intent = 0;
  bool left = false;  // an intent may be durable, and is not committed
  std::vector<Planned> erase;
  std::vector<Planned> rekey;
};

}  // namespace keys

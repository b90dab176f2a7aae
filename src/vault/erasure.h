// Erasure from end to end: the durable intent, the tree commit that destroys the keys, the entry in
// the log, and the ciphertext. Owns the order of these steps, and finishes those that a crash
// interrupted. Never destroys a key itself: that is keys.
#pragma once

#include <map>

#include "vault/content_store.h"
#include "vault/directory.h"
#include "vault/erase_note.h"
#include "vault/journal.h"

namespace vault {

class Erasures {
 public:
  struct Parts {
    base::Wait& wait;
    base::Clock& clock;
    base::Entropy& entropy;
    store::Store& store;
    ledger::Ledger& ledger;
    keys::Keys& keys;
    gate::Gate& gate;
    Records& records;
    ContentStore& content;
    Directory& directory;
    Journal& journal;
    keys::Followers* followers;
  };
  explicit Erasures(const Parts& parts) : parts_(parts), mutex_(parts.wait) {}

  base::Result<Erased> erase(const Vault::Erasing& what, const store::Store::Body& along);
  /// Finishes every erasure whose intent is durable and that nobody is at work on. One that cannot
  /// be finished now keeps no other from it, and is no error: stuck() lists it.
  base::Result<void> finish_interrupted();
  /// As the last finish_interrupted() left it.
  std::vector<StuckErasure> stuck();

 private:
  struct Plan {  // who is erased, whose bucket gets a new key
    std::vector<base::OwnerId> erased;
    std::vector<base::OwnerId> rekeyed;
  };
  struct Unclosed {  // keys destroyed, and the transaction that says so has failed
    Plan plan;
    EraseNote note;
    std::uint64_t epoch = 0;
    base::Error why;
  };
  std::vector<keys::Following> replicas(std::uint64_t epoch, base::Duration patience);
  base::Result<std::uint64_t> destroy(const Plan& plan, keys::Erasure erasure);
  base::Result<Erased> complete(const Plan& plan, const EraseNote& note, std::uint64_t epoch,
                                base::Duration patience);
  base::Result<void> record(store::Tx& tx, const Plan& plan);
  base::Result<void> close_unclosed();
  base::Result<void> close(base::OwnerId owner, const Unclosed& unclosed);
  static base::OwnerId whom(const Plan& plan);
  base::Result<void> why_unclosed(const Plan& plan);
  base::Result<void> resume(const keys::Keys::Unfinished& intent);
  /// An erasure leaves its own entry, or is of what nobody stands behind.
  static gate::Recorded recorded() { return {}; }
  const Parts parts_;
  base::Mutex mutex_;
  std::map<base::OwnerId, Unclosed> unclosed_;  // by whom()
  std::vector<StuckErasure> stuck_;
};

}  // namespace vault

// The journal: what was done with an owner's data, as entries in the public log that she alone can
// enumerate and open. Owns the count of entries per owner and the collection of openings.
//
// The leaf of her entry n is {label, commit}:
//   K_log   = subkey of her master key, "vault log v1"; for changes of how she stands (consent,
//             objection, restriction) "vault standing log v1": a chain of its own, so that a
//             restore can tell without opening anything that such a change has come after its
//             backup
//   label   = HMAC-SHA-256(K_log, n as u64), n = 0, 1, 2, …
//   payload = canonical JSON {"type", "at", …content}: members by name, no white space
//   commit  = HMAC-SHA-256(r, payload), r 32 random bytes
// {r, payload, n, chain} is sealed for her as a record of `log_openings`, whose id is the first
// half of the label. She finds every entry by computing labels until one is not in the log; a
// missing one is a gap that she can see. Without her key a leaf says nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "keys/keys.h"
#include "ledger/ledger.h"
#include "store/store.h"
#include "vault/records.h"

namespace vault {

/// The chains of labels that every owner has. As stored: never renumbered.
enum class Chain : std::uint8_t { entries = 0, standing = 1 };
inline constexpr std::array kChains = {Chain::entries, Chain::standing};
/// The label of the subkey that makes the labels of a chain.
base::Literal log_key_of(Chain chain);
base::Digest log_label(base::View log_key, std::uint64_t number);
/// The opening's record id: from the label, which is random to everybody else.
base::RecordId opening_id(const base::Digest& label);

class Journal {
 public:
  struct Parts {
    base::Clock& clock;
    base::Entropy& entropy;
    ledger::Ledger& ledger;
    keys::Keys& keys;
    Records& records;
  };
  static store::Schema schema();
  explicit Journal(const Parts& parts) : parts_(parts) {}

  /// Code::invalid where the content is not a JSON object or has members `type` or `at`.
  base::Result<ledger::Ticket> enter(store::Tx& tx, base::OwnerId owner, const Entry& entry,
                                     Chain chain);
  /// The label of the owner's next entry (Chain::entries), which is taken with it.
  base::Result<base::Digest> take_label(store::Tx& tx, base::OwnerId owner, base::View log_key);
  /// By how many entries the log is ahead of the owner's count, which is moved past them: their
  /// labels are taken, although their openings are not here. After a restore alone is this not 0.
  base::Result<std::uint64_t> catch_up(store::Tx& tx, base::OwnerId owner, Chain chain);
  /// How many entries of hers the log has, beyond her count or not. Changes nothing.
  base::Result<std::uint64_t> logged(store::Reader& reader, base::OwnerId owner, Chain chain);
  /// Moves her count of entries past those.
  base::Result<void> move_past(store::Tx& tx, base::OwnerId owner, std::uint64_t logged);
  /// Forgets the count of an owner whose key is gone.
  base::Result<void> remove_all(store::Tx& tx, base::OwnerId owner);

 private:
  base::Result<std::uint64_t> count(store::Reader& reader, base::OwnerId owner, Chain chain);
  base::Result<void> set_count(store::Tx& tx, base::OwnerId owner, Chain chain,
                               std::uint64_t count);
  base::Result<std::uint64_t> take_number(store::Tx& tx, base::OwnerId owner, Chain chain);
  const Parts parts_;
};

}  // namespace vault

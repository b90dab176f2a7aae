#include "holder/replica_entry.h"

namespace holder {
namespace {

using base::Result;

/// The log itself remembers: no other count could be lost or put back.
Result<std::uint64_t> turn_of(store::Reader& reader, const Known& replica) {
  std::uint64_t turn = 0;
  while (true) {
    const ledger::Leaf retired = replica_leaf(ReplicaEvent::retired, replica, turn);
    const bool logged = TRY(ledger::Ledger::has(reader, retired.label));
    if (!logged) return turn;
    ++turn;
  }
}

}  // namespace

ledger::Leaf replica_leaf(ReplicaEvent event, const Known& replica, std::uint64_t turn) {
  const std::string text = std::string(event == ReplicaEvent::added ? "added" : "retired") + "\n" +
                           replica.name + "\n" + base::base32(replica.key) + "\n" +
                           std::to_string(turn) + "\n";
  ledger::Leaf leaf;
  leaf.label = base::sha256(base::view("replica/v1 label\n" + text));
  leaf.commit = base::sha256(base::view("replica/v1 commit\n" + text));
  return leaf;
}

Result<ledger::Ticket> record_added(store::Tx& tx, ledger::Ledger& ledger, const Known& replica) {
  const std::uint64_t turn = TRY(turn_of(tx, replica));
  return ledger.append(tx, replica_leaf(ReplicaEvent::added, replica, turn));
}

Result<ledger::Ticket> record_retired(store::Tx& tx, ledger::Ledger& ledger, const Known& replica) {
  const std::uint64_t turn = TRY(turn_of(tx, replica));
  TRY(ledger.append(tx, replica_leaf(ReplicaEvent::added, replica, turn)));
  return ledger.append(tx, replica_leaf(ReplicaEvent::retired, replica, turn));
}

}  // namespace holder

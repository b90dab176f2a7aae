// What the log says about replicas: that one is followed from here on, and that one is waited for
// no more. Owns nothing. An entry can be made again by whoever is told the replica's name, key and
// turn; to everybody else it is two digests like any other (docs/formats/ledger.md).
#pragma once

#include <cstdint>
#include <string>

#include "holder/known.h"
#include "ledger/ledger.h"

namespace holder {

enum class ReplicaEvent : std::uint8_t { added, retired };

/// `turn`: how often this replica was retired before, since it may come back.
ledger::Leaf replica_leaf(ReplicaEvent event, const Known& replica, std::uint64_t turn);

/// Records that the replica is followed, unless the log says so already.
base::Result<ledger::Ticket> record_added(store::Tx& tx, ledger::Ledger& ledger,
                                          const Known& replica);
/// Records that it is retired, and before it, where the log lacks that, that it was followed.
base::Result<ledger::Ticket> record_retired(store::Tx& tx, ledger::Ledger& ledger,
                                            const Known& replica);

}  // namespace holder

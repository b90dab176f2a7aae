#include "tests/sim/invariants.h"

#include <algorithm>
#include <array>

namespace sim {
namespace {

constexpr std::array kInvariants = {
    InvariantEntry{Invariant::acknowledged_kept, "acknowledged_kept",
                   "what was acknowledged is there after any crash"},
    InvariantEntry{Invariant::erased_gone, "erased_gone",
                   "no root that stands anywhere opens an erased owner's key, in any mixture of "
                   "old and new pages"},
    InvariantEntry{Invariant::erasure_whole, "erasure_whole",
                   "an erasure has happened wholly or not at all, and a tombstone stays"},
    InvariantEntry{Invariant::log_grows, "log_grows",
                   "the log only grows, and no owner's count has a gap or a number twice"},
    InvariantEntry{Invariant::receipts_proven, "receipts_proven",
                   "a receipt's leaf stands in a signed checkpoint when it is given"},
    InvariantEntry{Invariant::owners_apart, "owners_apart",
                   "nobody gets what is another owner's, and every owner keeps her own key"},
    InvariantEntry{Invariant::restricted_unused, "restricted_unused",
                   "what is restricted, objected to or not consented to is not used, after a "
                   "restore neither"},
    InvariantEntry{Invariant::sealed_once, "sealed_once",
                   "no key seals twice under one nonce, and no generation has another's key"},
    InvariantEntry{Invariant::recovery_repeats, "recovery_repeats",
                   "recovering twice gives what recovering once gives"},
    InvariantEntry{Invariant::model_agrees, "model_agrees",
                   "the state is one that a model of maps and sets allows"},
    InvariantEntry{Invariant::replica_honest, "replica_honest",
                   "a replica that says destroyed has destroyed, and has no other log"},
    InvariantEntry{Invariant::starts_again, "starts_again",
                   "after any crash the core opens, ends no process, and nobody waits for ever"},
    InvariantEntry{Invariant::damage_noticed, "damage_noticed",
                   "flipped bits and dropped syncs never make a wrong answer"},
};

}  // namespace

std::span<const InvariantEntry> invariants() { return kInvariants; }
std::string_view name_of(Invariant invariant) {
  const auto* const found = std::ranges::find(kInvariants, invariant, &InvariantEntry::invariant);
  return found->name;
}

}  // namespace sim

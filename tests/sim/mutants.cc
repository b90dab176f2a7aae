#include "tests/sim/mutants.h"

#include <array>

namespace base {
namespace {

// The one thing that the simulator changes in the code that it runs; set before the run begins.
Mutant in_force = Mutant::none;

}  // namespace

bool mutated(Mutant mutant) noexcept { return mutant == in_force; }

}  // namespace base

namespace sim {
namespace {

using base::Mutant;

constexpr std::array kMutants = {
    MutantEntry{Mutant::commit_not_synced, "commit_not_synced",
                "the store answers before its log is synced"},
    MutantEntry{Mutant::failed_part_kept, "failed_part_kept",
                "a body that fails is not taken out of the shared transaction"},
    MutantEntry{Mutant::pages_not_synced, "pages_not_synced",
                "key pages are not synced before the root that reaches them"},
    MutantEntry{Mutant::root_not_synced, "root_not_synced", "root slots are not synced"},
    MutantEntry{Mutant::old_root_kept, "old_root_kept",
                "the older root slot is not destroyed after a commit"},
    MutantEntry{Mutant::old_root_destroyed_first, "old_root_destroyed_first",
                "the older root is destroyed before the next one is durable"},
    MutantEntry{Mutant::pages_reused_early, "pages_reused_early",
                "a page is written over while the durable root still reaches it"},
    MutantEntry{Mutant::page_key_reused, "page_key_reused",
                "a key page is sealed under a key that has sealed another"},
    MutantEntry{Mutant::stale_root_accepted, "stale_root_accepted",
                "the start takes a root that is older than the store has seen"},
    MutantEntry{Mutant::older_root_kept_at_open, "older_root_kept_at_open",
                "the start does not destroy the older root"},
    MutantEntry{Mutant::tombstone_skipped, "tombstone_skipped",
                "an erased owner leaves no tombstone"},
    MutantEntry{Mutant::intent_not_durable, "intent_not_durable",
                "an erasure's intent is not there after a crash"},
    MutantEntry{Mutant::rekey_keeps_key, "rekey_keeps_key",
                "a bucket's next generation has the key of the one before"},
    MutantEntry{Mutant::bucket_not_rekeyed, "bucket_not_rekeyed",
                "the bucket that listed an erased owner keeps its key"},
    MutantEntry{Mutant::unbound_key_kept, "unbound_key_kept",
                "the start keeps keys that nobody has bound"},
    MutantEntry{Mutant::page_cache_not_wiped, "page_cache_not_wiped",
                "opened pages that a commit has replaced stay in memory"},
    MutantEntry{Mutant::subkeys_not_wiped, "subkeys_not_wiped",
                "subkeys that were derived before an erasure stay in memory"},
    MutantEntry{Mutant::head_remembered_first, "head_remembered_first",
                "the store remembers a tree before its checkpoint is published"},
    MutantEntry{Mutant::standing_unchecked, "standing_unchecked",
                "a permit is given without a look at how the owner stands"},
    MutantEntry{Mutant::standing_cached, "standing_cached",
                "the gate goes on with the standing that it remembers"},
    MutantEntry{Mutant::standing_not_stored, "standing_not_stored",
                "a change of standing is told and not stored"},
    MutantEntry{Mutant::counter_reused, "counter_reused",
                "an owner's count of log entries stands still"},
    MutantEntry{Mutant::leaf_outside_transaction, "leaf_outside_transaction",
                "an erasure's leaf is appended after the transaction that closes it"},
    MutantEntry{Mutant::receipt_before_checkpoint, "receipt_before_checkpoint",
                "a receipt is given before its checkpoint is signed"},
    MutantEntry{Mutant::record_nonce_reused, "record_nonce_reused",
                "records are sealed under one salt"},
    MutantEntry{Mutant::content_nonce_reused, "content_nonce_reused",
                "segments of content are sealed under one salt"},
    MutantEntry{Mutant::lease_not_ended, "lease_not_ended",
                "the keys that open readers hold outlive the erasure"},
    MutantEntry{Mutant::content_not_synced, "content_not_synced",
                "content is published before its file is synced"},
    MutantEntry{Mutant::content_name_not_synced, "content_name_not_synced",
                "content is published before its name is durable"},
    MutantEntry{Mutant::part_not_synced, "part_not_synced",
                "a part of content is acknowledged before its file is synced"},
    MutantEntry{Mutant::catch_up_skipped, "catch_up_skipped",
                "a restore does not look how far the log is ahead"},
    MutantEntry{Mutant::mail_removed_first, "mail_removed_first",
                "a mail leaves the queue before it is taken"},
    MutantEntry{Mutant::replica_keeps_old_root, "replica_keeps_old_root",
                "a replica does not destroy the older root"},
    MutantEntry{Mutant::replica_confirms_early, "replica_confirms_early",
                "a replica confirms what it has not done"},
    MutantEntry{Mutant::live_tables_restored, "live_tables_restored",
                "a restore brings the map of keys back from the backup"},
};

}  // namespace

std::span<const MutantEntry> mutants() { return kMutants; }
void put_in_force(base::Mutant mutant) { base::in_force = mutant; }

}  // namespace sim

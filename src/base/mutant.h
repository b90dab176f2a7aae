// Deliberate faults, of which the simulator (tests/sim) puts one at a time into the code that it
// runs, to show that it would notice. Owns their names. In every other program mutated() is a
// constant, so that no trace of them is compiled.
#pragma once

#include <cstdint>

namespace base {

/// What each does is said where it is asked for, and in tests/sim/mutants.cc.
enum class Mutant : std::uint8_t {
  none,
  // store
  commit_not_synced,
  failed_part_kept,
  // keys
  pages_not_synced,
  root_not_synced,
  old_root_kept,
  old_root_destroyed_first,
  pages_reused_early,
  page_key_reused,
  stale_root_accepted,
  older_root_kept_at_open,
  tombstone_skipped,
  intent_not_durable,
  rekey_keeps_key,
  bucket_not_rekeyed,
  unbound_key_kept,
  page_cache_not_wiped,
  subkeys_not_wiped,
  // ledger
  head_remembered_first,
  // gate
  standing_unchecked,
  standing_cached,
  standing_not_stored,
  // vault
  counter_reused,
  leaf_outside_transaction,
  receipt_before_checkpoint,
  record_nonce_reused,
  content_nonce_reused,
  lease_not_ended,
  content_not_synced,
  content_name_not_synced,
  part_not_synced,
  catch_up_skipped,
  // egress
  mail_removed_first,
  // holder
  replica_keeps_old_root,
  replica_confirms_early,
  // backup
  live_tables_restored,
};

#ifdef SCALIGN_SIMULATED
inline constexpr bool simulated = true;
bool mutated(Mutant mutant) noexcept;
#else
inline constexpr bool simulated = false;
constexpr bool mutated(Mutant /*mutant*/) noexcept { return false; }
#endif

}  // namespace base

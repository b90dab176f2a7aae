// A restore: old bulk under live keys and the live log. Everything new is built beside what stands
// and swapped in by one rename; before it the old state stands, after it the new one. Owns the
// order of the steps, and the list of modules that have something to do after it.
#pragma once

#include <functional>

#include "app/core.h"
#include "app/takeover.h"
#include "backup/restore.h"
#include "vault/check.h"

namespace app {

/// Where live keys and log come from.
struct RestorePlan {
  std::string backup;
  std::optional<TakeOver> from;        // a holder; nothing: they are here
  bool replace_damaged_store = false;  // a store.db that cannot be read is moved aside
};

struct RestoreReport {
  backup::Manifest manifest;
  backup::Restored restored;
  std::optional<TakenOver> taken;  // where its offer does not serve, nothing was restored
  bool store_lost = false;
  std::string damaged_store;           // where one was moved to
  std::uint64_t dormant_unnamed = 0;   // keys of whom nothing but a tag is known
  std::vector<base::OwnerId> erased;   // in the backup, their keys destroyed: removed
  std::vector<base::OwnerId> dormant;  // have a key, and the backup does not know them
  // Their key may stand on a page that does not open; what is theirs is kept, and opens if that
  // does one day.
  std::vector<base::OwnerId> unreadable;
  std::vector<base::OwnerId> entries_ahead;  // the log has entries whose openings are lost
  std::vector<base::OwnerId> unconfirmed;    // the log has later changes of how they stand
  std::vector<base::UserId> unlisted;        // cannot log in: what is known of them does not open
  std::string statement;                     // what the log's entry about this restore says
  std::uint64_t entry = 0;                   // its index
  vault::CheckFindings found;                // in a drill: what opens
};

/// Code::conflict where something serves the directory, or the backup is another installation's.
base::Result<RestoreReport> restore(const ServeOptions& options, const notice::Document& document,
                                    const RestorePlan& plan, const OnStep& step,
                                    const holder::OnFetched& progress);
/// The same in DATA.drill, which is removed afterwards, with the root in memory alone; nobody is
/// told, and nothing live is touched. Opens everything instead of serving it.
base::Result<RestoreReport> drill(const ServeOptions& options, const notice::Document& document,
                                  const RestorePlan& plan, const OnStep& step,
                                  const holder::OnFetched& progress);
struct Finished {
  std::uint64_t destroyed = 0;
  std::uint64_t unreadable = 0;  // keys that stay dormant, on pages that do not open
};
/// Destroys the keys that the last restore left dormant.
base::Result<Finished> finish_restore(const ServeOptions& options,
                                      const notice::Document& document);
/// The entry that a restore leaves in the log: anybody can make it again from its statement.
ledger::Leaf restore_leaf(const std::string& statement);

}  // namespace app

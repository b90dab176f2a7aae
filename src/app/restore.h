// A restore: old bulk under live keys and the live log. Everything new is built beside what stands
// and swapped in by one rename; before it the old state stands, after it the new one. Owns the
// order of the steps, and the list of modules that have something to do after it.
#pragma once

#include <functional>

#include "app/core.h"
#include "backup/restore.h"

namespace app {

struct RestoreReport {
  backup::Manifest manifest;
  backup::Restored restored;
  bool store_lost = false;
  std::uint64_t dormant_unnamed = 0;         // keys of whom nothing but a tag is known
  std::vector<base::OwnerId> erased;         // in the backup, their keys destroyed: removed
  std::vector<base::OwnerId> dormant;        // have a key, and the backup does not know them
  std::vector<base::OwnerId> entries_ahead;  // the log has entries whose openings are lost
  std::vector<base::OwnerId> unconfirmed;    // the log has later changes of how they stand
  std::vector<base::UserId> unlisted;        // cannot log in: what is known of them does not open
};
using OnStep = std::function<void(base::Literal step)>;

/// Code::conflict where something serves the directory, or the backup is another installation's.
base::Result<RestoreReport> restore(const ServeOptions& options, const notice::Document& document,
                                    const std::string& directory, const OnStep& step);
/// Destroys the keys that the last restore left dormant; answers how many.
base::Result<std::uint64_t> finish_restore(const ServeOptions& options,
                                           const notice::Document& document);

}  // namespace app

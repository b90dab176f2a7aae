// Moves the root of a tree from where it is kept to another place, without a moment at which it is
// nowhere, and without a copy that outlives the move. Owns nothing.
#pragma once

#include <string>

#include "holder/primary.h"

namespace holder {

/// The data directory is locked, and the root in force is the only one (a commit that was cut short
/// has been settled). The passphrase opens the old file, wraps the new one, or both. A crash leaves
/// the root in the old place or in the new one, and open_primary() destroys the copy that may stand
/// in the other. Code::conflict where the root is there already, or both choices have a place in
/// common: then it has to go through a third one.
base::Result<void> move_root(const PrimaryParts& parts, const std::string& root, const Choice& to);

/// Where a move was cut short and a holder that has to clear its copy is gone for good: waits for
/// it no more. Everybody else clears first. True where it did answer, and has destroyed what it
/// had. Code::missing where no move waits for it; Code::conflict where it keeps the root in force,
/// or a share: without that nothing opens.
base::Result<bool> abandon_holder(const PrimaryParts& parts, const std::string& root,
                                  const std::string& name);

}  // namespace holder

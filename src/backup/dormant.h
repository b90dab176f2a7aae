// The owners whose keys a restore left dormant, since its backup did not know them: a newer backup
// may still bring their data back, and `restore --finish` destroys their keys. Owns the table
// backup_dormant, which is live.
#pragma once

#include <vector>

#include "store/store.h"

namespace backup {

store::Schema dormant_schema();
/// Replaces the list.
base::Result<void> set_dormant(store::Store& store, const std::vector<base::OwnerId>& owners);
base::Result<std::vector<base::OwnerId>> dormant(store::Store& store);

}  // namespace backup

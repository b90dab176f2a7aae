// A restore as the command does it (app/restore.cc), step for step, over a simulated disk. Owns
// nothing; may be cut short anywhere and begun anew.
#pragma once

#include "tests/sim/model.h"
#include "tests/sim/world.h"

namespace sim {

/// The world is closed before and open after. `model` only names the addresses of the owners, as
/// their records would.
base::Result<void> restore(World& world, const Model& model);
/// Destroys the keys of those whom the backup did not know.
base::Result<void> finish_restore(World& world);

}  // namespace sim

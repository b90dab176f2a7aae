// An erasure that is durably intended and could not be finished, as told to whoever runs the vault.
#pragma once

#include <cstdint>
#include <vector>

#include "base/id.h"
#include "base/result.h"

namespace vault {

/// It is tried again at every tick, alone: it keeps no other.
struct StuckErasure {
  std::uint64_t intent = 0;           // its number
  std::vector<base::OwnerId> owners;  // whom it is to erase
  base::Error why;                    // Code::corrupt: it waits for a repair
};

}  // namespace vault

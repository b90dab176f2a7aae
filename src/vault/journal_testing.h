// For tests: what an owner's journal holds. Never part of the program.
#pragma once

#include <vector>

#include "vault/testing.h"

namespace vault {

/// What opens the owner's entries in the log, of both chains.
inline std::vector<Record> openings(House& house, base::OwnerId who) {
  const auto leave = house.permit(who, N::log_openings);
  std::vector<Record> found;
  house.store
      ->read([&](store::Reader& reader) -> base::Result<void> {
        found = TRY(house.vault->list(reader, leave, {"log_openings", {}, {}}, 100));
        return {};
      })
      .value();
  return found;
}

}  // namespace vault

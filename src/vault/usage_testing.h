// For tests: how much content an owner keeps in a House, as the vault counts it. Never part of the
// program.
#pragma once

#include "vault/testing.h"

namespace vault {

inline base::Result<Usage> usage_of(House& house, base::OwnerId who) {
  const auto leave = house.permit(who);
  Usage usage;
  TRY(house.store->read([&](store::Reader& reader) -> base::Result<void> {
    usage = TRY(house.vault->usage(reader, leave));
    return {};
  }));
  return usage;
}
/// Of records in a collection, or in one group of it.
inline base::Result<Usage> usage_of(House& house, const gate::Permit& leave,
                                    base::Literal collection,
                                    std::optional<base::RecordId> group = {}) {
  Usage usage;
  TRY(house.store->read([&](store::Reader& reader) -> base::Result<void> {
    usage = TRY(house.vault->usage(reader, leave, collection, group));
    return {};
  }));
  return usage;
}

inline base::Result<std::uint64_t> count_of(House& house, const gate::Permit& leave,
                                            base::Literal collection) {
  std::uint64_t count = 0;
  TRY(house.store->read([&](store::Reader& reader) -> base::Result<void> {
    count = TRY(house.vault->count(reader, leave, collection));
    return {};
  }));
  return count;
}

}  // namespace vault

// For tests: what stands in a store's plain tables, by number.
#pragma once

#include "store/store.h"

namespace support {

/// What a query of one number answers.
inline std::size_t count(store::Store& store, base::Literal sql) {
  std::int64_t counted = -1;
  store
      .read([&](store::Reader& reader) -> base::Result<void> {
        return reader.query(sql, {}, [&](const store::Row& row) -> base::Result<void> {
          counted = row.integer(0);
          return {};
        });
      })
      .value();
  CHECK(counted >= 0);
  return static_cast<std::size_t>(counted);
}

}  // namespace support

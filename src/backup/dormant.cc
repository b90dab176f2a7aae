#include "backup/dormant.h"

namespace backup {

using base::Result;

store::Schema dormant_schema() {
  return {"backup",
          {"CREATE TABLE backup_dormant (owner BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID"},
          store::Keeping::live,
          {}};
}

Result<void> set_dormant(store::Store& store, const std::vector<base::OwnerId>& owners) {
  return store.write([&](store::Tx& tx) -> Result<void> {
    TRY(tx.run("DELETE FROM backup_dormant", {}));
    for (const base::OwnerId owner : owners)
      TRY(tx.run("INSERT INTO backup_dormant (owner) VALUES (?)", {owner}));
    return {};
  });
}

Result<std::vector<base::OwnerId>> dormant(store::Store& store) {
  std::vector<base::OwnerId> owners;
  TRY(store.read([&](store::Reader& reader) {
    return reader.query("SELECT owner FROM backup_dormant ORDER BY owner", {},
                        [&](const store::Row& row) -> Result<void> {
                          const auto owner = TRY(row.id<base::OwnerId>(0));
                          owners.push_back(owner);
                          return {};
                        });
  }));
  return owners;
}

}  // namespace backup

#include "vault/records.h"

#include "vault/door.h"
#include "vault/sealing.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr base::Literal kSubkey = "vault records v1";

Result<Fields> unseal(const base::SecretBytes& subkey, const SealHeader& header,
                      base::View sealed) {
  base::Bytes plain = TRY(open_record(subkey.view(), header, sealed));
  auto fields = Door::decode(plain);
  base::wipe(plain);
  return fields;
}

Result<std::uint64_t> version_of(store::Tx& tx, base::OwnerId owner, const Key& key) {
  std::uint64_t version = 0;
  TRY(
      tx.query("SELECT version FROM vault_record WHERE owner = ? AND collection = ? "
               "AND grouping = ? AND id = ?",
               {owner, key.collection, key.group, key.id}, [&](const store::Row& row) {
                 version = static_cast<std::uint64_t>(row.integer(0));
                 return Result<void>();
               }));
  return version;
}

}  // namespace

store::Schema Records::schema() {
  return {"vault_record",
          {"CREATE TABLE vault_record ("
           " owner BLOB NOT NULL,"
           " collection TEXT NOT NULL,"
           " grouping BLOB NOT NULL,"
           " id BLOB NOT NULL,"
           " version INTEGER NOT NULL,"
           " sealed BLOB NOT NULL,"
           " PRIMARY KEY (owner, collection, grouping, id)) STRICT"},
          store::Keeping::bulk,
          {{"vault_record", "owner"}}};
}

Result<void> Records::put(store::Tx& tx, base::OwnerId owner, const Key& key,
                          const Fields& fields) {
  const base::SecretBytes subkey = TRY(keys_.derive(owner, kSubkey));
  const std::uint64_t before = TRY(version_of(tx, owner, key));
  base::Bytes plain = TRY(Door::encode(fields));
  const SealHeader header{owner, key.collection.c_str(), key.group, key.id, before + 1};
  const base::Bytes sealed = seal_record(subkey.view(), header, plain, kRecordPadding, entropy_);
  base::wipe(plain);
  TRY(
      tx.run("INSERT INTO vault_record (owner, collection, grouping, id, version, sealed) "
             "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (owner, collection, grouping, id) "
             "DO UPDATE SET version = excluded.version, sealed = excluded.sealed",
             {owner, key.collection, key.group, key.id, header.version, sealed}));
  return {};
}

Result<Record> Records::get(store::Reader& reader, base::OwnerId owner, const Key& key) {
  const base::SecretBytes subkey = TRY(keys_.derive(owner, kSubkey));
  std::optional<Record> found;
  TRY(reader.query(
      "SELECT version, sealed FROM vault_record WHERE owner = ? AND collection = ? "
      "AND grouping = ? AND id = ?",
      {owner, key.collection, key.group, key.id}, [&](const store::Row& row) -> Result<void> {
        const auto version = static_cast<std::uint64_t>(row.integer(0));
        const SealHeader header{owner, key.collection.c_str(), key.group, key.id, version};
        Fields fields = TRY(unseal(subkey, header, row.blob(1)));
        found = Record{key.group, key.id, version, std::move(fields)};
        return {};
      }));
  if (!found.has_value()) return Error{Code::missing, "no such record"};
  return std::move(*found);
}

Result<std::vector<Record>> Records::list(store::Reader& reader, base::OwnerId owner,
                                          const Key& after, std::size_t records_max) {
  const base::SecretBytes subkey = TRY(keys_.derive(owner, kSubkey));
  std::vector<Record> found;
  TRY(reader.query(
      "SELECT id, version, sealed FROM vault_record WHERE owner = ? "
      "AND collection = ? AND grouping = ? AND id > ? ORDER BY id LIMIT ?",
      {owner, after.collection, after.group, after.id, records_max},
      [&](const store::Row& row) -> Result<void> {
        const auto id = TRY(row.id<base::RecordId>(0));
        const auto version = static_cast<std::uint64_t>(row.integer(1));
        const SealHeader header{owner, after.collection.c_str(), after.group, id, version};
        Fields fields = TRY(unseal(subkey, header, row.blob(2)));
        found.push_back(Record{after.group, id, version, std::move(fields)});
        return {};
      }));
  return found;
}

Result<void> Records::remove(store::Tx& tx, base::OwnerId owner, const Key& key) {
  const std::int64_t removed =
      TRY(tx.run("DELETE FROM vault_record WHERE owner = ? AND collection = ? AND grouping = ? "
                 "AND id = ?",
                 {owner, key.collection, key.group, key.id}));
  if (removed == 0) return Error{Code::missing, "no such record"};
  return {};
}

Result<void> Records::remove_all(store::Tx& tx, base::OwnerId owner) {
  TRY(tx.run("DELETE FROM vault_record WHERE owner = ?", {owner}));
  return {};
}

}  // namespace vault

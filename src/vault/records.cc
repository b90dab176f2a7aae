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

struct Before {
  std::uint64_t version = 0;
  std::int64_t expires = 0;
};

Result<Before> before(store::Tx& tx, base::OwnerId owner, const Key& key) {
  Before found;
  TRY(
      tx.query("SELECT version, expires_at FROM vault_record WHERE owner = ? AND collection = ? "
               "AND grouping = ? AND id = ?",
               {owner, key.collection, key.group, key.id}, [&](const store::Row& row) {
                 found = {static_cast<std::uint64_t>(row.integer(0)), row.integer(1)};
                 return Result<void>();
               }));
  return found;
}

std::int64_t expires_at(const Stay& stay, const Before& before) {
  if (!stay.until) return 0;
  const std::int64_t now = stay.now.time_since_epoch().count();
  // One that is over and not swept yet is no more: what is put now is made now.
  if (stay.since_creation && before.expires > now) return before.expires;
  return stay.until->time_since_epoch().count();
}

bool over(std::int64_t expires, base::Time now) {
  return expires > 0 && expires <= now.time_since_epoch().count();
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
           " PRIMARY KEY (owner, collection, grouping, id)) STRICT",
           // expires_at: 0 never; -1 not settled yet, which the sweep does. Mails were the one
           // collection with a term when the column came.
           "ALTER TABLE vault_record ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;"
           "ALTER TABLE vault_record ADD COLUMN put_day INTEGER NOT NULL DEFAULT 0;"
           "UPDATE vault_record SET expires_at = -1 WHERE collection = 'mail';"
           "CREATE INDEX vault_record_expires ON vault_record (expires_at) WHERE expires_at <> 0"},
          store::Keeping::bulk,
          {{"vault_record", "owner"}}};
}

std::int64_t day_of(base::Time time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

Result<void> Records::put(store::Tx& tx, base::OwnerId owner, const Key& key, const Fields& fields,
                          const Stay& stay) {
  const base::SecretBytes subkey = TRY(keys_.derive(owner, kSubkey));
  const Before older = TRY(before(tx, owner, key));
  base::Bytes plain = TRY(Door::encode(fields));
  const SealHeader header{owner,  key.collection.c_str(), key.group,
                          key.id, older.version + 1,      expires_at(stay, older)};
  const base::Bytes sealed = seal_record(subkey.view(), header, plain, kRecordPadding, entropy_);
  base::wipe(plain);
  TRY(
      tx.run("INSERT INTO vault_record (owner, collection, grouping, id, version, sealed, "
             "expires_at, put_day) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
             "ON CONFLICT (owner, collection, grouping, id) DO UPDATE SET version = "
             "excluded.version, sealed = excluded.sealed, expires_at = excluded.expires_at, "
             "put_day = excluded.put_day",
             {owner, key.collection, key.group, key.id, header.version, sealed, header.expires,
              day_of(stay.now)}));
  return {};
}

Result<Record> Records::get(store::Reader& reader, base::OwnerId owner, const Key& key,
                            base::Time now) {
  const base::SecretBytes subkey = TRY(keys_.derive(owner, kSubkey));
  std::optional<Record> found;
  TRY(reader.query(
      "SELECT version, sealed, expires_at FROM vault_record WHERE owner = ? AND collection = ? "
      "AND grouping = ? AND id = ?",
      {owner, key.collection, key.group, key.id}, [&](const store::Row& row) -> Result<void> {
        const auto version = static_cast<std::uint64_t>(row.integer(0));
        const std::int64_t expires = row.integer(2);
        if (over(expires, now)) return {};
        const SealHeader header{owner, key.collection.c_str(), key.group, key.id, version, expires};
        Fields fields = TRY(unseal(subkey, header, row.blob(1)));
        found = Record{key.group, key.id, version, std::move(fields), expires};
        return {};
      }));
  if (!found.has_value()) return Error{Code::missing, "no such record"};
  return std::move(*found);
}

Result<std::vector<Record>> Records::list(store::Reader& reader, base::OwnerId owner,
                                          const Key& after, std::size_t records_max,
                                          base::Time now) {
  const base::SecretBytes subkey = TRY(keys_.derive(owner, kSubkey));
  std::vector<Record> found;
  TRY(reader.query(
      "SELECT id, version, sealed, expires_at FROM vault_record WHERE owner = ? "
      "AND collection = ? AND grouping = ? AND id > ? AND (expires_at <= 0 OR expires_at > ?) "
      "ORDER BY id LIMIT ?",
      {owner, after.collection, after.group, after.id, now, records_max},
      [&](const store::Row& row) -> Result<void> {
        const auto id = TRY(row.id<base::RecordId>(0));
        const auto version = static_cast<std::uint64_t>(row.integer(1));
        const std::int64_t expires = row.integer(3);
        const SealHeader header{owner, after.collection.c_str(), after.group, id, version, expires};
        Fields fields = TRY(unseal(subkey, header, row.blob(2)));
        found.push_back(Record{after.group, id, version, std::move(fields), expires});
        return {};
      }));
  return found;
}

Result<std::vector<Records::Listed>> Records::page(store::Reader& reader, base::OwnerId owner,
                                                   base::Literal collection,
                                                   std::optional<Place> after,
                                                   std::size_t records_max, base::Time now) {
  const base::SecretBytes subkey = TRY(keys_.derive(owner, kSubkey));
  // No id is as short as nothing, which comes before them all.
  const base::View group = after ? after->group.bytes() : base::View();
  const base::View id = after ? after->id.bytes() : base::View();
  std::vector<Listed> found;
  TRY(reader.query(
      "SELECT grouping, id, version, expires_at, sealed FROM vault_record WHERE owner = ? "
      "AND collection = ? AND (grouping, id) > (?, ?) AND (expires_at <= 0 OR expires_at > ?) "
      "ORDER BY grouping, id LIMIT ?",
      {owner, collection, group, id, now, records_max}, [&](const store::Row& row) -> Result<void> {
        const auto its_group = TRY(row.id<base::RecordId>(0));
        const auto its_id = TRY(row.id<base::RecordId>(1));
        const Place at{its_group, its_id};
        const auto version = static_cast<std::uint64_t>(row.integer(2));
        const SealHeader header{owner,   collection.c_str(), at.group, at.id,
                                version, row.integer(3)};
        found.push_back({at, version, row.integer(3), unseal(subkey, header, row.blob(4))});
        return {};
      }));
  return found;
}

Result<Usage> Records::usage(store::Reader& reader, base::OwnerId owner, base::Literal collection,
                             std::optional<base::RecordId> group) {
  Usage usage;
  const auto take = [&](const store::Row& row) -> Result<void> {
    usage = {static_cast<std::uint64_t>(row.integer(0)),
             static_cast<std::uint64_t>(row.integer(1))};
    return {};
  };
  if (group) {
    TRY(reader.query(
        "SELECT count(*), coalesce(sum(length(sealed)), 0) FROM vault_record WHERE owner = ? AND "
        "collection = ? AND grouping = ?",
        {owner, collection, *group}, take));
  } else {
    TRY(reader.query(
        "SELECT count(*), coalesce(sum(length(sealed)), 0) FROM vault_record WHERE owner = ? AND "
        "collection = ?",
        {owner, collection}, take));
  }
  return usage;
}

Result<std::uint64_t> Records::count(store::Reader& reader, base::OwnerId owner,
                                     base::Literal collection) {
  std::uint64_t count = 0;
  TRY(reader.query("SELECT count(*) FROM vault_record WHERE owner = ? AND collection = ?",
                   {owner, collection}, [&](const store::Row& row) -> Result<void> {
                     count = static_cast<std::uint64_t>(row.integer(0));
                     return {};
                   }));
  return count;
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

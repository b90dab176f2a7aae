// What the map knows after its loss: slots with a key whose owner is known by her tag alone.

#include "keys/owners.h"

namespace keys {

using base::Code;
using base::Error;
using base::OwnerId;
using base::Result;
using store::Reader;
using store::Row;
using store::Tx;

namespace {

Result<std::vector<DormantSlot>> dormant_slots(Reader& reader, base::Literal sql,
                                               std::initializer_list<store::Value> values) {
  std::vector<DormantSlot> found;
  TRY(reader.query(sql, values, [&](const Row& row) -> Result<void> {
    found.push_back({.slot = static_cast<std::uint64_t>(row.integer(0)),
                     .tag = static_cast<std::uint64_t>(row.integer(1))});
    return {};
  }));
  return found;
}

}  // namespace

Result<void> Owners::begin_rebuild(Tx& tx) {
  const bool known = TRY(any(tx));
  if (known) return Error{Code::conflict, "owners are known here: their map is not lost"};
  TRY(tx.run("DELETE FROM keys_slot", {}));
  TRY(tx.run("DELETE FROM keys_dormant", {}));
  TRY(tx.run("DELETE FROM keys_unreadable", {}));
  TRY(tx.run("DELETE FROM keys_destroyed", {}));
  return {};
}

Result<void> Owners::add_dormant(Tx& tx, const DormantSlot& dormant) {
  TRY(tx.run("INSERT INTO keys_dormant (slot, tag) VALUES (?, ?)", {dormant.slot, dormant.tag}));
  return {};
}

Result<void> Owners::add_free(Tx& tx, std::uint64_t slot) {
  TRY(tx.run("INSERT INTO keys_slot (slot) VALUES (?)", {slot}));
  return {};
}

Result<void> Owners::add_destroyed(Tx& tx, std::uint64_t tag) {
  TRY(tx.run("INSERT OR IGNORE INTO keys_destroyed (tag) VALUES (?)", {tag}));
  return {};
}

Result<void> Owners::end_rebuild(Tx& tx) {
  TRY(tx.run("DELETE FROM keys_destroyed WHERE NOT EXISTS (SELECT 1 FROM keys_unreadable)", {}));
  return {};
}

Result<void> Owners::claim(Tx& tx, OwnerId owner, std::uint64_t tag) {
  const auto row = TRY(find(tx, owner));
  if (row) return {};
  const auto slots =
      TRY(dormant_slots(tx, "SELECT slot, tag FROM keys_dormant WHERE tag = ?", {tag}));
  // 64 random bits do not meet by chance; were it so, neither owner may be given the other's key.
  if (slots.size() > 1) return Error{Code::conflict, "two dormant keys have the same tag"};
  if (slots.empty()) {
    // Nobody counts as erased on the word of a page that cannot be read.
    TRY(
        tx.run("INSERT INTO keys_owner (owner, slot, state) SELECT ?, NULL, CASE"
               " WHEN EXISTS (SELECT 1 FROM keys_unreadable)"
               " AND NOT EXISTS (SELECT 1 FROM keys_destroyed WHERE tag = ?) THEN ? ELSE ? END",
               {owner, tag, Standing::unreadable, Standing::erased}));
    return {};
  }
  TRY(tx.run("INSERT INTO keys_owner (owner, slot, state) VALUES (?, ?, ?)",
             {owner, slots.front().slot, Standing::live}));
  TRY(tx.run("DELETE FROM keys_dormant WHERE slot = ?", {slots.front().slot}));
  return {};
}

Result<std::uint64_t> Owners::count_dormant(Reader& reader) {
  std::uint64_t count = 0;
  TRY(reader.query("SELECT COUNT(*) FROM keys_dormant", {}, [&](const Row& row) -> Result<void> {
    count = static_cast<std::uint64_t>(row.integer(0));
    return {};
  }));
  return count;
}

Result<std::vector<DormantSlot>> Owners::dormant(Reader& reader, const SlotSpan& span,
                                                 std::size_t slots_max) {
  return dormant_slots(reader,
                       "SELECT slot, tag FROM keys_dormant WHERE slot BETWEEN ? AND ?"
                       " ORDER BY slot LIMIT ?",
                       {span.first, span.last, slots_max});
}

Result<void> Owners::release_dormant(Tx& tx, std::uint64_t slot) {
  const auto gone = TRY(tx.run("DELETE FROM keys_dormant WHERE slot = ?", {slot}));
  if (gone == 1) TRY(add_free(tx, slot));
  return {};
}

Result<std::vector<OwnerEntry>> Owners::page(Reader& reader, const std::optional<OwnerId>& after,
                                             std::size_t owners_max) {
  std::vector<OwnerEntry> found;
  const store::EachRow take = [&](const Row& row) -> Result<void> {
    const OwnerId owner = TRY(row.id<OwnerId>(0));
    found.push_back({owner,
                     {.standing = static_cast<Standing>(row.integer(1)),
                      .slot = row.null(2) ? 0 : static_cast<std::uint64_t>(row.integer(2))}});
    return {};
  };
  // Any id is above an empty blob.
  const base::View behind = after ? after->bytes() : base::View();
  TRY(
      reader.query("SELECT owner, state, slot FROM keys_owner WHERE owner > ? AND state <> ?"
                   " ORDER BY owner LIMIT ?",
                   {behind, Standing::minted, owners_max}, take));
  return found;
}

}  // namespace keys

// What check() asks of the map.

#include "keys/owners.h"

namespace keys {

using base::OwnerId;
using base::Result;
using store::Reader;
using store::Row;

namespace {

Result<std::uint64_t> count(Reader& reader, base::Literal sql,
                            std::initializer_list<store::Value> values) {
  std::uint64_t found = 0;
  TRY(reader.query(sql, values, [&](const Row& row) -> Result<void> {
    found = static_cast<std::uint64_t>(row.integer(0));
    return {};
  }));
  return found;
}

}  // namespace

Result<std::vector<OwnerEntry>> Owners::in_slots(Reader& reader, const SlotSpan& span) {
  std::vector<OwnerEntry> found;
  TRY(reader.query("SELECT owner, slot, state FROM keys_owner WHERE slot BETWEEN ? AND ?",
                   {span.first, span.last}, [&](const Row& row) -> Result<void> {
                     const OwnerId owner = TRY(row.id<OwnerId>(0));
                     const auto standing = static_cast<Standing>(row.integer(2));
                     const auto slot = static_cast<std::uint64_t>(row.integer(1));
                     found.push_back({owner, {.standing = standing, .slot = slot}});
                     return {};
                   }));
  return found;
}

Result<std::vector<std::uint64_t>> Owners::free_slots(Reader& reader, const SlotSpan& span) {
  std::vector<std::uint64_t> found;
  TRY(reader.query("SELECT slot FROM keys_slot WHERE slot BETWEEN ? AND ?", {span.first, span.last},
                   [&](const Row& row) -> Result<void> {
                     found.push_back(static_cast<std::uint64_t>(row.integer(0)));
                     return {};
                   }));
  return found;
}

Result<std::uint64_t> Owners::count_keyed(Reader& reader, const SlotSpan& span) {
  return count(reader,
               "SELECT COUNT(*) FROM keys_owner WHERE slot BETWEEN ? AND ? AND state IN (?, ?)",
               {span.first, span.last, Standing::live, Standing::erasing});
}

Result<std::uint64_t> Owners::count_unreadable(Reader& reader) {
  return count(reader, "SELECT COUNT(*) FROM keys_owner WHERE state = ?", {Standing::unreadable});
}

Result<bool> Owners::has_slot(Reader& reader, std::uint64_t tag) {
  base::Bytes lowest;
  base::put_u64(lowest, tag);
  base::Bytes highest = lowest;
  lowest.resize(OwnerId{}.bytes().size(), 0x00);
  highest.resize(lowest.size(), 0xff);
  const std::uint64_t found = TRY(count(
      reader, "SELECT COUNT(*) FROM keys_owner WHERE owner BETWEEN ? AND ? AND slot IS NOT NULL",
      {base::View(lowest), base::View(highest)}));
  return found > 0;
}

Result<MapFlaws> Owners::flaws(Reader& reader) {
  MapFlaws found;
  found.rows_malformed =
      TRY(count(reader,
                "SELECT COUNT(*) FROM keys_owner"
                " WHERE (slot IS NULL) <> (state IN (?, ?)) OR slot < 0"
                " OR state NOT BETWEEN ? AND ?",
                {Standing::erased, Standing::unreadable, Standing::minted, Standing::unreadable}));
  found.intents_missing =
      TRY(count(reader,
                "SELECT COUNT(*) FROM keys_owner WHERE state = ? AND NOT EXISTS ("
                " SELECT 1 FROM keys_part WHERE keys_part.owner = keys_owner.owner AND role = ?)",
                {Standing::erasing, Role::erase}));
  found.intents_astray =
      TRY(count(reader,
                "SELECT COUNT(*) FROM keys_part LEFT JOIN keys_owner USING (owner)"
                " WHERE role = ? AND (state IS NULL OR state NOT IN (?, ?))",
                {Role::erase, Standing::erasing, Standing::erased}));
  return found;
}

}  // namespace keys

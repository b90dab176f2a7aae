#include "keys/owners.h"

#include "base/mutant.h"

namespace keys {
namespace {

using base::Code;
using base::Error;
using base::OwnerId;
using base::Result;
using store::Reader;
using store::Row;
using store::Tx;

// The tree is the truth about keys and generations; this is the truth about who has which slot.
constexpr base::Literal kTables(R"sql(
  CREATE TABLE keys_owner (
    owner BLOB PRIMARY KEY,
    slot INTEGER UNIQUE,           -- none where erased
    state INTEGER NOT NULL         -- keys::Standing
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX keys_owner_minted ON keys_owner (owner) WHERE state = 0;
  CREATE TABLE keys_slot (         -- slots that nobody has any more
    slot INTEGER PRIMARY KEY
  ) STRICT;
  CREATE TABLE keys_intent (
    intent INTEGER PRIMARY KEY,
    note BLOB NOT NULL             -- the caller's, sealed
  ) STRICT;
  CREATE TABLE keys_part (
    intent INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    owner BLOB NOT NULL,
    role INTEGER NOT NULL,         -- keys::Role
    generation INTEGER NOT NULL,   -- of the owner's key before the commit
    PRIMARY KEY (intent, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX keys_part_owner ON keys_part (owner);
  CREATE TABLE keys_epoch (        -- the highest seen: an older tree was rolled back
    ordinal INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL
  ) STRICT;
)sql");

constexpr base::Literal kDormant(R"sql(
  CREATE TABLE keys_dormant (      -- keys in the tree whose owner nobody has named yet
    slot INTEGER PRIMARY KEY,
    tag INTEGER NOT NULL           -- as in the tree: the first 8 bytes of the owner's id
  ) STRICT;
  CREATE INDEX keys_dormant_tag ON keys_dormant (tag);
)sql");

constexpr base::Literal kUnreadable(R"sql(
  CREATE TABLE keys_unreadable (   -- leaves that did not open: none of their slots is given out
    first_slot INTEGER PRIMARY KEY,
    last_slot INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE keys_destroyed (    -- tags of erased slots, where some leaf did not open
    tag INTEGER PRIMARY KEY
  ) STRICT;
)sql");

std::uint64_t number(const Row& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

Result<std::vector<OwnerSlot>> owner_slots(Reader& reader, base::Literal sql,
                                           std::initializer_list<store::Value> values) {
  std::vector<OwnerSlot> found;
  TRY(reader.query(sql, values, [&](const Row& row) -> Result<void> {
    const OwnerId owner = TRY(row.id<OwnerId>(0));
    found.push_back({owner, number(row, 1)});
    return {};
  }));
  return found;
}

/// The first number of the only row; 0 where it is null.
Result<std::uint64_t> one_number(Reader& reader, base::Literal sql,
                                 std::initializer_list<store::Value> values) {
  std::uint64_t found = 0;
  TRY(reader.query(sql, values, [&](const Row& row) -> Result<void> {
    if (!row.null(0)) found = number(row, 0);
    return {};
  }));
  return found;
}

/// As many slots as asked for: the lowest free ones first, so that few leaf pages are in use.
Result<std::vector<std::uint64_t>> take_slots(Tx& tx, std::size_t count) {
  std::vector<std::uint64_t> slots;
  TRY(
      tx.query("SELECT slot FROM keys_slot WHERE NOT EXISTS ("
               " SELECT 1 FROM keys_unreadable WHERE slot BETWEEN first_slot AND last_slot)"
               " ORDER BY slot LIMIT ?",
               {count}, [&](const Row& row) -> Result<void> {
                 slots.push_back(number(row, 0));
                 return {};
               }));
  for (const std::uint64_t slot : slots)
    TRY(tx.run("DELETE FROM keys_slot WHERE slot = ?", {slot}));
  if (slots.size() == count) return slots;
  // Every free slot is taken, so the highest ever used is an owner's, dormant, on a leaf that does
  // not open, or just taken.
  std::uint64_t next =
      TRY(one_number(tx,
                     "SELECT MAX(1 + COALESCE((SELECT MAX(slot) FROM keys_owner), -1),"
                     " 1 + COALESCE((SELECT MAX(slot) FROM keys_dormant), -1),"
                     " 1 + COALESCE((SELECT MAX(last_slot) FROM keys_unreadable), -1))",
                     {}));
  if (!slots.empty()) next = std::max(next, slots.back() + 1);
  while (slots.size() < count) slots.push_back(next++);
  return slots;
}

}  // namespace

store::Schema Owners::schema() {
  return {.module = "keys",
          .steps = {kTables, kDormant, kUnreadable},
          .keeping = base::mutated(base::Mutant::live_tables_restored) ? store::Keeping::bulk
                                                                       : store::Keeping::live,
          .owners = {}};
}

Result<std::optional<OwnerRow>> Owners::find(Reader& reader, OwnerId owner) {
  std::optional<OwnerRow> found;
  TRY(reader.query("SELECT state, slot FROM keys_owner WHERE owner = ?", {owner},
                   [&](const Row& row) -> Result<void> {
                     if (row.integer(0) < 0 || row.integer(0) > 4)
                       return Error{Code::corrupt, "an owner stands in no known state"};
                     found = OwnerRow{.standing = static_cast<Standing>(row.integer(0)),
                                      .slot = row.null(1) ? 0 : number(row, 1)};
                     return {};
                   }));
  return found;
}

Result<bool> Owners::any(Reader& reader) {
  const std::uint64_t some =
      TRY(one_number(reader, "SELECT 1 FROM (SELECT owner FROM keys_owner LIMIT 1)", {}));
  return some == 1;
}

Result<std::vector<OwnerSlot>> Owners::live(Reader& reader, std::size_t owners_max) {
  return owner_slots(reader, "SELECT owner, slot FROM keys_owner WHERE state = ? LIMIT ?",
                     {Standing::live, owners_max});
}

Result<std::vector<OwnerSlot>> Owners::minted(Reader& reader) {
  return owner_slots(reader, "SELECT owner, slot FROM keys_owner WHERE state = 0", {});
}

Result<std::vector<OwnerSlot>> Owners::reserve(Tx& tx, std::span<const OwnerId> owners) {
  const std::vector<std::uint64_t> slots = TRY(take_slots(tx, owners.size()));
  std::vector<OwnerSlot> reserved;
  reserved.reserve(owners.size());
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const auto known = TRY(find(tx, owners[i]));
    if (known) return Error{Code::conflict, "an owner of this id has, or had, a key"};
    TRY(tx.run("INSERT INTO keys_owner (owner, slot, state) VALUES (?, ?, ?)",
               {owners[i], slots[i], Standing::minted}));
    reserved.push_back({owners[i], slots[i]});
  }
  return reserved;
}

Result<void> Owners::set_aside(Tx& tx, const SlotSpan& damaged) {
  TRY(tx.run("INSERT OR IGNORE INTO keys_unreadable (first_slot, last_slot) VALUES (?, ?)",
             {damaged.first, damaged.last}));
  return {};
}

Result<void> Owners::forget(Tx& tx, std::span<const OwnerSlot> minted) {
  for (const auto& [owner, slot] : minted) {
    const auto gone = TRY(
        tx.run("DELETE FROM keys_owner WHERE owner = ? AND state = ?", {owner, Standing::minted}));
    if (gone == 1) TRY(tx.run("INSERT INTO keys_slot (slot) VALUES (?)", {slot}));
  }
  return {};
}

Result<void> Owners::bind(Tx& tx, OwnerId owner) {
  const auto bound = TRY(tx.run("UPDATE keys_owner SET state = ? WHERE owner = ? AND state <= ?",
                                {Standing::live, owner, Standing::live}));
  if (bound == 1) return {};
  const auto row = TRY(find(tx, owner));
  if (!row) return Error{Code::missing, "no key was made for this owner"};
  return Error{Code::gone, "the owner is erased"};
}

Result<void> Owners::intend(Tx& tx, const Intent& intent, base::View note) {
  TRY(tx.run("DELETE FROM keys_part WHERE intent = ?", {intent.number}));
  TRY(
      tx.run("INSERT INTO keys_intent (intent, note) VALUES (?, ?)"
             " ON CONFLICT (intent) DO UPDATE SET note = excluded.note",
             {intent.number, note}));
  if (base::mutated(base::Mutant::intent_not_durable))
    TRY(tx.run("DELETE FROM keys_intent WHERE intent = ?", {intent.number}));
  for (std::size_t ordinal = 0; ordinal < intent.parts.size(); ++ordinal) {
    const Part& part = intent.parts[ordinal];
    TRY(
        tx.run("INSERT INTO keys_part (intent, ordinal, owner, role, generation)"
               " VALUES (?, ?, ?, ?, ?)",
               {intent.number, ordinal, part.owner, part.role, part.generation}));
    if (part.role != Role::erase) continue;
    const auto marked =
        TRY(tx.run("UPDATE keys_owner SET state = ? WHERE owner = ? AND state IN (?, ?)",
                   {Standing::erasing, part.owner, Standing::live, Standing::erasing}));
    if (marked != 1) return Error{Code::conflict, "the owner to be erased is not live"};
  }
  return {};
}

Result<bool> Owners::intended(Reader& reader, std::uint64_t intent) {
  const std::uint64_t found =
      TRY(one_number(reader, "SELECT 1 FROM keys_intent WHERE intent = ?", {intent}));
  return found == 1;
}

Result<std::vector<Intent>> Owners::intents(Reader& reader) {
  std::vector<Intent> intents;
  TRY(reader.query("SELECT intent, note FROM keys_intent ORDER BY intent", {},
                   [&](const Row& row) -> Result<void> {
                     intents.push_back({number(row, 0), base::copy(row.blob(1)), {}});
                     return {};
                   }));
  for (Intent& intent : intents)
    TRY(reader.query(
        "SELECT owner, role, generation FROM keys_part WHERE intent = ? ORDER BY ordinal",
        {intent.number}, [&](const Row& row) -> Result<void> {
          const OwnerId owner = TRY(row.id<OwnerId>(0));
          intent.parts.push_back({owner, static_cast<Role>(row.integer(1)), number(row, 2)});
          return {};
        }));
  return intents;
}

Result<std::uint64_t> Owners::last_intent(Reader& reader) {
  return one_number(reader, "SELECT MAX(intent) FROM keys_intent", {});
}

Result<void> Owners::bury(Tx& tx, const OwnerSlot& erased) {
  if (base::mutated(base::Mutant::tombstone_skipped)) {
    TRY(tx.run("DELETE FROM keys_owner WHERE owner = ?", {erased.owner}));
    TRY(tx.run("INSERT INTO keys_slot (slot) VALUES (?)", {erased.slot}));
    return {};
  }
  const auto buried =
      TRY(tx.run("UPDATE keys_owner SET state = ?, slot = NULL WHERE owner = ? AND state = ?",
                 {Standing::erased, erased.owner, Standing::erasing}));
  if (buried != 1) return Error{Code::conflict, "the owner to be buried is not erasing"};
  TRY(tx.run("INSERT INTO keys_slot (slot) VALUES (?)", {erased.slot}));
  return {};
}

Result<void> Owners::close_intents(Tx& tx, OwnerId owner) {
  std::vector<std::uint64_t> over;
  TRY(
      tx.query("SELECT DISTINCT intent FROM keys_part WHERE owner = ? AND NOT EXISTS ("
               " SELECT 1 FROM keys_part AS other JOIN keys_owner USING (owner)"
               " WHERE other.intent = keys_part.intent AND other.role = ? AND state = ?)",
               {owner, Role::erase, Standing::erasing}, [&](const Row& row) -> Result<void> {
                 over.push_back(number(row, 0));
                 return {};
               }));
  for (const std::uint64_t intent : over) {
    TRY(tx.run("DELETE FROM keys_part WHERE intent = ?", {intent}));
    TRY(tx.run("DELETE FROM keys_intent WHERE intent = ?", {intent}));
  }
  return {};
}

Result<std::uint64_t> Owners::epoch_seen(Reader& reader) {
  return one_number(reader, "SELECT epoch FROM keys_epoch WHERE ordinal = 0", {});
}

Result<void> Owners::see_epoch(Tx& tx, std::uint64_t epoch) {
  TRY(
      tx.run("INSERT INTO keys_epoch (ordinal, epoch) VALUES (0, ?)"
             " ON CONFLICT (ordinal) DO UPDATE SET epoch = MAX(epoch, excluded.epoch)",
             {epoch}));
  return {};
}

}  // namespace keys

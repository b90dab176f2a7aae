#include "ledger/leaf_table.h"

#include <algorithm>

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::Row;

Result<Digest> digest_at(const Row& row, int column) {
  const base::View raw = row.blob(column);
  Digest digest{};
  if (raw.size() != digest.size()) return Error{Code::corrupt, "a stored digest has a wrong size"};
  std::copy(raw.begin(), raw.end(), digest.begin());
  return digest;
}

}  // namespace

store::Schema LeafTable::schema() {
  return {"ledger",
          {"CREATE TABLE ledger_leaf ("
           " id INTEGER PRIMARY KEY,"
           " label BLOB NOT NULL UNIQUE,"
           " digest BLOB NOT NULL) STRICT;"
           "CREATE TABLE ledger_head ("
           " id INTEGER PRIMARY KEY CHECK (id = 1),"
           " size INTEGER NOT NULL,"
           " root BLOB NOT NULL) STRICT",
           // Before this step every tile was durable before its tree was signed.
           "ALTER TABLE ledger_head ADD COLUMN settled_size INTEGER NOT NULL DEFAULT 0;"
           "UPDATE ledger_head SET settled_size = size"},
          store::Keeping::live,
          {}};
}

Result<std::uint64_t> LeafTable::append(store::Tx& tx, const Leaf& leaf) {
  std::int64_t id = 0;
  bool same = true;
  TRY(tx.query("SELECT id, digest FROM ledger_leaf WHERE label = ?", {leaf.label},
               [&](const Row& row) -> Result<void> {
                 id = row.integer(0);
                 const Digest stored = TRY(digest_at(row, 1));
                 same = stored == leaf.commit;
                 return {};
               }));
  if (!same) return Error{Code::conflict, "the label is another entry's"};
  if (id == 0) {
    TRY(tx.run("INSERT INTO ledger_leaf (label, digest) VALUES (?, ?)", {leaf.label, leaf.commit}));
    // SQLite gave it the next id. (RETURNING would cost a journal of its own for each statement.)
    TRY(tx.query("SELECT max(id) FROM ledger_leaf", {}, [&](const Row& row) -> Result<void> {
      id = row.integer(0);
      return {};
    }));
  }
  CHECK(id > 0);
  return static_cast<std::uint64_t>(id - 1);
}

Result<bool> LeafTable::has(store::Reader& reader, const Digest& label) {
  bool there = false;
  TRY(reader.query("SELECT 1 FROM ledger_leaf WHERE label = ?", {label},
                   [&](const Row&) -> Result<void> {
                     there = true;
                     return {};
                   }));
  return there;
}

Result<std::uint64_t> LeafTable::count() {
  std::uint64_t count = 0;
  TRY(store_.read([&](store::Reader& reader) {
    return reader.query("SELECT coalesce(max(id), 0) FROM ledger_leaf", {},
                        [&](const Row& row) -> Result<void> {
                          count = static_cast<std::uint64_t>(row.integer(0));
                          return {};
                        });
  }));
  return count;
}

Result<void> LeafTable::each(std::uint64_t from, std::uint64_t leaves_max, const OnLeaf& on_leaf) {
  std::uint64_t expected = from;
  return store_.read([&](store::Reader& reader) {
    return reader.query(
        "SELECT id, label, digest FROM ledger_leaf WHERE id > ? ORDER BY id LIMIT ?",
        {from, leaves_max}, [&](const Row& row) -> Result<void> {
          if (static_cast<std::uint64_t>(row.integer(0)) != ++expected)
            return Error{Code::corrupt, "a leaf of the log is gone from the store"};
          Leaf leaf;
          leaf.label = TRY(digest_at(row, 1));
          leaf.commit = TRY(digest_at(row, 2));
          return on_leaf(leaf);
        });
  });
}

Result<std::optional<LeafTable::Remembered>> LeafTable::remembered() {
  std::optional<Remembered> tree;
  TRY(store_.read([&](store::Reader& reader) {
    return reader.query("SELECT size, root, settled_size FROM ledger_head", {},
                        [&](const Row& row) -> Result<void> {
                          const Digest root = TRY(digest_at(row, 1));
                          const auto size = static_cast<std::uint64_t>(row.integer(0));
                          tree = Remembered{.head = {size, root},
                                            .settled = static_cast<std::uint64_t>(row.integer(2))};
                          return {};
                        });
  }));
  return tree;
}

Result<void> LeafTable::remember(const Remembered& tree) {
  return store_.write([&](store::Tx& tx) -> Result<void> {
    TRY(
        tx.run("INSERT INTO ledger_head (id, size, root, settled_size) VALUES (1, ?, ?, ?)"
               " ON CONFLICT (id) DO UPDATE SET size = excluded.size, root = excluded.root,"
               " settled_size = excluded.settled_size",
               {tree.head.size, tree.head.root, tree.settled}));
    return {};
  });
}

}  // namespace ledger

// Whole tables of a database file, row by row, whatever their columns: what a backup copies and a
// restore puts back. Owns one connection and at most one transaction. Names of tables and columns
// come from the database itself and never from outside; what they mean is their module's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "store/store.h"

namespace store {

class Connection;

using Cell = std::variant<std::nullptr_t, std::int64_t, std::string, base::Bytes>;
using Cells = std::vector<Cell>;

struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::size_t> key;  // columns of the primary key, in its order
  bool operator==(const Table&) const = default;
};

/// Whose module a table is: its name is the module's, or begins with it and an underscore.
/// Code::conflict where no schema declares it, or its schema does not say how it is kept.
base::Result<const Schema*> schema_of(const std::string& table, std::span<const Schema> schemas);

/// What becomes of the write-ahead log when the last connection closes: a backup only looks.
enum class AtClose : std::uint8_t { fold, leave };

class Tables {
 public:
  /// A snapshot, beside whoever writes.
  static base::Result<std::unique_ptr<Tables>> snapshot(const Database& database,
                                                        AtClose at_close = AtClose::fold);
  /// A transaction over a database that nobody else has open.
  static base::Result<std::unique_ptr<Tables>> change(const Database& database);
  /// What was not committed is undone.
  ~Tables();
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  Reader& reader() noexcept;
  /// How many steps of its schema each module has had.
  base::Result<std::map<std::string, std::uint64_t>> versions();
  /// Every table of a module, by name.
  base::Result<std::vector<Table>> list();
  /// The declared kinds of a table's columns: INTEGER, TEXT, BLOB.
  base::Result<std::vector<std::string>> types(const Table& table);
  using OnRow = std::function<base::Result<void>(const Cells&)>;
  /// All rows, by primary key.
  base::Result<void> each(const Table& table, const OnRow& each);
  base::Result<void> insert(const Table& table, const Cells& row);
  /// The distinct ids in a column, in order.
  using OnOwner = std::function<base::Result<void>(base::OwnerId)>;
  base::Result<void> owners(const OwnerColumn& column, const OnOwner& each);
  base::Result<void> remove(const OwnerColumn& column, base::OwnerId owner);
  /// Commits, and begins again.
  base::Result<void> commit();

 private:
  explicit Tables(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace store

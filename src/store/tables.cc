#include "store/tables.h"

#include "store/connection.h"

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string quoted(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return out;
}

Result<Table> describe(Connection& connection, const std::string& name) {
  Table table{name, {}, {}};
  std::map<std::int64_t, std::size_t> key;  // by place in the primary key
  TRY(connection.query_text("PRAGMA table_info(" + quoted(name) + ")", {},
                            [&](const Cells& row) -> Result<void> {
                              const auto place = std::get<std::int64_t>(row.at(5));
                              if (place > 0) key[place] = table.columns.size();
                              table.columns.push_back(std::get<std::string>(row.at(1)));
                              return {};
                            }));
  for (const auto& [place, column] : key) table.key.push_back(column);
  if (table.key.empty())
    return Error{Code::internal, "a table without a primary key cannot be copied"};
  return table;
}

}  // namespace

Result<const Schema*> schema_of(const std::string& table, std::span<const Schema> schemas) {
  for (const Schema& schema : schemas) {
    const std::string module = schema.module.c_str();
    if (table != module && !table.starts_with(module + "_")) continue;
    if (schema.keeping == Keeping::undeclared)
      return Error{Code::conflict, "a module does not declare how its tables are kept"};
    return &schema;
  }
  return Error{Code::conflict, "the database has a table that no module of this program declares"};
}

Tables::Tables(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Tables::~Tables() {
  if (connection_->in_transaction()) (void)connection_->run("ROLLBACK", {}).ok();
}

Result<std::unique_ptr<Tables>> Tables::snapshot(const Database& database, AtClose at_close) {
  auto connection = TRY(Connection::open(database, Access::read));
  if (at_close == AtClose::leave) connection->leave_log();
  TRY(connection->run("BEGIN", {}));
  std::unique_ptr<Tables> tables(new Tables(std::move(connection)));
  // A snapshot begins with the first look.
  TRY(tables->versions());
  return tables;
}

Result<std::unique_ptr<Tables>> Tables::change(const Database& database) {
  auto connection = TRY(Connection::open(database, Access::write));
  TRY(connection->run("BEGIN IMMEDIATE", {}));
  return std::unique_ptr<Tables>(new Tables(std::move(connection)));
}

Reader& Tables::reader() noexcept { return *connection_; }

Result<std::map<std::string, std::uint64_t>> Tables::versions() {
  std::map<std::string, std::uint64_t> found;
  TRY(connection_->query(
      "SELECT module, version FROM schema_version", {}, [&](const Row& row) -> Result<void> {
        found[std::string(row.text(0))] = static_cast<std::uint64_t>(row.integer(1));
        return {};
      }));
  return found;
}

Result<std::vector<Table>> Tables::list() {
  std::vector<std::string> names;
  TRY(connection_->query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", {},
                         [&](const Row& row) -> Result<void> {
                           const std::string name(row.text(0));
                           if (name == "schema_version" || name.starts_with("sqlite_")) return {};
                           names.push_back(name);
                           return {};
                         }));
  std::vector<Table> tables;
  for (const std::string& name : names) {
    Table table = TRY(describe(*connection_, name));
    tables.push_back(std::move(table));
  }
  return tables;
}

Result<std::vector<std::string>> Tables::types(const Table& table) {
  std::vector<std::string> found;
  TRY(connection_->query_text("PRAGMA table_info(" + quoted(table.name) + ")", {},
                              [&](const Cells& row) -> Result<void> {
                                found.push_back(std::get<std::string>(row.at(2)));
                                return {};
                              }));
  return found;
}

Result<void> Tables::each(const Table& table, const OnRow& each) {
  std::vector<std::string> key;
  for (const std::size_t column : table.key) key.push_back(table.columns[column]);
  return connection_->query_text("SELECT " + quoted(table.columns) + " FROM " + quoted(table.name) +
                                     " ORDER BY " + quoted(key),
                                 {}, each);
}

Result<void> Tables::insert(const Table& table, const Cells& row) {
  if (row.size() != table.columns.size())
    return Error{Code::corrupt, "a row has another number of columns than its table"};
  std::string places;
  for (std::size_t i = 0; i < row.size(); ++i) places += i == 0 ? "?" : ", ?";
  return connection_->query_text("INSERT INTO " + quoted(table.name) + " (" +
                                     quoted(table.columns) + ") VALUES (" + places + ")",
                                 row, [](const Cells&) { return Result<void>(); });
}

Result<void> Tables::owners(const OwnerColumn& column, const OnOwner& each) {
  const std::string name = quoted(std::string(column.column.c_str()));
  return connection_->query_text("SELECT DISTINCT " + name + " FROM " +
                                     quoted(std::string(column.table.c_str())) + " ORDER BY 1",
                                 {}, [&](const Cells& row) -> Result<void> {
                                   const auto* id = std::get_if<base::Bytes>(row.data());
                                   if (id == nullptr)
                                     return Error{Code::corrupt, "an owner's id is not one"};
                                   const auto owner = TRY(base::OwnerId::from(*id));
                                   return each(owner);
                                 });
}

Result<void> Tables::remove(const OwnerColumn& column, base::OwnerId owner) {
  return connection_->query_text(
      "DELETE FROM " + quoted(std::string(column.table.c_str())) + " WHERE " +
          quoted(std::string(column.column.c_str())) + " = ?",
      {base::copy(owner.bytes())}, [](const Cells&) { return Result<void>(); });
}

Result<void> Tables::commit() {
  TRY(connection_->run("COMMIT", {}));
  TRY(connection_->run("BEGIN IMMEDIATE", {}));
  return {};
}

}  // namespace store

#include "store/migrate.h"

#include <set>

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

Result<std::size_t> version_of(Connection& connection, base::Literal module) {
  std::size_t version = 0;
  TRY(connection.query("SELECT version FROM schema_version WHERE module = ?", {module},
                       [&](const Row& row) -> Result<void> {
                         if (row.integer(0) < 0)
                           return Error{Code::corrupt, "a schema's version is negative"};
                         version = static_cast<std::size_t>(row.integer(0));
                         return {};
                       }));
  return version;
}

Result<void> run_steps(Connection& connection, const Schema& schema, std::size_t from) {
  for (std::size_t step = from; step < schema.steps.size(); ++step)
    TRY_AS(connection.script(schema.steps[step]), "a migration step failed");
  TRY(
      connection.run("INSERT INTO schema_version (module, version) VALUES (?, ?)"
                     " ON CONFLICT (module) DO UPDATE SET version = excluded.version",
                     {schema.module, schema.steps.size()}));
  // A step must not end the transaction that makes it all or nothing.
  CHECK(connection.in_transaction());
  return {};
}

Result<void> bring_forward(Connection& connection, const Schema& schema) {
  const std::size_t version = TRY(version_of(connection, schema.module));
  if (version == schema.steps.size()) return {};
  TRY(connection.run("BEGIN IMMEDIATE", {}));
  Result<void> done = run_steps(connection, schema, version);
  if (done.ok()) {
    const auto committed = connection.run("COMMIT", {});
    if (committed.ok()) return {};
    done = committed.error();
  }
  // A full disk may have ended the transaction already.
  if (connection.in_transaction()) TRY(connection.run("ROLLBACK", {}));
  return done;
}

}  // namespace

Result<void> migrate(Connection& connection, std::span<const Schema> schemas) {
  TRY(
      connection.script("CREATE TABLE IF NOT EXISTS schema_version"
                        " (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT"));
  std::set<std::string_view> seen;
  for (const Schema& schema : schemas) {
    CHECK(seen.insert(schema.module.c_str()).second);
    const std::size_t version = TRY(version_of(connection, schema.module));
    if (version > schema.steps.size())
      return Error{Code::conflict, "the database was written by a newer version of this program"};
  }
  for (const Schema& schema : schemas) TRY(bring_forward(connection, schema));
  return {};
}

}  // namespace store

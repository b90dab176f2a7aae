// Every module's schema from each of its older versions, with rows in every table: what a database
// of an older program meets when this one opens it, alone or out of a backup. Nothing here names a
// module: one that grows a step is tested by that.
#include <gtest/gtest.h>

#include "accounts/memberships.h"
#include "app/core.h"
#include "backup/restore.h"
#include "notice/notice.h"
#include "store/tables.h"
#include "store/testing.h"
#include "vault/content_file.h"

namespace app {
namespace {

using base::Code;
using base::Result;

constexpr std::int64_t kRows = 3;

/// The schemas as an older program had them: `module` with `steps` of its steps, the others whole.
std::vector<store::Schema> older(const std::string& module, std::size_t steps) {
  std::vector<store::Schema> schemas = Core::schemas();
  for (store::Schema& schema : schemas)
    if (schema.module.c_str() == module)
      schema.steps.erase(schema.steps.begin() + static_cast<std::ptrdiff_t>(steps),
                         schema.steps.end());
  return schemas;
}

bool belongs(const store::Table& table, const store::Schema& schema) {
  const std::string module = schema.module.c_str();
  return table.name == module || table.name.starts_with(module + "_");
}

/// Values that a column of any of our tables takes: told by the row, so that none is there twice.
store::Cell cell(const std::string& declared, std::int64_t row) {
  if (declared == "TEXT") return "text" + std::to_string(row);
  if (declared == "BLOB") return base::Bytes(16, static_cast<std::uint8_t>(row + 1));
  return row;
}

class Migrations : public testing::Test {
 protected:
  Result<void> make(const std::vector<store::Schema>& schemas) const {
    TRY(store::Store::open(wait(), path, schemas));
    return {};
  }
  static base::Wait& wait() {
    static base::ThreadWait threads;
    return threads;
  }
  /// Rows for every table of the module, as it is now.
  std::map<std::string, std::int64_t> fill(const store::Schema& schema) const {
    std::map<std::string, std::int64_t> filled;
    const auto tables = store::Tables::change(path).value();
    for (const store::Table& table : tables->list().value()) {
      if (!belongs(table, schema)) continue;
      const auto types = tables->types(table).value();
      for (std::int64_t row = 0; row < kRows; ++row) {
        store::Cells cells;
        for (const std::string& type : types) cells.push_back(cell(type, row));
        // A table of one row takes the one that its constraint allows.
        const auto inserted = tables->insert(table, cells);
        if (inserted.ok()) ++filled[table.name];
      }
      EXPECT_GT(filled[table.name], 0) << table.name;
    }
    tables->commit().value();
    return filled;
  }
  std::map<std::string, std::int64_t> counted() const {
    std::map<std::string, std::int64_t> counts;
    const auto tables = store::Tables::snapshot(path).value();
    for (const store::Table& table : tables->list().value())
      tables
          ->each(table,
                 [&](const store::Cells&) -> Result<void> {
                   ++counts[table.name];
                   return {};
                 })
          .value();
    return counts;
  }

  store::TemporaryDirectory directory;
  base::RealDisk disk;
  std::string path = directory.file("store.db");
};

TEST_F(Migrations, EveryModuleComesForwardFromEachOlderVersionWithItsRows) {
  std::size_t tried = 0;
  for (const store::Schema& schema : Core::schemas()) {
    const std::string module = schema.module.c_str();
    for (std::size_t version = 1; version < schema.steps.size(); ++version, ++tried) {
      SCOPED_TRACE(module + " from version " + std::to_string(version));
      for (const char* end : {"", "-wal", "-shm"}) (void)disk.remove(path + end).ok();
      ASSERT_TRUE(make(older(module, version)).ok());
      const auto filled = fill(schema);
      EXPECT_FALSE(filled.empty());
      const auto forward = make(Core::schemas());
      ASSERT_TRUE(forward.ok()) << forward.error().chain();
      EXPECT_EQ(store::Tables::snapshot(path).value()->versions().value()[module],
                schema.steps.size());
      const auto now = counted();
      for (const auto& [table, rows] : filled) {
        const auto found = now.find(table);
        EXPECT_TRUE(found != now.end() && found->second == rows) << table << " lost rows";
      }
      EXPECT_EQ(make(older(module, version)).code(), Code::conflict)
          << "a newer database was taken";
    }
  }
  EXPECT_GE(tried, 3U);  // records, content and journal have grown
}

TEST_F(Migrations, AccountsOfBeforeThereWereRolesKeepTheirOneOwner) {
  ASSERT_TRUE(make(older("accounts", 2)).ok());
  const auto account = base::AccountId::from(base::Bytes(16, 1)).value();
  const auto user = base::UserId::from(base::Bytes(16, 2)).value();
  {
    const auto tables = store::Tables::change(path).value();
    for (const store::Table& table : tables->list().value())
      if (table.name == "accounts_member")
        tables
            ->insert(table,
                     {base::copy(account.bytes()), base::copy(user.bytes()), std::int64_t{0}})
            .value();
    tables->commit().value();
  }
  const auto store = store::Store::open(wait(), path, Core::schemas()).value();
  const auto read = store->read([&](store::Reader& reader) -> Result<void> {
    const auto hers = TRY(accounts::accounts_of(reader, user));
    EXPECT_EQ(hers.size(), 1U);
    const auto role = TRY(accounts::role_in(reader, account, user));
    EXPECT_EQ(role, accounts::Role::owner);
    return {};
  });
  EXPECT_TRUE(read.ok()) << read.error().chain();
  EXPECT_FALSE(store
                   ->write([&](store::Tx& tx) {
                     return accounts::join(tx, {account, base::UserId(), accounts::Role::owner});
                   })
                   .ok())
      << "a second owner";
}

TEST_F(Migrations, ANewerDatabaseOfAnyModuleIsRefused) {
  ASSERT_TRUE(make(Core::schemas()).ok());
  for (const store::Schema& schema : Core::schemas()) {
    const auto before = older(schema.module.c_str(), schema.steps.size() - 1);
    EXPECT_EQ(make(before).code(), Code::conflict) << schema.module.c_str();
  }
  EXPECT_TRUE(make(Core::schemas()).ok());
}

// A backup keeps the schema that it was made with.
TEST_F(Migrations, ABackupOfAnOlderSchemaComesForwardAndOfANewerIsRefused) {
  ServeOptions options;
  options.data = directory.file("data");
  options.root = directory.file("root");
  {
    const auto checked = notice::check(notice::default_file, notice::default_text());
    ASSERT_TRUE(Core::open(options, *checked.document).ok());  // the tree that it belongs to
  }
  path = options.data + "/store.db";
  base::ManualClock clock{base::parse_rfc3339("2026-11-23T14:00:00Z").value()};
  const std::string staged = options.data + "/restore.db";
  for (const store::Schema& schema : Core::schemas()) {
    if (schema.keeping != store::Keeping::bulk || schema.steps.size() < 2) continue;
    SCOPED_TRACE(schema.module.c_str());
    const auto before = older(schema.module.c_str(), schema.steps.size() - 1);
    for (const char* end : {"", "-wal", "-shm"}) (void)disk.remove(path + end).ok();
    ASSERT_TRUE(make(before).ok());
    const auto filled = fill(schema);
    // Of its rows one may be content that is published: its file is there.
    const auto id = base::ContentId::from(base::Bytes(16, 2)).value();
    disk.make_directory(vault::content_folder(options.data + "/content", id)).value();
    base::write_file_atomically(disk, vault::content_path(options.data + "/content", id),
                                base::Bytes(10, 1))
        .value();
    const std::string kept = directory.file(std::string("backup-") + schema.module.c_str());
    ASSERT_TRUE(backup::make(disk, clock, {options.data, before}, kept, {}).ok());

    const auto now = Core::schemas();
    const backup::Source source{options.data, now};
    const auto manifest = backup::admit(disk, source, kept);
    ASSERT_TRUE(manifest.ok()) << manifest.error().chain();
    backup::Restored restored;
    for (const char* end : {"", "-wal", "-shm"}) (void)disk.remove(staged + end).ok();
    const auto built =
        backup::build(disk, wait(), source, kept, *manifest, staged, std::nullopt, restored, {});
    ASSERT_TRUE(built.ok()) << built.error().chain();
    path = staged;
    ASSERT_TRUE(make(now).ok());
    const auto counts = counted();
    for (const auto& [table, rows] : filled) EXPECT_EQ(counts.at(table), rows) << table;
    path = options.data + "/store.db";

    // The newer one, as the older program sees it.
    for (const char* end : {"", "-wal", "-shm"}) (void)disk.remove(path + end).ok();
    ASSERT_TRUE(make(now).ok());
    const std::string newer = kept + "-newer";
    ASSERT_TRUE(backup::make(disk, clock, {options.data, now}, newer, {}).ok());
    EXPECT_EQ(backup::admit(disk, {options.data, before}, newer).code(), Code::conflict);
  }
}

}  // namespace
}  // namespace app

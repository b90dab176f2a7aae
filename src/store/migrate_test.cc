#include "store/migrate.h"

#include <gtest/gtest.h>

#include "store/testing.h"

namespace store {
namespace {

using base::Code;
using base::Result;

// One schema as it grew; the first n steps are what an older program had.
std::vector<base::Literal> steps(std::size_t count) {
  const std::vector<base::Literal> all = {
      "CREATE TABLE thing (id INTEGER PRIMARY KEY, state INTEGER NOT NULL) STRICT",
      "ALTER TABLE thing ADD COLUMN size INTEGER NOT NULL DEFAULT 5;"
      "CREATE INDEX thing_by_size ON thing (size)",
      "CREATE TABLE other (id INTEGER PRIMARY KEY) STRICT; INSERT INTO other SELECT id FROM thing",
  };
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::int64_t one(Store& store, base::Literal sql) {
  std::int64_t answer = -1;
  const auto read = store.read([&](Reader& reader) {
    return reader.query(sql, {}, [&](const Row& row) -> Result<void> {
      answer = row.integer(0);
      return {};
    });
  });
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().chain());
  return answer;
}

TEST(Migrate, ComesForwardFromEveryOlderVersion) {
  for (std::size_t from = 0; from <= 3; ++from) {
    const TemporaryDirectory directory;
    const std::string path = directory.file("store.db");
    base::ThreadWait wait;
    const std::vector<Schema> old = {{"things", steps(from)}};
    {
      auto store = Store::open(wait, path, old).value();
      if (from >= 1) {
        ASSERT_TRUE(store
                        ->write([](Tx& tx) -> Result<void> {
                          TRY(tx.run("INSERT INTO thing (id, state) VALUES (9, 1)", {}));
                          return {};
                        })
                        .ok());
      }
    }
    const std::vector<Schema> now = {{"things", steps(3)}};
    auto store = Store::open(wait, path, now).value();
    EXPECT_EQ(one(*store, "SELECT version FROM schema_version WHERE module = 'things'"), 3);
    EXPECT_EQ(one(*store, "SELECT count(*) FROM thing WHERE size = 5"), from >= 1 ? 1 : 0);
    EXPECT_EQ(one(*store, "SELECT count(*) FROM other"), from == 1 || from == 2 ? 1 : 0);
  }
}

TEST(Migrate, ANewerDatabaseIsRefusedAndLeftAsItIs) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("store.db");
  base::ThreadWait wait;
  const std::vector<Schema> newer = {{"things", steps(3)}};
  ASSERT_TRUE(Store::open(wait, path, newer).ok());
  // The module that could be migrated stands first: it must not be.
  const std::vector<Schema> older = {{"fresh", {"CREATE TABLE fresh (id INTEGER) STRICT"}},
                                     {"things", steps(2)}};
  EXPECT_EQ(Store::open(wait, path, older).code(), Code::conflict);
  auto store = Store::open(wait, path, newer).value();
  EXPECT_EQ(one(*store, "SELECT count(*) FROM sqlite_schema WHERE name = 'fresh'"), 0);
}

TEST(Migrate, AFailingStepUndoesItsModuleAlone) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("store.db");
  base::ThreadWait wait;
  const std::vector<Schema> wrong = {
      {"good", {"CREATE TABLE good (id INTEGER) STRICT"}},
      {"bad", {"CREATE TABLE bad (id INTEGER) STRICT", "CREATE TABEL oops (id INTEGER)"}}};
  EXPECT_EQ(Store::open(wait, path, wrong).code(), Code::internal);
  const std::vector<Schema> none;
  auto store = Store::open(wait, path, none).value();
  EXPECT_EQ(one(*store, "SELECT count(*) FROM sqlite_schema WHERE name = 'good'"), 1);
  EXPECT_EQ(one(*store, "SELECT count(*) FROM sqlite_schema WHERE name = 'bad'"), 0);
  EXPECT_EQ(one(*store, "SELECT count(*) FROM schema_version"), 1);
}

TEST(Migrate, ModulesDoNotDisturbEachOther) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("store.db");
  base::ThreadWait wait;
  const std::vector<Schema> first = {{"things", steps(1)}};
  const std::vector<Schema> second = {{"others", {"CREATE TABLE mine (id INTEGER) STRICT"}}};
  ASSERT_TRUE(Store::open(wait, path, first).ok());
  auto store = Store::open(wait, path, second).value();
  EXPECT_EQ(one(*store, "SELECT version FROM schema_version WHERE module = 'things'"), 1);
  EXPECT_EQ(one(*store, "SELECT version FROM schema_version WHERE module = 'others'"), 1);
}

}  // namespace
}  // namespace store

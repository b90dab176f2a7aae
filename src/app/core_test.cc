#include "app/core.h"

#include <gtest/gtest.h>

#include "keys/reserved.h"
#include "notice/notice.h"
#include "store/tables.h"
#include "store/testing.h"

namespace app {
namespace {

class CoreTest : public testing::Test {
 protected:
  CoreTest() {
    options.data = directory.file("data");
    options.root = directory.file("root");
  }
  base::Result<std::unique_ptr<Core>> open() {
    const auto checked = notice::check(notice::default_file, notice::default_text());
    return Core::open(options, *checked.document);
  }
  store::TemporaryDirectory directory;
  base::RealDisk disk;
  ServeOptions options;
};

TEST_F(CoreTest, OpensAgainWhatItMade) {
  ASSERT_TRUE(open().ok());
  ASSERT_TRUE(open().ok());
}

// kill -9 during the first start: whatever stands then, the next start goes on from it.
TEST_F(CoreTest, GoesOnFromAFirstStartThatWasCutShort) {
  // A directory where the store would be: the first start ends as it comes to make that.
  ASSERT_TRUE(disk.make_directory(options.data + "/store.db.blocked").ok());
  ASSERT_TRUE(disk.rename(options.data + "/store.db.blocked", options.data + "/store.db-wal").ok());
  ASSERT_FALSE(open().ok());
  ASSERT_TRUE(disk.remove_directory(options.data + "/store.db-wal").ok());
  const auto opened = open();
  EXPECT_TRUE(opened.ok()) << opened.error().chain();
}

TEST_F(CoreTest, TheLogsKeyIsInTheKeyTreeAndStays) {
  const std::string key = open().value()->ledger->verifier_key();
  EXPECT_EQ(open().value()->ledger->verifier_key(), key);
  EXPECT_EQ(disk.list(options.root).value(), std::vector<std::string>{"root.ktn"});
  auto core = open().value();
  EXPECT_EQ(core->keys->state(keys::log_signer()).value(), keys::State::live);
}

TEST_F(CoreTest, APublishedLogIsNeverSignedByAnotherKey) {
  ASSERT_TRUE(open().ok());
  // Log and nothing else, as if tree and store had been made anew.
  for (const char* lost : {"store.db", "keys.ktn"})
    ASSERT_TRUE(disk.remove(options.data + "/" + lost).ok());
  ASSERT_TRUE(disk.remove(options.root + "/root.ktn").ok());
  EXPECT_EQ(open().code(), base::Code::missing);
}

TEST_F(CoreTest, RefusesDataWithoutItsRoot) {
  ASSERT_TRUE(open().ok());
  options.root = directory.file("another");
  EXPECT_EQ(open().code(), base::Code::missing);
  ASSERT_TRUE(disk.make_directory(options.root).ok());
  EXPECT_FALSE(open().ok());
}

TEST_F(CoreTest, EveryTableIsDeclaredLiveOrBulkAndBulkNamesItsOwners) {
  ASSERT_TRUE(open().ok());
  const auto schemas = Core::schemas();
  const auto tables = store::Tables::snapshot(options.data + "/store.db").value();
  const auto all = tables->list().value();
  ASSERT_GE(all.size(), 15U);
  for (const store::Table& table : all) {
    const auto schema = store::schema_of(table.name, schemas);
    ASSERT_TRUE(schema.ok()) << table.name;
    if ((*schema)->keeping == store::Keeping::live) continue;
    std::size_t owners = 0;
    for (const store::OwnerColumn& column : (*schema)->owners)
      if (table.name == column.table.c_str() &&
          std::ranges::find(table.columns, column.column.c_str()) != table.columns.end())
        ++owners;
    EXPECT_GE(owners, 1U) << table.name << " has rows of nobody";
  }
}

}  // namespace
}  // namespace app

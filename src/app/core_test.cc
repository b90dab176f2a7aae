#include "app/core.h"

#include <gtest/gtest.h>

#include "notice/notice.h"
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
TEST_F(CoreTest, TheLogsKeyIsThereBeforeTheStore) {
  // A directory where the store would be: the first start ends as it comes to make that.
  ASSERT_TRUE(disk.make_directory(options.data + "/store.db.blocked").ok());
  ASSERT_TRUE(disk.rename(options.data + "/store.db.blocked", options.data + "/store.db-wal").ok());
  ASSERT_FALSE(open().ok());
  EXPECT_TRUE(disk.exists(options.root + "/log.key").value());
  ASSERT_TRUE(disk.remove_directory(options.data + "/store.db-wal").ok());
  const auto opened = open();
  EXPECT_TRUE(opened.ok()) << opened.error().chain();
}

TEST_F(CoreTest, RefusesDataWithoutItsRoot) {
  ASSERT_TRUE(open().ok());
  options.root = directory.file("another");
  EXPECT_EQ(open().code(), base::Code::missing);
  ASSERT_TRUE(disk.make_directory(options.root).ok());
  EXPECT_FALSE(open().ok());
}

}  // namespace
}  // namespace app

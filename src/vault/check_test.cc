#include "vault/check.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "vault/testing.h"

namespace vault {
namespace {

class VaultCheck : public testing::Test {
 protected:
  VaultCheck() : house_(disk_, directory_.path()) {
    house_.open().value();
    who_ = house_.owner();
    Fields fields;
    fields.set("name", base::Personal<std::string>("Kari Nordmann"));
    for (int i = 0; i < 3; ++i) house_.put(who_, house_.record_id(), fields).value();
    content_ = house_.keep(who_, base::Bytes(100'000, 7)).value();
  }
  CheckFindings check() { return house_.vault->check({}).value(); }

  store::TemporaryDirectory directory_;
  base::RealDisk disk_;
  House house_;
  base::OwnerId who_;
  base::ContentId content_;
};

TEST_F(VaultCheck, ReadsEverything) {
  int calls = 0;
  const auto found = house_.vault->check([&](const CheckFindings&) { ++calls; }).value();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.records, 3U);
  EXPECT_EQ(found.content, 1U);
  EXPECT_EQ(found.content_bytes, 100'000U);
  EXPECT_GT(calls, 0);
}

TEST_F(VaultCheck, CountsADamagedRecord) {
  house_
      .write([](store::Tx& tx) -> base::Result<void> {
        TRY(
            tx.run("UPDATE vault_record SET version = version + 1 WHERE id = (SELECT min(id) FROM "
                   "vault_record)",
                   {}));
        return {};
      })
      .value();
  const auto found = check();
  EXPECT_FALSE(found.sound());
  EXPECT_EQ(found.records_damaged, 1U);
  EXPECT_EQ(found.records, 3U);
}

TEST_F(VaultCheck, CountsDamagedContent) {
  const auto file = disk_.open(house_.content_path(content_), base::Open::update).value();
  base::Bytes byte(1);
  ASSERT_EQ(file->read_at(50'000, byte).value(), 1U);
  byte[0] ^= 1U;
  ASSERT_TRUE(file->write_at(50'000, byte).ok());
  const auto found = check();
  EXPECT_FALSE(found.sound());
  EXPECT_EQ(found.content_damaged, 1U);
  EXPECT_EQ(found.content_bytes, 0U);
}

TEST_F(VaultCheck, CountsWhatNobodyDeclares) {
  house_
      .write([](store::Tx& tx) -> base::Result<void> {
        TRY(
            tx.run("UPDATE vault_record SET collection = 'forgotten' WHERE id = (SELECT min(id) "
                   "FROM vault_record)",
                   {}));
        return {};
      })
      .value();
  const auto found = check();
  EXPECT_FALSE(found.sound());
  EXPECT_EQ(found.undeclared, 1U);
  EXPECT_EQ(found.records, 2U);
}

}  // namespace
}  // namespace vault

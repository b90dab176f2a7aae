#include "vault/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

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
  /// As rows that were changed by hand.
  void give_all_to(base::OwnerId owner) {
    house_
        .write([&](store::Tx& tx) -> base::Result<void> {
          TRY(tx.run("UPDATE vault_record SET owner = ?", {owner}));
          TRY(tx.run("UPDATE vault_content SET owner = ?", {owner}));
          return {};
        })
        .value();
  }

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
  ASSERT_EQ(found.damaged.size(), 1U);
  EXPECT_TRUE(found.damaged[0].starts_with("record ")) << found.damaged[0];
  EXPECT_NE(found.damaged[0].find(who_.str()), std::string::npos) << found.damaged[0];
}

TEST_F(VaultCheck, NamesContentWhoseFileIsLost) {
  ASSERT_TRUE(disk_.remove(house_.content_path(content_)).ok());
  const auto found = check();
  EXPECT_FALSE(found.sound());
  EXPECT_EQ(found.content, 1U);
  EXPECT_EQ(found.content_damaged, 1U);
  ASSERT_EQ(found.damaged.size(), 1U);
  EXPECT_NE(found.damaged[0].find(content_.str()), std::string::npos) << found.damaged[0];
  EXPECT_EQ(house_.reader(who_, content_).code(), base::Code::corrupt) << "it was never removed";
}

TEST_F(VaultCheck, AFileThatCannotBeRemovedKeepsNothingElse) {
  std::array contents = {content_, house_.keep(who_, base::Bytes(10, 7)).value(),
                         house_.keep(who_, base::Bytes(20, 7)).value()};
  std::ranges::sort(contents);
  const auto leave = house_.permit(who_, N::workspace_content);
  for (const auto id : contents)
    house_
        .write([&](store::Tx& tx) { return house_.vault->remove_content(tx, leave, kContent, id); })
        .value();
  const auto in_the_way = [&](base::ContentId id) {  // nobody can unlink a directory
    ASSERT_TRUE(disk_.make_directory(house_.content_path(id)).ok());
  };
  for (const auto id : std::span(contents).first(2)) {
    ASSERT_TRUE(disk_.remove(house_.content_path(id)).ok());
    in_the_way(id);
  }
  EXPECT_FALSE(house_.vault->tick().ok());
  EXPECT_FALSE(disk_.exists(house_.content_path(contents[2])).value());
  const std::array orphans = {base::ContentId::random(house_.entropy),
                              base::ContentId::random(house_.entropy)};
  for (const auto id : orphans) in_the_way(id);
  const auto unpublished = base::ContentId::random(house_.entropy);
  const std::string beside = house_.content_path(unpublished);
  ASSERT_TRUE(disk_.make_directory(beside.substr(0, beside.rfind('/'))).ok());
  ASSERT_TRUE(base::write_file_atomically(disk_, beside, base::Bytes(10, 7)).ok());
  EXPECT_TRUE(house_.open().ok());
  EXPECT_FALSE(disk_.exists(beside).value());
  EXPECT_EQ(house_.count("SELECT id FROM vault_content"), 2);
  for (const auto id : {contents[0], contents[1], orphans[0], orphans[1]})
    ASSERT_TRUE(disk_.remove_directory(house_.content_path(id)).ok());
  EXPECT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(house_.count("SELECT id FROM vault_content"), 0);
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

// Not taken for what was removed meanwhile: its row stands.
TEST_F(VaultCheck, CountsWhatAnOwnerWithoutAKeyIsSaidToHold) {
  const auto nobody = base::OwnerId::random(house_.entropy);
  give_all_to(nobody);
  const auto found = check();
  EXPECT_FALSE(found.sound());
  EXPECT_EQ(found.records, 3U);
  EXPECT_EQ(found.records_damaged, 3U);
  EXPECT_EQ(found.content, 1U);
  EXPECT_EQ(found.content_damaged, 1U);
}

TEST_F(VaultCheck, WhatAnErasedOwnerHeldIsKeylessAndNoDamage) {
  const auto erased = house_.owner();
  ASSERT_TRUE(house_.vault->erase({erased, {}, {}, std::nullopt}, {}).ok());
  give_all_to(erased);
  const auto found = check();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.records_keyless, 3U);
  EXPECT_EQ(found.content_keyless, 1U);
}

TEST_F(VaultCheck, NamesSoManyAndCountsAll) {
  const auto leave = house_.permit(who_);
  house_
      .write([&](store::Tx& tx) -> base::Result<void> {
        for (std::size_t i = 0; i < CheckFindings::named_max; ++i)
          TRY(house_.vault->put(tx, leave, {kPeople.name, {}, house_.record_id()}, Fields()));
        TRY(tx.run("UPDATE vault_record SET version = version + 1", {}));
        return {};
      })
      .value();
  const auto found = check();
  EXPECT_EQ(found.records_damaged, CheckFindings::named_max + 3);
  EXPECT_EQ(found.damaged.size(), CheckFindings::named_max);
}

}  // namespace
}  // namespace vault

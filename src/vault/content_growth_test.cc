// Content that comes in parts, and content that changes its collection.
#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "vault/content_store.h"
#include "vault/content_testing.h"
#include "vault/testing.h"
#include "vault/usage_testing.h"

namespace vault {
namespace {

using base::Code;
using base::Result;

class VaultContentGrowth : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(house_.open().ok()); }
  bool has_file(base::ContentId id) { return disk_.exists(house_.content_path(id)).value(); }

  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
};

TEST_F(VaultContentGrowth, MovesToAnotherCollectionWhileItIsRead) {
  const Collection bin{"bin", "messages", "bin", {}, Expiry::at_given_time()};
  ASSERT_TRUE(house_.open({kPeople, kFiles, bin}).ok());
  const auto who = house_.owner();
  const auto bytes = pattern(50000);
  const auto id = house_.keep(who, bytes).value();
  auto reading = house_.reader(who, id).value();
  const auto files = house_.permit(who, N::workspace_content);
  const auto messages = house_.permit(who, N::messages);
  const auto move = [&](const gate::Permit& to_permit) {
    return house_.write([&](store::Tx& tx) {
      return house_.vault->move_content(tx, {files, kContent}, {to_permit, bin.name}, id,
                                        house_.clock.now() + std::chrono::hours(1));
    });
  };
  EXPECT_EQ(move(files).code(), Code::denied);
  const auto rest = [&](const gate::Permit& from_permit, std::optional<base::Time> expires) {
    return house_
        .write([&](store::Tx& tx) {
          return house_.vault->move_content(tx, {from_permit, kContent}, {messages, bin.name}, id,
                                            expires);
        })
        .code();
  };
  EXPECT_EQ(rest(messages, house_.clock.now() + std::chrono::hours(1)), Code::denied);
  EXPECT_EQ(rest(files, std::nullopt), Code::invalid) << "what goes there needs a term";
  EXPECT_EQ(move(house_.permit(house_.owner(), N::messages)).code(), Code::denied);
  ASSERT_TRUE(move(messages).ok());
  EXPECT_EQ(read_all(*reading, 7001).value(), bytes);
  EXPECT_EQ(house_.reader(who, id).code(), Code::missing);
  EXPECT_EQ(move(messages).code(), Code::missing);
  auto moved = house_.vault->open_content(messages, bin.name, id);
  ASSERT_TRUE(moved.ok()) << moved.error().chain();
  EXPECT_EQ(read_all(**moved, 7001).value(), bytes);
  // It has the other one's term from now on.
  house_.clock.advance(std::chrono::hours(2));
  EXPECT_EQ(house_.vault->open_content(messages, bin.name, id).code(), Code::missing);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_FALSE(has_file(id));
}

TEST_F(VaultContentGrowth, GrowsInPartsOfWhichNobodySeesTheWholeBeforeItIsThere) {
  const auto who = house_.owner();
  const auto leave = house_.permit(who, N::workspace_content);
  const auto bytes = pattern(100'000);
  base::ContentId id;
  const auto part = [&](std::size_t from, std::size_t to, Whole whole) {
    auto writer = from == 0 ? house_.vault->create_content(leave, kContent)
                            : house_.vault->append_content({leave, kContent}, id);
    ASSERT_TRUE(writer.ok()) << writer.error().chain();
    EXPECT_EQ((*writer)->size(), from);
    ASSERT_TRUE((*writer)->write(base::View(bytes).subspan(from, to - from)).ok());
    ASSERT_TRUE((*writer)->finish().ok());
    ASSERT_TRUE(
        house_.write([&](store::Tx& tx) { return house_.vault->publish(tx, **writer, {}, whole); })
            .ok());
    id = (*writer)->id();
  };
  part(0, 20'000, Whole::no);
  EXPECT_EQ(house_.reader(who, id).code(), Code::missing);
  EXPECT_EQ(usage_of(house_, who)->bytes, 20'000U);
  // What is written and not published is not there, whether the writer ends or the machine does.
  {
    auto writer = house_.vault->append_content({leave, kContent}, id).value();
    ASSERT_TRUE(writer->write(pattern(60'000)).ok());
    ASSERT_TRUE(writer->finish().ok());
  }
  part(20'000, 50'000, Whole::no);
  {
    auto writer = house_.vault->append_content({leave, kContent}, id).value();
    ASSERT_TRUE(writer->write(pattern(70'000)).ok());
    house_.close();
    disk_.crash();
  }
  ASSERT_TRUE(house_.open().ok());
  part(50'000, 100'000, Whole::yes);
  auto reader = house_.reader(who, id);
  ASSERT_TRUE(reader.ok()) << reader.error().chain();
  EXPECT_EQ(read_all(**reader, 9'999).value(), bytes);
  EXPECT_EQ(usage_of(house_, who)->pieces, 1U);
  EXPECT_EQ(usage_of(house_, who)->bytes, bytes.size());
  EXPECT_EQ(house_.vault->append_content({leave, kContent}, id).code(), Code::conflict);
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) {
                    return house_.vault->remove_content(tx, leave, kContent, id);
                  })
                  .ok());
  EXPECT_EQ(usage_of(house_, who)->bytes, 0U);
  EXPECT_EQ(house_.vault->append_content({leave, kContent}, id).code(), Code::missing);
}

class VaultGrowing : public VaultContentGrowth {
 protected:
  void SetUp() override {
    VaultContentGrowth::SetUp();
    who_ = house_.owner();
    leave_.emplace(house_.permit(who_, N::workspace_content));
    const auto writer = house_.vault->create_content(*leave_, kContent).value();
    ASSERT_TRUE(end(*writer, 20'000).ok());
    ASSERT_TRUE(publish(*writer, Whole::no).ok());
    id_ = writer->id();
  }
  Result<std::unique_ptr<ContentWriter>> append() {
    return house_.vault->append_content({*leave_, kContent}, id_);
  }
  static Result<void> end(ContentWriter& writer, std::size_t bytes) {
    TRY(writer.write(pattern(bytes)));
    return writer.finish();
  }
  Result<void> publish(const ContentWriter& writer, Whole whole) {
    return house_.write(
        [&](store::Tx& tx) { return house_.vault->publish(tx, writer, {}, whole); });
  }
  void change_row(base::Literal sql) {
    house_
        .write([&](store::Tx& tx) -> Result<void> {
          TRY(tx.run(sql, {}));
          return {};
        })
        .value();
  }

  base::OwnerId who_;
  std::optional<gate::Permit> leave_;
  base::ContentId id_;
};

TEST_F(VaultGrowing, OnlyWithALeaveAndAPartThatHasEnded) {
  const auto other = house_.permit(who_);
  EXPECT_EQ(house_.vault->append_content({other, kContent}, id_).code(), Code::denied);
  const auto writer = append().value();
  ASSERT_TRUE(writer->write(pattern(100)).ok());
  EXPECT_EQ(publish(*writer, Whole::yes).code(), Code::invalid);
  EXPECT_EQ(usage_of(house_, who_)->bytes, 20'000U);
}

TEST_F(VaultGrowing, NothingIsAddedToAFileThatIsDamagedOrLost) {
  const std::string path = house_.content_path(id_);
  const auto size = disk_.open(path, base::Open::read).value()->size().value();
  ASSERT_TRUE(disk_.open(path, base::Open::update).value()->truncate(size - 1).ok());
  EXPECT_EQ(append().code(), Code::corrupt) << "shorter than its manifest says";
  ASSERT_TRUE(disk_.remove(path).ok());
  EXPECT_EQ(append().code(), Code::missing);
}

TEST_F(VaultGrowing, ARowThatWasChangedByHandIsNeitherAddedToNorMoved) {
  change_row("UPDATE vault_content SET expires_at = 9000000000000000");
  EXPECT_EQ(append().code(), Code::corrupt);
  EXPECT_EQ(house_
                .write([&](store::Tx& tx) {
                  return house_.vault->move_content(tx, {*leave_, kContent}, {*leave_, kContent},
                                                    id_, {});
                })
                .code(),
            Code::corrupt);
  change_row("UPDATE vault_content SET expires_at = 0");
  EXPECT_TRUE(append().ok());
}

TEST_F(VaultGrowing, WhatIsRemovedMeanwhileStaysRemoved) {
  const auto writer = append().value();
  ASSERT_TRUE(end(*writer, 30'000).ok());
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) {
                    return house_.vault->remove_content(tx, *leave_, kContent, id_);
                  })
                  .ok());
  EXPECT_EQ(publish(*writer, Whole::yes).code(), Code::missing);
  EXPECT_EQ(usage_of(house_, who_)->bytes, 0U);
  ASSERT_TRUE(house_.vault->tick().ok());
  EXPECT_FALSE(has_file(id_));
}

TEST_F(VaultGrowing, AnOwnerWhoIsErasedMeanwhileHasNothing) {
  const auto writer = append().value();
  ASSERT_TRUE(end(*writer, 30'000).ok());
  ASSERT_TRUE(house_.vault->erase({who_, {}, {}, std::nullopt}, {}).ok());
  EXPECT_EQ(publish(*writer, Whole::yes).code(), Code::gone);
  EXPECT_EQ(append().code(), Code::gone);
  EXPECT_EQ(house_.count("SELECT 1 FROM vault_content WHERE state <> 2"), 0);
}

TEST_F(VaultContentGrowth, WhatHasExpiredIsCountedOffOnce) {
  const auto who = house_.owner();
  const auto id = house_.keep(who, pattern(1'000)).value();
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) -> Result<void> {
                    for (const std::int64_t expired : {1, 0}) {
                      const std::int64_t changed = TRY(ContentStore::expire(tx, who, id, 0));
                      EXPECT_EQ(changed, expired);
                    }
                    return {};
                  })
                  .ok());
  EXPECT_EQ(usage_of(house_, who)->pieces, 0U);
  EXPECT_EQ(usage_of(house_, who)->bytes, 0U);
}

}  // namespace
}  // namespace vault

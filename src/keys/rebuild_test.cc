// The map is lost, and made anew from the tree and the owners that a backup knows.

#include <gtest/gtest.h>

#include <algorithm>

#include "keys/check.h"
#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;

class RebuildTest : public testing::Test, protected Stage {
 protected:
  RebuildTest() { open().value(); }

  /// The same tree under a store that knows nobody.
  void lose_map(const char* name = "new.db") {
    keys.reset();
    store.reset();
    store = store::Store::open(*wait, directory.file(name), std::array{Keys::schema()}).value();
    open().value();
  }
  base::Result<void> claim(std::span<const OwnerId> owners) {
    return store->write([&](store::Tx& tx) { return keys->claim(tx, owners); });
  }
  CheckReport check_all() {
    keys.reset();
    auto report = check(*store, *holder, disk, kTreePath, kSilent).value();
    open().value();
    return report;
  }
};

TEST_F(RebuildTest, GivesOwnersTheirKeysBack) {
  auto owners = settle(300);
  erase(std::array{owners[3], owners[100]}, std::array{owners[5]}).value();
  std::vector<std::string> before;
  for (const OwnerId owner : owners) before.push_back(subkey(owner));
  lose_map();
  keys->rebuild_map(kSilent).value();
  EXPECT_EQ(keys->dormant().value(), 298U);
  EXPECT_EQ(keys->state(owners[0]).value(), State::unknown);
  EXPECT_TRUE(check_all().whole());
  claim(std::span(owners).first(200)).value();
  claim(std::span(owners).subspan(150)).value();  // some again
  for (std::size_t i = 0; i < owners.size(); ++i) EXPECT_EQ(subkey(owners[i]), before[i]);
  EXPECT_EQ(keys->generation(owners[5]).value(), 1U);
  EXPECT_EQ(keys->state(owners[3]).value(), State::erased);
  EXPECT_EQ(keys->mint(std::array{owners[3]}).code(), Code::conflict);
  EXPECT_EQ(keys->dormant().value(), 0U);
  // New owners come into the free slots, and all of it is as a check wants it.
  settle(50);
  const auto report = check_all();
  EXPECT_TRUE(report.whole());
  EXPECT_EQ(report.keys_live, 348U);
}

// More than one batch of leaves, as a restore of the whole store has them.
TEST_F(RebuildTest, NobodyNeedListen) {
  settle(17'000);
  lose_map();
  keys->rebuild_map({}).value();
  EXPECT_EQ(keys->dormant().value(), 17'000U);
  keys->destroy_dormant({}).value();
  EXPECT_EQ(keys->dormant().value(), 0U);
  EXPECT_TRUE(check(*store, *holder, disk, kTreePath, {}).value().whole());
}

TEST_F(RebuildTest, KeepsWhatNobodyKnowsUntilItIsDestroyed) {
  auto owners = settle(200);
  const auto older = std::span(owners).first(120);  // what an old backup knows
  const auto newer = std::span(owners).subspan(120, 50);
  const std::string kept = subkey(newer[7]);
  lose_map();
  keys->rebuild_map(kSilent).value();
  claim(older).value();
  EXPECT_EQ(keys->dormant().value(), 80U);
  auto report = check_all();
  EXPECT_TRUE(report.whole());
  EXPECT_EQ(report.keys_dormant, 80U);
  // Nobody is given a slot that is reserved.
  const auto fresh = settle(30);
  EXPECT_TRUE(check_all().whole());
  // A newer backup is put in.
  claim(newer).value();
  EXPECT_EQ(subkey(newer[7]), kept);
  EXPECT_EQ(keys->dormant().value(), 30U);
  std::uint64_t told = 0;
  keys->destroy_dormant([&](std::uint64_t done, std::uint64_t total) {
        told = done;
        EXPECT_EQ(total, 30U);
      })
      .value();
  EXPECT_EQ(told, 30U);
  EXPECT_EQ(keys->dormant().value(), 0U);
  report = check_all();
  EXPECT_TRUE(report.whole());
  EXPECT_EQ(report.keys_live, 200U);
  // Too late for those who are named now.
  claim(std::span(owners).subspan(170)).value();
  EXPECT_EQ(keys->state(owners[180]).value(), State::erased);
  EXPECT_NE(subkey(fresh[0]), "");
}

TEST_F(RebuildTest, IsForALostMapOnly) {
  settle(3);
  EXPECT_EQ(keys->rebuild_map(kSilent).code(), Code::conflict);
  EXPECT_EQ(keys->dormant().value(), 0U);
}

TEST_F(RebuildTest, BeginsAnewWhereItWasCutShort) {
  const auto owners = settle(100);
  lose_map();
  keys->rebuild_map(kSilent).value();
  open().value();
  keys->rebuild_map(kSilent).value();
  EXPECT_EQ(keys->dormant().value(), 100U);
  claim(owners).value();
  EXPECT_TRUE(check_all().whole());
}

// Nobody counts as erased on the word of a page that does not open, and nobody new comes to it.
TEST_F(RebuildTest, LeavesADamagedLeafOut) {
  auto owners = settle(200);
  const OwnerId gone = owners[3];
  erase(std::array{gone}).value();
  const std::string kept = subkey(owners[130]);
  lose_map();
  damage_leaf(disk, kTreePath, 1);
  damage_leaf(disk, kTreePath, 3);  // the last one: new owners would come to it
  open().value();
  keys->rebuild_map(kSilent).value();
  EXPECT_EQ(keys->dormant().value(), 127U);
  const OwnerId stranger = owner();
  claim(owners).value();
  claim(std::array{stranger}).value();
  EXPECT_EQ(keys->state(gone).value(), State::erased) << "her slot says so";
  EXPECT_TRUE(keys->readable(gone).value());
  EXPECT_EQ(subkey(owners[130]), kept);
  EXPECT_TRUE(keys->readable(owners[130]).value());
  std::size_t unreadable = 0;
  for (const OwnerId owner : owners) {
    if (keys->state(owner).value() != State::unreadable) continue;
    ++unreadable;
    EXPECT_FALSE(keys->readable(owner).value());
    EXPECT_EQ(keys->derive(owner, "test").code(), Code::corrupt);
    EXPECT_EQ(keys->prepare(std::array{owner}, {}).code(), Code::corrupt);
    EXPECT_EQ(keys->mint(std::array{owner}).code(), Code::conflict);
  }
  EXPECT_EQ(unreadable, 64U + 8U);
  EXPECT_EQ(keys->state(stranger).value(), State::unreadable) << "nobody can tell";
  const auto known = keys->known({}, 1'000).value();
  EXPECT_EQ(std::ranges::count(known, State::unreadable, &Keys::Known::state), 64 + 8 + 1);
  for (const OwnerId owner : settle(150)) EXPECT_NE(subkey(owner), "");
  const auto report = check_all();
  EXPECT_EQ(report.flaws, 2U) << "the two pages";
  EXPECT_EQ(report.owners_unreadable, 73U);
  EXPECT_EQ(report.keys_live, 127U + 150U);
}

TEST_F(RebuildTest, ADamagedLeafThatLaterOpensGivesItsOwnersBack) {
  const auto owners = settle(100);
  damage_leaf(disk, kTreePath, 1);
  lose_map();
  keys->rebuild_map(kSilent).value();
  claim(owners).value();
  EXPECT_EQ(keys->state(owners[80]).value(), State::unreadable);
  damage_leaf(disk, kTreePath, 1);
  lose_map("newer.db");
  keys->rebuild_map(kSilent).value();
  claim(owners).value();
  EXPECT_NE(subkey(owners[80]), "");
  EXPECT_TRUE(check_all().whole());
  EXPECT_EQ(keys->state(owner()).value(), State::unknown);
  const OwnerId stranger = owner();
  claim(std::array{stranger}).value();
  EXPECT_EQ(keys->state(stranger).value(), State::erased) << "every leaf was read";
}

// Slots that are free on a leaf that does not open would refuse whoever signs up.
TEST_F(RebuildTest, NewOwnersComeToLeavesThatOpen) {
  auto owners = settle(100);
  erase(std::span(owners).subspan(70, 5)).value();
  damage_leaf(disk, kTreePath, 1);
  open().value();
  EXPECT_FALSE(keys->readable(owners[80]).value());
  EXPECT_EQ(keys->state(owners[80]).value(), State::live);
  EXPECT_TRUE(keys->readable(owners[5]).value());
  EXPECT_EQ(keys->readable(owner()).code(), Code::missing);
  for (const OwnerId owner : settle(20)) EXPECT_NE(subkey(owner), "");
  damage_leaf(disk, kTreePath, 1);
  open().value();
  EXPECT_NE(subkey(owners[80]), "");
  EXPECT_TRUE(check_all().whole());
}

TEST_F(RebuildTest, RefusesADamagedInnerPage) {
  settle(200);
  lose_map();
  const base::Bytes file = disk.live().at(kTreePath);
  for (std::size_t at = 0; at < file.size(); at += kPageSize)
    if (file[at + 4] != 0) disk.flip_bit(kTreePath, (at + 100) * 8).value();
  EXPECT_EQ(keys->rebuild_map(kSilent).code(), Code::corrupt);
}

TEST_F(RebuildTest, RemembersTheEpochOfTheTree) {
  settle(70);
  const auto files = disk.durable();
  erase(settle(1)).value();
  lose_map();
  keys->rebuild_map(kSilent).value();
  keys.reset();
  disk.put(files);
  EXPECT_EQ(open().code(), Code::corrupt);  // rolled back
}

// A crash between the keys' end and the map's: destroyed again, and then free.
TEST_F(RebuildTest, DestroyingMayCrash) {
  settle(100);
  lose_map();
  keys->rebuild_map(kSilent).value();
  for (std::uint64_t operations = 0;; ++operations) {
    ASSERT_LT(operations, 200U);
    disk.fail_after(operations);
    const bool done = keys->destroy_dormant(kSilent).ok();
    ASSERT_TRUE(crash().ok());
    if (done) break;
    ASSERT_TRUE(check_all().flaws == 0 || keys->dormant().value() == 100U);
  }
  EXPECT_EQ(keys->dormant().value(), 0U);
  const auto report = check_all();
  EXPECT_TRUE(report.whole());
  EXPECT_EQ(report.keys_live, 0U);
}

TEST_F(RebuildTest, ListsOwnersPageByPage) {
  auto owners = settle(50);
  erase(std::array{owners[4]}).value();
  keys->mint(std::array{owner()}).value();  // and not bound
  std::ranges::sort(owners);
  const auto erased = std::ranges::count_if(
      owners, [&](OwnerId owner) { return keys->state(owner).value() == State::erased; });
  EXPECT_EQ(erased, 1);
  std::vector<OwnerId> listed;
  std::optional<OwnerId> after;
  for (;;) {
    const auto page = keys->known(after, 7).value();
    if (page.empty()) break;
    EXPECT_LE(page.size(), 7U);
    for (const auto& entry : page) {
      EXPECT_EQ(entry.state, keys->state(entry.owner).value());
      listed.push_back(entry.owner);
    }
    after = listed.back();
  }
  EXPECT_EQ(listed, owners);
}

// A store from before there were dormant keys.
TEST_F(RebuildTest, AnOlderStoreLearnsOfThem) {
  keys.reset();
  store::Schema first = Keys::schema();
  first.steps.erase(first.steps.begin() + 1, first.steps.end());
  store.reset();
  store = store::Store::open(*wait, directory.file("old.db"), std::array{first}).value();
  store.reset();
  store = store::Store::open(*wait, directory.file("old.db"), std::array{Keys::schema()}).value();
  open().value();
  EXPECT_EQ(keys->dormant().value(), 0U);
  EXPECT_NE(subkey(settle(1)[0]), "");
}

}  // namespace
}  // namespace keys

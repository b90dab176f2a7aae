// What keys refuse: a map and a tree that do not fit each other, intents without owners, and what
// nobody should ask. Nothing of it gives a key to anybody else.
#include <gtest/gtest.h>

#include <set>

#include "keys/check.h"
#include "keys/owners.h"
#include "keys/testing.h"
#include "tests/support/every_fault.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;
using base::Result;

class Refusals : public testing::Test, protected Stage {
 protected:
  Refusals() {
    open().value();
    owners_ = settle(4);
  }
  Result<std::int64_t> run(base::Literal sql, std::initializer_list<store::Value> values) {
    std::int64_t changed = 0;
    TRY(store->write([&](store::Tx& tx) -> Result<void> {
      changed = TRY(tx.run(sql, values));
      return {};
    }));
    return changed;
  }
  /// Each has the other's slot in the map.
  void swap_slots(OwnerId a, OwnerId b) {
    store
        ->write([&](store::Tx& tx) -> Result<void> {
          const auto first = TRY(Owners::find(tx, a));
          const auto second = TRY(Owners::find(tx, b));
          TRY(tx.run("UPDATE keys_owner SET slot = 900 WHERE owner = ?", {a}));
          TRY(tx.run("UPDATE keys_owner SET slot = ? WHERE owner = ?", {first->slot, b}));
          TRY(tx.run("UPDATE keys_owner SET slot = ? WHERE owner = ?", {second->slot, a}));
          return {};
        })
        .value();
  }
  Erasure prepare(OwnerId erased) { return keys->prepare(std::array{erased}, {}).value(); }

  /// Why the first unfinished intent cannot be looked at.
  Code looked() {
    const auto left = keys->unfinished().value();
    return left.at(0).looked.code();
  }

  std::vector<OwnerId> owners_;
};

TEST_F(Refusals, AMapThatPointsToAnothersSlotOpensNothing) {
  const auto key = subkey(owners_[2]);
  swap_slots(owners_[0], owners_[1]);
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(keys->derive(owners_[0], "test").code(), Code::corrupt);
  EXPECT_EQ(keys->generation(owners_[1]).code(), Code::corrupt);
  EXPECT_EQ(keys->prepare(std::array{owners_[0]}, {}).code(), Code::corrupt);
  EXPECT_EQ(keys->prepare(std::array{owners_[2]}, std::array{owners_[1]}).code(), Code::corrupt);
  EXPECT_EQ(subkey(owners_[2]), key);
  swap_slots(owners_[0], owners_[1]);
  EXPECT_FALSE(subkey(owners_[0]).empty());
}

// As a store that was put back has it: the tree knows better.
TEST_F(Refusals, ARowFromBeforeAnErasureBringsNobodyBack) {
  ASSERT_TRUE(erase(std::array{owners_[0]}).ok());
  ASSERT_EQ(run("UPDATE keys_owner SET state = 1, slot = 0 WHERE owner = ?", {owners_[0]}).value(),
            1);
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(keys->derive(owners_[0], "test").code(), Code::gone);
  EXPECT_EQ(keys->prepare(std::array{owners_[0]}, {}).code(), Code::conflict);
  // Somebody else's row at that slot: erased, and not hers.
  ASSERT_EQ(run("UPDATE keys_owner SET owner = ? WHERE owner = ?", {owner(), owners_[0]}).value(),
            1);
  const auto known = keys->known({}, 10).value();
  for (const Keys::Known& each : known)
    if (each.owner != owners_[1] && each.owner != owners_[2] && each.owner != owners_[3])
      EXPECT_EQ(keys->derive(each.owner, "test").code(), Code::corrupt);
}

TEST_F(Refusals, ASlotThatIsReservedAndEmptyHasNoKey) {
  const OwnerId one = owner();
  ASSERT_TRUE(run("INSERT INTO keys_owner (owner, slot, state) VALUES (?, 60, 0)", {one}).ok());
  EXPECT_EQ(keys->state(one).value(), State::live);
  EXPECT_EQ(keys->derive(one, "test").code(), Code::missing);
  EXPECT_EQ(keys->prepare(std::array{one}, {}).code(), Code::missing);
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(keys->state(one).value(), State::unknown) << "nobody bound it";
}

// A row that was minted and never bound, over a slot that holds another's key: the key stays.
TEST_F(Refusals, WhatIsForgottenTakesNobodysKeyAlong) {
  const auto key = subkey(owners_[1]);
  const OwnerId one = owner();
  ASSERT_TRUE(run("UPDATE keys_owner SET slot = 900 WHERE owner = ?", {owners_[1]}).ok());
  ASSERT_TRUE(run("INSERT INTO keys_owner (owner, slot, state) VALUES (?, 1, 0)", {one}).ok());
  EXPECT_EQ(check(*store, *holder, disk, kTreePath, kSilent)->findings[0].flaw, Flaw::owner_twice);
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(keys->state(one).value(), State::unknown);
  ASSERT_TRUE(run("DELETE FROM keys_slot WHERE slot = 1", {}).ok());
  ASSERT_TRUE(run("UPDATE keys_owner SET slot = 1 WHERE owner = ?", {owners_[1]}).ok());
  EXPECT_EQ(subkey(owners_[1]), key);
}

TEST_F(Refusals, ADamagedPageConcernsItsOwnersAndNotTheStart) {
  const auto many = settle(70);  // over two leaves; the first owners are on the first
  const OwnerId fresh = owner();
  keys->mint(std::array{fresh}).value();
  const auto file = disk.live();
  const auto roots = holder->read().value();
  const Root& root = roots[0] ? *roots[0] : *roots[1];
  const auto image = [&](std::uint64_t page) {
    return base::View(file.at(kTreePath)).subspan(page * kPageSize, kPageSize);
  };
  const Page top = Page::open(image(root.page), root.key.view()).value();
  const std::uint64_t second = top.slot(1).target;
  disk.flip_bit(kTreePath, second * kPageSize * 8 + 4000).value();
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(keys->derive(many.back(), "test").code(), Code::corrupt);
  EXPECT_FALSE(subkey(owners_[0]).empty());
  disk.flip_bit(kTreePath, second * kPageSize * 8 + 4000).value();
  // One that is cut off is damaged, too.
  ASSERT_TRUE(open().ok());
  disk.open(kTreePath, base::Open::update)
      .value()
      ->truncate(std::max(second, root.page) * kPageSize + 100)
      .value();
  EXPECT_EQ(keys->derive(second > root.page ? many.back() : owners_[0], "test").code(),
            Code::corrupt);
}

TEST_F(Refusals, AnErasureNamesWhoItReKeysAndHandsTheKeyToComeOn) {
  const base::SecretBytes under = base::SecretBytes::copy_of(base::Bytes(32, 7));
  const base::SecretBytes other = base::SecretBytes::copy_of(base::Bytes(32, 8));
  auto first = keys->prepare(std::array{owners_[0]}, std::array{owners_[1]}).value();
  EXPECT_EQ(first.next(owners_[2], "test").code(), Code::missing);
  EXPECT_EQ(first.next_generation(owners_[2]).code(), Code::missing);
  EXPECT_EQ(first.seal_next(owners_[2], under).code(), Code::missing);
  const base::Bytes sealed = first.seal_next(owners_[1], under).value();
  const std::string next = base::hex(first.next(owners_[1], "test")->view());
  intend(first, base::view("note")).value();
  auto moved = keys->prepare(std::array{owners_[2]}, {}).value();
  moved = std::move(first);  // gives back whom the other one had
  EXPECT_EQ(base::hex(moved.next(owners_[1], "test")->view()), next);
  {
    const Erasure ended = std::move(moved);
  }

  const auto left = keys->unfinished().value();
  ASSERT_EQ(left.size(), 1U);
  auto again = keys->resume(left[0]).value();
  EXPECT_NE(base::hex(again.next(owners_[1], "test")->view()), next);
  EXPECT_EQ(again.take_next(owners_[2], under, sealed).code(), Code::missing);
  EXPECT_EQ(again.take_next(owners_[1], under, base::View(sealed).first(59)).code(), Code::corrupt);
  EXPECT_EQ(again.take_next(owners_[1], other, sealed).code(), Code::corrupt);
  ASSERT_TRUE(again.take_next(owners_[1], under, sealed).ok());
  EXPECT_EQ(base::hex(again.next(owners_[1], "test")->view()), next);
  intend(again, base::view("note")).value();
  keys->commit(std::move(again)).value();
  EXPECT_EQ(subkey(owners_[1]), next);
}

TEST_F(Refusals, AnOwnerOfTwoThatAreReKeyedTakesHerOwnKey) {
  const base::SecretBytes under = base::SecretBytes::copy_of(base::Bytes(32, 7));
  auto both = keys->prepare({}, std::array{owners_[0], owners_[1]}).value();
  const base::Bytes sealed = both.seal_next(owners_[1], under).value();
  const std::string first = base::hex(both.next(owners_[0], "test")->view());
  ASSERT_TRUE(both.take_next(owners_[1], under, sealed).ok());
  EXPECT_EQ(base::hex(both.next(owners_[0], "test")->view()), first);
}

TEST_F(Refusals, AnIntentIsOfLiveOwnersAndIsClosedByThem) {
  EXPECT_EQ(finish(std::array{owner()}).code(), Code::missing);
  {
    auto erasure = prepare(owners_[0]);
    ASSERT_TRUE(run("UPDATE keys_owner SET state = 3 WHERE owner = ?", {owners_[0]}).ok());
    EXPECT_EQ(intend(erasure, base::view("note")).code(), Code::conflict);
    ASSERT_TRUE(run("UPDATE keys_owner SET state = 1 WHERE owner = ?", {owners_[0]}).ok());
  }
  auto erasure = keys->prepare(std::array{owners_[0], owners_[1]}, std::array{owners_[2]}).value();
  intend(erasure, base::view("note")).value();
  EXPECT_EQ(keys->open_intents()->size(), 1U);
  keys->commit(std::move(erasure)).value();
  EXPECT_TRUE(keys->open_intents()->empty());
  // Only one of the two is buried: what is left of the intent says so.
  ASSERT_TRUE(finish(std::array{owners_[0]}).ok());
  ASSERT_TRUE(open().ok());
  EXPECT_TRUE(keys->open_intents()->empty());
  const auto left = keys->unfinished().value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(left[0].destroyed);
  // Her row points to another's slot.
  swap_slots(owners_[1], owners_[3]);
  EXPECT_EQ(finish(std::array{owners_[1]}).code(), Code::conflict);
  EXPECT_EQ(looked(), Code::corrupt);
  EXPECT_TRUE(keys->open_intents()->empty());
  swap_slots(owners_[1], owners_[3]);
  ASSERT_TRUE(finish(std::array{owners_[1]}).ok());
  EXPECT_TRUE(keys->unfinished()->empty());
}

TEST_F(Refusals, AnIntentOfNobodyIsNotOpen) {
  ASSERT_TRUE(run("INSERT INTO keys_intent (intent, note) VALUES (5, x'00')", {}).ok());
  EXPECT_TRUE(keys->open_intents()->empty());
  const OwnerId one = owner();
  ASSERT_TRUE(run("INSERT INTO keys_part (intent, ordinal, owner, role, generation)"
                  " VALUES (5, 0, ?, 0, 0)",
                  {one})
                  .ok());
  EXPECT_TRUE(keys->open_intents()->empty());
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(looked(), Code::corrupt);
}

TEST_F(Refusals, AnIntentThatReKeysAloneIsOpenUntilItsCommit) {
  auto rotation = keys->prepare({}, std::array{owners_[0]}).value();
  intend(rotation, base::view("note")).value();
  EXPECT_EQ(keys->open_intents()->size(), 1U);
  keys->commit(std::move(rotation)).value();
  EXPECT_TRUE(keys->open_intents()->empty());
  ASSERT_TRUE(finish(std::array{owners_[0]}).ok());
  EXPECT_TRUE(keys->unfinished()->empty());
}

// A replica that cannot know holds back.
TEST_F(Refusals, AnIntentWhoseOwnerCannotBeReadIsOpen) {
  {
    auto erasure = prepare(owners_[0]);
    intend(erasure, base::view("note")).value();
  }
  const auto files = disk.live();
  ASSERT_TRUE(open().ok());
  disk.break_path(kTreePath);
  EXPECT_EQ(keys->open_intents().code(), Code::io);
  disk.mend_path(kTreePath);
  disk.open(kTreePath, base::Open::update).value()->truncate(0).value();
  EXPECT_EQ(keys->open_intents()->size(), 1U);
  disk.put(files);
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(keys->open_intents()->size(), 1U);
}

TEST_F(Refusals, AnIntentWhoseOwnerHasAnothersSlotIsNotOpen) {
  {
    auto erasure = prepare(owners_[0]);
    intend(erasure, base::view("note")).value();
  }
  swap_slots(owners_[0], owners_[3]);
  EXPECT_TRUE(keys->open_intents()->empty());
  swap_slots(owners_[0], owners_[3]);
  EXPECT_EQ(keys->open_intents()->size(), 1U);
}

TEST_F(Refusals, ATreeThatCannotBeReadIsSaidByWhoeverAsksIt) {
  {
    auto erasure = prepare(owners_[0]);
    intend(erasure, base::view("note")).value();
  }
  ASSERT_TRUE(open().ok());
  disk.break_path(kTreePath);
  EXPECT_EQ(finish(std::array{owners_[0]}).code(), Code::io);
  EXPECT_EQ(looked(), Code::io);
  EXPECT_EQ(keys->prepare(std::array{owners_[1]}, {}).code(), Code::io);
  // Her place was forgotten with that: it is looked up in the map, and read in the tree.
  EXPECT_EQ(keys->derive(owners_[1], "test").code(), Code::io);
  support::EveryFault every;
  every.fault.arm(0);
  EXPECT_EQ(keys->derive(owners_[1], "test").code(), Code::io);
  EXPECT_TRUE(every.fault.struck());
  every.fault.disarm();
  disk.mend_path(kTreePath);
  EXPECT_FALSE(subkey(owners_[1]).empty());
  EXPECT_EQ(keys->unfinished()->size(), 1U);
}

TEST_F(Refusals, StatementsThatErrAreToldAndLeaveTheMapAsItWas) {
  support::EveryFault every;
  for (std::uint64_t calls = 0; calls < 8; ++calls) {
    every.fault.arm(calls);
    const auto bound = bind(std::array{owner()});
    EXPECT_EQ(bound.code(), every.fault.struck() ? Code::io : Code::missing) << calls;
  }
  every.fault.disarm();
  OwnerId one;
  every.run(
      [&] { return store->write([&](store::Tx& tx) { return keys->claim(tx, std::array{one}); }); },
      [&](bool done) {
        EXPECT_EQ(keys->state(one).value(), done ? State::erased : State::unknown);
      },
      {.prepare = [&] { one = owner(); }});
  // With a slot that somebody left.
  every.run([&] { return keys->mint(std::array{one}); },
            [&](bool done) {
              if (!done) ASSERT_TRUE(keys->abandon(std::array{one}).ok());
              if (!done) EXPECT_EQ(keys->state(one).value(), State::unknown);
              if (done) ASSERT_TRUE(bind(std::array{one}).ok());
            },
            {.prepare = [&] {
              erase(settle(1)).value();
              one = owner();
            }});
}

TEST_F(Refusals, TheMapForgetsBindsAndBuriesOnlyWhoStandsSo) {
  const OwnerId one = owners_[0];
  EXPECT_EQ(store->write([&](store::Tx& tx) { return Owners::bury(tx, {one, 0}); }).code(),
            Code::conflict);
  ASSERT_TRUE(
      store->write([&](store::Tx& tx) { return Owners::forget(tx, std::array{OwnerSlot{one, 0}}); })
          .ok());
  EXPECT_EQ(keys->state(one).value(), State::live);
  ASSERT_TRUE(store
                  ->write([&](store::Tx& tx) -> Result<void> {
                    TRY(Owners::add_dormant(tx, {.slot = 50, .tag = 7}));
                    TRY(Owners::add_dormant(tx, {.slot = 51, .tag = 7}));
                    EXPECT_EQ(Owners::claim(tx, owner(), 7).code(), Code::conflict);
                    TRY(Owners::release_dormant(tx, 51));
                    TRY(Owners::release_dormant(tx, 51));  // twice is once
                    TRY(Owners::release_dormant(tx, 50));
                    return {};
                  })
                  .ok());
  EXPECT_EQ(keys->dormant().value(), 0U);
  // An id that is none.
  ASSERT_TRUE(run("INSERT INTO keys_owner (owner, slot, state) VALUES (x'00', 52, 1)", {}).ok());
  EXPECT_FALSE(keys->known({}, 10).ok());
}

TEST_F(Refusals, WhoIsBeingErasedIsKnownAsThat) {
  {
    auto erasure = prepare(owners_[0]);
    intend(erasure, base::view("note")).value();
  }
  const auto known = keys->known({}, 10).value();
  for (const Keys::Known& each : known)
    EXPECT_EQ(each.state, each.owner == owners_[0] ? State::erasing : State::live);
}

TEST_F(Refusals, ACommitThatCouldNotBeUndoneIsUndoneLater) {
  const OwnerId fresh = owner();
  disk.break_path(kRootPath);
  EXPECT_EQ(keys->mint(std::array{fresh}).code(), Code::io);
  EXPECT_EQ(keys->abandon(std::array{fresh}).code(), Code::unavailable);
  EXPECT_FALSE(subkey(owners_[0]).empty()) << "reading goes on";
  disk.mend_path(kRootPath);
  ASSERT_TRUE(keys->abandon(std::array{fresh}).ok());
  EXPECT_EQ(keys->state(fresh).value(), State::unknown);
  EXPECT_TRUE(check(*store, *holder, disk, kTreePath, kSilent)->whole());
}

TEST_F(Refusals, EveryFlawHasAName) {
  std::set<std::string> names;
  for (auto flaw = 0; flaw <= static_cast<int>(Flaw::intent_astray); ++flaw) {
    names.insert(name_of(static_cast<Flaw>(flaw)).c_str());
    EXPECT_STRNE(meaning_of(static_cast<Flaw>(flaw)).c_str(), "");
  }
  EXPECT_EQ(names.size(), 15U);
  EXPECT_STREQ(name_of(Flaw::intent_astray).c_str(), "intent_astray");
}

}  // namespace
}  // namespace keys

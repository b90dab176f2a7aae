// What keys refuse: a map and a tree that do not fit each other, pages in wrong places, intents
// without owners, and what nobody should ask. Nothing of it gives a key to anybody else.
#include <gtest/gtest.h>

#include <set>

#include "keys/check.h"
#include "keys/owners.h"
#include "keys/rewrap.h"
#include "keys/root_file.h"
#include "keys/split_root_holder.h"
#include "keys/subkeys.h"
#include "keys/testing.h"
#include "keys/wrap_testing.h"
#include "tests/support/every_fault.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;
using base::Result;
using Kind = Change::Kind;

const Progress kSilent = [](std::uint64_t, std::uint64_t) {};

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
  EXPECT_EQ(keys->state(one), State::live);
  EXPECT_EQ(keys->derive(one, "test").code(), Code::missing);
  EXPECT_EQ(keys->prepare(std::array{one}, {}).code(), Code::missing);
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(keys->state(one), State::unknown) << "nobody bound it";
}

// A row that was minted and never bound, over a slot that holds another's key: the key stays.
TEST_F(Refusals, WhatIsForgottenTakesNobodysKeyAlong) {
  const auto key = subkey(owners_[1]);
  const OwnerId one = owner();
  ASSERT_TRUE(run("UPDATE keys_owner SET slot = 900 WHERE owner = ?", {owners_[1]}).ok());
  ASSERT_TRUE(run("INSERT INTO keys_owner (owner, slot, state) VALUES (?, 1, 0)", {one}).ok());
  EXPECT_EQ(check(*store, *holder, disk, kTreePath, kSilent)->findings[0].flaw, Flaw::owner_twice);
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(keys->state(one), State::unknown);
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
  EXPECT_EQ(keys->unfinished().code(), Code::corrupt);
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
  EXPECT_EQ(keys->unfinished().code(), Code::corrupt);
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
  EXPECT_EQ(keys->unfinished().code(), Code::io);
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
      [&](bool done) { EXPECT_EQ(keys->state(one), done ? State::erased : State::unknown); },
      {.prepare = [&] { one = owner(); }});
  // With a slot that somebody left.
  every.run([&] { return keys->mint(std::array{one}); },
            [&](bool done) {
              if (!done) ASSERT_TRUE(keys->abandon(std::array{one}).ok());
              if (!done) EXPECT_EQ(keys->state(one), State::unknown);
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
  EXPECT_EQ(keys->state(one), State::live);
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
  EXPECT_EQ(keys->state(fresh), State::unknown);
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

TEST(SubkeysTest, KeepWhatTheyHave) {
  Subkeys subkeys;
  const OwnerId one = OwnerId::from(base::Bytes(16, 1)).value();
  const auto key = base::SecretBytes::copy_of(base::Bytes(32, 1));
  constexpr base::Literal kLabel("label");
  subkeys.put(0, one, kLabel, key);
  subkeys.put(0, one, kLabel, base::SecretBytes::copy_of(base::Bytes(32, 2)));
  EXPECT_TRUE(*subkeys.find(0, one, kLabel) == key);
  EXPECT_EQ(subkeys.owners(), 1U);
}

/// A tree whose pages can be written over, sealed as whoever holds the keys could.
class Misplaced : public testing::Test, protected TreeStage {
 protected:
  void make(std::initializer_list<std::uint64_t> slots) {
    create().value();
    for (const std::uint64_t slot : slots) change(Kind::mint, slot).value();
    const auto roots = holder->read().value();
    root_slot_ = roots[0] ? 0 : 1;
    root_ = {roots[root_slot_]->epoch, roots[root_slot_]->key.clone(), roots[root_slot_]->page};
    tree.reset();
  }
  Page opened(std::uint64_t number, base::View key) {
    const base::Bytes file = disk.live().at(kTreePath);
    return Page::open(base::View(file).subspan(number * kPageSize, kPageSize), key).value();
  }
  void write(std::uint64_t number, base::View key, const Page& page) {
    const auto file = disk.open(kTreePath, base::Open::update).value();
    file->write_at(number * kPageSize, page.seal(key)).value();
  }
  Page top() { return opened(root_.page, root_.key.view()); }
  void set_top(std::size_t number, const Slot& slot) {
    Page page = top();
    page.set(number, slot);
    write(root_.page, root_.key.view(), page);
  }
  Code open_code() {
    const auto opened = open();
    return opened.ok() ? Code::internal : opened.code();
  }
  CheckReport look() {
    store::TemporaryStore fresh({Keys::schema()});
    return check(*fresh, *holder, disk, kTreePath, kSilent).value();
  }
  bool found(Flaw flaw) {
    const auto report = look();
    return std::ranges::count(report.findings, flaw, &Finding::flaw) > 0;
  }
  Result<Root> follow() {
    return tree->follow(0, [](std::uint64_t, base::View) { return Result<void>(); });
  }

  std::size_t root_slot_ = 0;
  Root root_;
};

TEST_F(Misplaced, APageInTheRootsPlaceIsNoRoot) {
  make({0});
  Page other(PageName{0, 1, top().name().tree});
  write(root_.page, root_.key.view(), other);
  EXPECT_EQ(open_code(), Code::corrupt);
  EXPECT_TRUE(found(Flaw::page_misplaced));
}

TEST_F(Misplaced, APageOfAnotherTreeIsNotTaken) {
  make({0, 100});
  const Page page = top();
  const Slot slot = page.slot(1);
  PageName name = opened(slot.target, slot.key).name();
  name.tree[0] ^= 1;
  write(slot.target, slot.key, Page(name));
  EXPECT_TRUE(found(Flaw::page_misplaced));
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(tree->read(100).code(), Code::corrupt);
  EXPECT_EQ(tree->read(0)->kind, SlotKind::live);
}

TEST_F(Misplaced, APageThatHangsTwiceOrBeyondTheEndStopsTheStart) {
  make({0, 100});
  const base::SecretBytes key = base::SecretBytes::copy_of(top().slot(0).key);
  const std::uint64_t target = top().slot(0).target;
  set_top(1, {SlotKind::live, key.view(), target, 1});
  EXPECT_EQ(open_code(), Code::corrupt);
  set_top(1, {SlotKind::live, key.view(), 1'000'000, 1});
  EXPECT_EQ(open_code(), Code::corrupt);
}

// Above the leaves: two pages of the middle change places, and one is damaged.
TEST_F(Misplaced, PagesOfTheMiddleAreHeldToTheirPlace) {
  make({0, 5'000, 70'000, 300'000});
  EXPECT_EQ(top().name().level, 3);
  ASSERT_TRUE(open().ok());
  ASSERT_TRUE(follow().ok());
  const Page before = top();
  const Slot first = before.slot(0);
  const Slot second = before.slot(1);
  tree.reset();
  set_top(0, second);
  set_top(1, first);
  EXPECT_EQ(open_code(), Code::corrupt);
  EXPECT_TRUE(found(Flaw::page_misplaced));
  write(root_.page, root_.key.view(), before);
  ASSERT_TRUE(open().ok());
  set_top(0, second);
  set_top(1, first);
  EXPECT_EQ(follow().code(), Code::corrupt) << "it was moved while the tree was open";
  write(root_.page, root_.key.view(), before);
  ASSERT_TRUE(follow().ok());
  // The page of level 1 below the first one of level 2.
  const Page middle = opened(first.target, first.key);
  ASSERT_EQ(middle.name().level, 2);
  const std::uint64_t lower = middle.slot(0).target;
  disk.flip_bit(kTreePath, lower * kPageSize * 8 + 4000).value();
  EXPECT_EQ(follow().code(), Code::corrupt);
  EXPECT_EQ(open_code(), Code::corrupt);
  disk.flip_bit(kTreePath, lower * kPageSize * 8 + 4000).value();
  support::EveryFault every;
  base::SingleFaultDisk failing(disk, every.fault);
  every.run(
      [&]() -> Result<void> {
        const Tree::Parts faulty{*holder, failing, wait, entropy};
        TRY(Tree::open(faulty, kTreePath, 0));
        return {};
      },
      [](bool) {}, {});
}

TEST_F(Misplaced, AChangeThatDoesNotFitItsSlotIsRefusedAndNothingIsChanged) {
  make({0, 1});
  ASSERT_TRUE(open().ok());
  const base::SecretBytes key = base::SecretBytes::copy_of(base::Bytes(32, 7));
  const std::uint64_t epoch = tree->epoch();
  EXPECT_EQ(commit({{Kind::rekey, 5, tag(5), key.view()}}).code(), Code::corrupt) << "empty";
  EXPECT_EQ(commit({{Kind::rekey, 0, tag(1), key.view()}}).code(), Code::corrupt) << "another's";
  EXPECT_EQ(commit({{Kind::erase, 5, tag(5)}}).code(), Code::corrupt);
  EXPECT_EQ(commit({{Kind::mint, 0, tag(0)}}).code(), Code::corrupt) << "over a key";
  EXPECT_EQ(tree->epoch(), epoch);
  ASSERT_TRUE(change(Kind::erase, 0).ok());
  EXPECT_EQ(commit({{Kind::rekey, 0, tag(0), key.view()}}).code(), Code::corrupt) << "erased";
}

// Slots that no map can name: the store's numbers have a sign.
TEST_F(Misplaced, ATreeOfAllSixtyFourBitsIsChecked) {
  make({0, 1ULL << 62U, 1ULL << 63U});
  EXPECT_EQ(top().name().level, 10);
  EXPECT_TRUE(found(Flaw::page_misplaced));
  EXPECT_TRUE(found(Flaw::key_of_nobody));
  EXPECT_EQ(look().keys_live, 2U);
  Page other(PageName{10, 1, top().name().tree});
  write(root_.page, root_.key.view(), other);
  EXPECT_TRUE(found(Flaw::page_misplaced));
}

TEST_F(Misplaced, AnErasureFromTheFutureIsAFlaw) {
  make({0});
  Page page = top();
  page.set(0, {SlotKind::erased, base::Bytes(32), tag(0), 1000});
  write(root_.page, root_.key.view(), page);
  EXPECT_TRUE(found(Flaw::from_future));
}

TEST_F(Misplaced, AnOlderRootInEitherSlotIsSeen) {
  make({0});
  holder->write(1 - root_slot_, {1, root_.key.clone(), root_.page}).value();
  EXPECT_TRUE(look().older_root_stands);
  EXPECT_EQ(look().epoch, root_.epoch);
  ASSERT_TRUE(open().ok());
  ASSERT_TRUE(change(Kind::mint, 1).ok());  // the newer one is in the other slot now
  tree.reset();
  auto roots = holder->read().value();
  const std::size_t now = roots[0] ? 0 : 1;
  EXPECT_NE(now, root_slot_);
  holder->write(1 - now, {1, root_.key.clone(), root_.page}).value();
  EXPECT_TRUE(look().older_root_stands);
  EXPECT_EQ(look().epoch, roots[now]->epoch);
  holder->destroy(0).value();
  holder->destroy(1).value();
  EXPECT_TRUE(look().whole()) << "no root, and nobody who needs one";
}

class CheckFaults : public testing::Test, protected Stage {};

// A check of a damaged tree that meets an error as well says so, or tells of the damage.
TEST_F(CheckFaults, ErrOrTellOfTheDamage) {
  open().value();
  const auto owners = settle(70);
  store
      ->write([&](store::Tx& tx) -> Result<void> {
        // An owner beyond the tree, a key of nobody, a dormant slot that is empty, and a minted
        // row.
        TRY(tx.run("UPDATE keys_owner SET slot = 9999 WHERE owner = ?", {owners[0]}));
        TRY(tx.run("DELETE FROM keys_owner WHERE owner = ?", {owners[1]}));
        TRY(tx.run("INSERT INTO keys_dormant (slot, tag) VALUES (100, 7)", {}));
        TRY(tx.run("UPDATE keys_owner SET owner = ?, state = 0 WHERE owner = ?",
                   {owner(), owners[2]}));
        return {};
      })
      .value();
  support::EveryFault every;
  base::SingleFaultDisk failing(disk, every.fault);
  std::uint64_t told = 0;
  every.run(
      [&]() -> Result<void> {
        const auto report = TRY(check(*store, *holder, failing, kTreePath, kSilent));
        EXPECT_FALSE(report.whole());
        ++told;
        return {};
      },
      [](bool) {}, {});
  EXPECT_GT(told, 0U);
  holder->destroy(0).value();
  holder->destroy(1).value();
  every.run(
      [&]() -> Result<void> {
        const auto report = TRY(check(*store, *holder, failing, kTreePath, kSilent));
        EXPECT_EQ(report.findings.front().flaw, Flaw::no_root);
        return {};
      },
      [](bool) {}, {});
}

/// A file that takes writes and gives other bytes back, as many as it likes.
class OtherFile final : public base::File {
 public:
  explicit OtherFile(std::size_t gives) : gives_(gives) {}
  Result<std::size_t> read_at(std::uint64_t, base::Mutable out) override {
    std::ranges::fill(out, std::uint8_t{0xff});
    return std::min(gives_, out.size());
  }
  Result<void> write_at(std::uint64_t, base::View) override { return {}; }
  Result<std::uint64_t> size() override { return std::uint64_t{kRootSlots * kRootBlockSize}; }
  Result<void> truncate(std::uint64_t) override { return {}; }
  Result<void> sync() override { return {}; }

 private:
  std::size_t gives_;
};

class OtherDisk final : public base::Disk {
 public:
  Result<std::unique_ptr<base::File>> open(const std::string&, base::Open) override {
    return std::unique_ptr<base::File>(new OtherFile(SIZE_MAX));
  }
  Result<void> make_directory(const std::string&) override { return {}; }
  Result<void> rename(const std::string&, const std::string&) override { return {}; }
  Result<void> remove(const std::string&) override { return {}; }
  Result<void> remove_directory(const std::string&) override { return {}; }
  Result<std::vector<std::string>> list(const std::string&) override {
    return std::vector<std::string>();
  }
  Result<bool> exists(const std::string&) override { return true; }
  Result<void> sync_directory(const std::string&) override { return {}; }
  Result<void> sync_all(const std::string&) override { return {}; }
};

TEST(RootRefusals, WhatDoesNotReadBackIsNeitherWrittenNorDestroyed) {
  OtherFile other(SIZE_MAX);
  OtherFile shorter(100);
  EXPECT_EQ(replace_root_block(other, 0, base::Bytes(kRootBlockSize)).code(), Code::io);
  EXPECT_EQ(replace_root_block(shorter, 0, base::Bytes(kRootBlockSize, 0xff)).code(), Code::io);
  OtherDisk disk;
  EXPECT_EQ(destroy_root_file(disk, {kRootDirectory}).code(), Code::io);
}

TEST(RootRefusals, AFileThatIsCutOffHoldsNoRoot) {
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  const auto holder = FileRootHolder::open(disk, kRootDirectory).value();
  holder->write(0, {5, base::SecretBytes(32), 3}).value();
  disk.open(kRootPath, base::Open::update).value()->truncate(10).value();
  const auto roots = holder->read().value();
  EXPECT_TRUE(!roots[0] && !roots[1]);
}

TEST(RootRefusals, APassphraseThatCostsMoreThanThereIsChangesNothing) {
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  const base::SecretBytes secret = base::SecretBytes::copy_of(base::view("correct horse"));
  const Wrapping dear{secret, entropy, {.passes = 1, .memory_bytes = std::size_t{1} << 60}};
  const RootFile where{kRootDirectory};
  EXPECT_EQ(FileRootHolder::open(disk, where, &dear).code(), Code::exhausted);
  const auto holder = FileRootHolder::open(disk, kRootDirectory).value();
  EXPECT_EQ(rewrap(disk, where, nullptr, nullptr).code(), Code::missing) << "no root";
  holder->write(1, {5, base::SecretBytes(32), 3}).value();
  EXPECT_EQ(rewrap(disk, where, nullptr, &dear).code(), Code::exhausted);
  EXPECT_EQ(holder->read().value()[1]->epoch, 5U);
  // One root of two is carried over alone.
  const CheapWrapping horse("correct horse");
  ASSERT_TRUE(rewrap(disk, where, nullptr, horse.get()).ok());
  const auto wrapped = FileRootHolder::open(disk, where, horse.get()).value()->read().value();
  EXPECT_TRUE(!wrapped[0] && wrapped[1] && wrapped[1]->epoch == 5);
}

TEST(RootRefusals, ASecondShareAloneMakesNoRoot) {
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  const auto first = FileRootHolder::open(disk, kRootDirectory).value();
  const auto second = FileRootHolder::open(disk, {kRootDirectory, "rest.ktn"}, nullptr).value();
  SplitRootHolder split(*first, *second, entropy);
  for (const std::size_t slot : {0UL, 1UL}) {
    split.write(slot, {5, base::SecretBytes(32), 3}).value();
    second->destroy(0).value();
    EXPECT_EQ(split.read().code(), Code::missing);
    EXPECT_EQ(split.write(1 - slot, {6, base::SecretBytes(32), 3}).code(), Code::missing);
    split.destroy(slot).value();
    ASSERT_TRUE(split.read().ok());
  }
}

}  // namespace
}  // namespace keys

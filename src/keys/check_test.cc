#include "keys/check.h"

#include <gtest/gtest.h>

#include "keys/owners.h"
#include "keys/testing.h"
#include "tests/support/every_fault.h"

namespace keys {
namespace {

using base::Code;
using base::Result;

/// A tree of two levels with 70 owners: a root page, a full leaf and one of six slots.
class CheckTest : public testing::Test, protected Stage {
 protected:
  CheckTest() {
    open().value();
    owners = settle(70);
    first = leaf(0);
    second = leaf(1);
  }

  base::Result<CheckReport> look() {
    return check(*store, *holder, disk, kTreePath, [this](std::uint64_t done, std::uint64_t total) {
      EXPECT_LE(done, total);
      progress = done;
    });
  }
  std::vector<Flaw> flaws() {
    const auto report = look().value();
    std::vector<Flaw> found;
    for (const Finding& finding : report.findings) found.push_back(finding.flaw);
    EXPECT_EQ(report.flaws, found.size());
    EXPECT_EQ(report.whole(), found.empty());
    return found;
  }
  using Flaws = std::vector<Flaw>;

  /// A page of the file and the key that opens it.
  struct Place {
    std::uint64_t page = 0;
    base::SecretBytes key;
  };
  Place root() {
    auto roots = holder->read().value();
    auto& one = roots[0] ? roots[0] : roots[1];
    return {one->page, std::move(one->key)};
  }
  Page opened(const Place& place) {
    const base::Bytes file = disk.live().at(kTreePath);
    return Page::open(base::View(file).subspan(place.page * kPageSize, kPageSize), place.key.view())
        .value();
  }
  Place leaf(std::size_t number) {
    const Page page = opened(root());
    EXPECT_EQ(page.name().level, 1);
    return {page.slot(number).target, base::SecretBytes::copy_of(page.slot(number).key)};
  }
  /// Writes a page over another, sealed as whoever holds the keys could.
  void write(const Place& place, const Page& page) {
    auto file = disk.open(kTreePath, base::Open::update).value();
    file->write_at(place.page * kPageSize, page.seal(place.key.view())).value();
  }
  void set(const Place& place, std::size_t number, const Slot& slot) {
    Page page = opened(place);
    page.set(number, slot);
    write(place, page);
  }
  /// Copies a slot's contents onto another, in one page or two.
  void copy_slot(const Place& from, std::size_t from_slot, const Place& to, std::size_t to_slot) {
    const Page source = opened(from);
    set(to, to_slot, source.slot(from_slot));
  }
  /// As if that slot had never been used.
  void empty(const Place& place, std::size_t number) {
    const Page before = opened(place);
    Page page(before.name());
    for (std::size_t slot = 0; slot < kFanout; ++slot)
      if (slot != number && before.slot(slot).kind != SlotKind::empty)
        page.set(slot, before.slot(slot));
    write(place, page);
  }
  void run(base::Literal sql, std::initializer_list<store::Value> values) {
    store
        ->write([&](store::Tx& tx) -> base::Result<void> {
          EXPECT_EQ(tx.run(sql, values).value(), 1);
          return {};
        })
        .value();
  }

  const base::Bytes zeros = base::Bytes(kKeySize);
  std::vector<base::OwnerId> owners;
  Place first;
  Place second;
  std::uint64_t progress = 0;
};

TEST_F(CheckTest, FindsAWholeTreeWhole) {
  const auto report = look().value();
  EXPECT_TRUE(report.whole());
  EXPECT_EQ(report.epoch, keys->epoch());
  EXPECT_EQ(report.pages_reached, 3U);
  EXPECT_EQ(report.pages_reached + report.pages_free, disk.live().at(kTreePath).size() / kPageSize);
  EXPECT_EQ(report.keys_live, 70U);
  EXPECT_EQ(report.owners_unreadable, 0U);
  EXPECT_FALSE(report.older_root_stands);
  EXPECT_EQ(progress, 3U);
}

TEST_F(CheckTest, ChangesNothing) {
  const auto before = disk.live();
  look().value();
  EXPECT_EQ(disk.live(), before);
}

TEST_F(CheckTest, FindsEveryHonestStateWhole) {
  // Minted and not bound, erasing before its commit and after it, erased, a slot that is free.
  const std::vector<base::OwnerId> minted = {owner()};
  keys->mint(minted).value();
  EXPECT_EQ(flaws(), Flaws{});
  erase(std::array{owners[1]}).value();
  EXPECT_EQ(flaws(), Flaws{});
  Erasure erasure = keys->prepare(std::array{owners[2]}, std::array{owners[3]}).value();
  intend(erasure, base::view("note")).value();
  EXPECT_EQ(flaws(), Flaws{});
  keys->commit(std::move(erasure)).value();
  EXPECT_EQ(flaws(), Flaws{});
  finish(std::array{owners[2]}).value();
  EXPECT_EQ(flaws(), Flaws{});
  crash().value();
  EXPECT_EQ(flaws(), Flaws{});
}

TEST_F(CheckTest, FindsAFlippedBitInEveryPage) {
  for (const std::uint64_t bit : {0U, 700U, 8U * 4095U}) {
    for (const Place* place : {&first, &second}) {
      disk.flip_bit(kTreePath, place->page * kPageSize * 8 + bit).value();
      const auto report = look().value();
      ASSERT_EQ(report.flaws, 1U);
      EXPECT_EQ(report.findings[0].flaw, Flaw::page_sealed);
      EXPECT_EQ(report.findings[0].page, place->page);
      EXPECT_EQ(report.owners_unreadable, place == &first ? 64U : 6U);
      disk.flip_bit(kTreePath, place->page * kPageSize * 8 + bit).value();
    }
  }
  disk.flip_bit(kTreePath, root().page * kPageSize * 8 + 5000).value();
  EXPECT_EQ(flaws(), Flaws{Flaw::page_sealed});
  EXPECT_EQ(look()->owners_unreadable, 70U);
}

TEST_F(CheckTest, FindsAPageThatHangsTwice) {
  copy_slot(root(), 0, root(), 1);
  EXPECT_EQ(flaws(), Flaws{Flaw::page_twice});
  EXPECT_EQ(look()->owners_unreadable, 6U);
}

TEST_F(CheckTest, FindsAPageInAnothersPlace) {
  copy_slot(root(), 1, root(), 2);
  empty(root(), 1);
  EXPECT_EQ(flaws(), (Flaws{Flaw::key_missing, Flaw::page_misplaced}));
}

TEST_F(CheckTest, FindsAMissingPage) {
  empty(root(), 1);
  EXPECT_EQ(flaws(), Flaws{Flaw::key_missing});
  EXPECT_EQ(look()->owners_unreadable, 6U);
}

TEST_F(CheckTest, FindsAPageBehindTheEnd) {
  set(root(), 1, {SlotKind::live, second.key.view(), 1'000'000, 2});
  EXPECT_EQ(flaws(), Flaws{Flaw::page_beyond});
}

TEST_F(CheckTest, FindsAnEpochFromTheFuture) {
  set(root(), 1, {SlotKind::live, second.key.view(), second.page, keys->epoch() + 1});
  EXPECT_EQ(flaws(), Flaws{Flaw::from_future});
}

TEST_F(CheckTest, FindsAnOwnerTwice) {
  copy_slot(first, 3, second, 40);
  const auto report = look().value();
  ASSERT_EQ(report.flaws, 1U);
  EXPECT_EQ(report.findings[0].flaw, Flaw::owner_twice);
  EXPECT_EQ(report.findings[0].slot, 64U + 40U);
}

TEST_F(CheckTest, FindsAnOwnersKeyInPlaceOfAnothers) {
  copy_slot(first, 3, first, 4);
  EXPECT_EQ(flaws(), (Flaws{Flaw::owner_twice, Flaw::key_missing}));
}

TEST_F(CheckTest, FindsAKeyOfNobody) {
  set(second, 40, {SlotKind::live, second.key.view(), 12345, 0});
  EXPECT_EQ(flaws(), Flaws{Flaw::key_of_nobody});
}

TEST_F(CheckTest, FindsAKeyThatIsGone) {
  empty(first, 3);
  EXPECT_EQ(flaws(), Flaws{Flaw::key_missing});
  const Page page = opened(first);
  set(first, 4, {SlotKind::erased, base::View(zeros), page.slot(4).target, 2});
  EXPECT_EQ(flaws(), (Flaws{Flaw::key_missing, Flaw::key_missing}));
}

TEST_F(CheckTest, FindsAKeyThatAnErasureLeft) {
  const Page before = opened(first);
  erase(std::array{owners[0]}).value();
  const Place now = leaf(0);
  for (std::size_t slot = 0; slot < kFanout; ++slot)
    if (opened(now).slot(slot).kind == SlotKind::erased) set(now, slot, before.slot(slot));
  EXPECT_EQ(flaws(), Flaws{Flaw::key_of_nobody});
}

TEST_F(CheckTest, FindsAMapThatDoesNotFit) {
  run("DELETE FROM keys_owner WHERE owner = ?", {owners[0]});
  EXPECT_EQ(flaws(), Flaws{Flaw::key_of_nobody});
}

TEST_F(CheckTest, FindsAnOwnerBeyondTheTree) {
  run("UPDATE keys_owner SET slot = 9999 WHERE owner = ?", {owners[0]});
  EXPECT_EQ(flaws(), (Flaws{Flaw::owner_twice, Flaw::key_missing}));
}

TEST_F(CheckTest, FindsFreeSlotsThatAreNot) {
  run("INSERT INTO keys_slot (slot) VALUES (?)", {3});
  EXPECT_EQ(flaws(), Flaws{Flaw::slot_twice});
}

TEST_F(CheckTest, FindsASlotThatIsLost) {
  erase(std::array{owners[0]}).value();
  run("DELETE FROM keys_slot", {});
  EXPECT_EQ(flaws(), Flaws{Flaw::slot_lost});
}

TEST_F(CheckTest, FindsRowsAndIntentsAstray) {
  run("UPDATE keys_owner SET state = ? WHERE owner = ?", {Standing::erasing, owners[0]});
  EXPECT_EQ(flaws(), Flaws{Flaw::intent_missing});
  run("UPDATE keys_owner SET state = ? WHERE owner = ?", {Standing::live, owners[0]});
  const Erasure erasure = keys->prepare(std::array{owners[2]}, {}).value();
  intend(erasure, base::view("note")).value();
  run("UPDATE keys_owner SET state = ? WHERE owner = ?", {Standing::live, owners[2]});
  EXPECT_EQ(flaws(), Flaws{Flaw::intent_astray});
  run("UPDATE keys_owner SET state = ? WHERE owner = ?", {Standing::erasing, owners[2]});
  run("INSERT INTO keys_owner (owner, slot, state) VALUES (?, 500, 3)", {owner()});
  EXPECT_EQ(flaws(), Flaws{Flaw::row_malformed});
}

TEST_F(CheckTest, FindsARootThatIsGoneOrOlder) {
  run("INSERT INTO keys_epoch (ordinal, epoch) VALUES (0, 1000)", {});
  EXPECT_EQ(flaws(), Flaws{Flaw::rolled_back});
  run("DELETE FROM keys_epoch", {});
  holder->destroy(0).value();
  holder->destroy(1).value();
  EXPECT_EQ(flaws(), Flaws{Flaw::no_root});
}

TEST_F(CheckTest, SaysThatAnOlderRootStands) {
  const Place place = root();
  const std::size_t idle = holder->read().value()[0] ? 1 : 0;
  holder->write(idle, {.epoch = 1, .key = place.key.clone(), .page = 99}).value();
  EXPECT_EQ(flaws(), Flaws{});
  EXPECT_TRUE(look()->older_root_stands);
}

TEST_F(CheckTest, RefusesWhereTheFileIsMissing) {
  disk.remove(kTreePath).value();
  EXPECT_EQ(look().code(), Code::missing);
}

TEST(CheckReport, KeepsTheFirstFindings) {
  CheckReport report;
  for (std::size_t i = 0; i < CheckReport::findings_max + 5; ++i) report.add({});
  EXPECT_EQ(report.flaws, CheckReport::findings_max + 5);
  EXPECT_EQ(report.findings.size(), CheckReport::findings_max);
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

}  // namespace
}  // namespace keys

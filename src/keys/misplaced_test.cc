// Pages in wrong places, sealed as whoever holds the keys could, and changes that do not fit their
// slot: the tree takes none of them, and a check tells of them.
#include <gtest/gtest.h>

#include "keys/check.h"
#include "keys/testing.h"
#include "tests/support/every_fault.h"

namespace keys {
namespace {

using base::Code;
using base::Result;
using Kind = Change::Kind;

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

}  // namespace
}  // namespace keys

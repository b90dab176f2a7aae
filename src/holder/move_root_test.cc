#include "holder/move_root.h"

#include <gtest/gtest.h>

#include "holder/testing.h"

namespace holder {
namespace {

using base::Code;

keys::Root sample(std::uint64_t epoch) {
  base::SecretBytes key(32);
  for (std::uint8_t& byte : key.mutable_view()) byte = static_cast<std::uint8_t>(epoch + 0xb0);
  return {.epoch = epoch, .key = std::move(key), .page = epoch * 3};
}

/// A server's root directory and two holders that it knows.
struct MoveStage : RootStage {
  MoveStage() {
    first.pair_with(disk, "root", "oslo");
    second.pair_with(disk, "root", "bergen");
  }
  void settle(const std::string& choice, const keys::Wrapping* wrapping) {
    open(choice, Tree::is_to_be_made, wrapping).value()->write(1, sample(5)).value();
  }
  base::Result<void> move(const std::string& to, const keys::Wrapping* wrapping = nullptr) {
    return move_root(parts(wrapping), "root", parse_choice(to).value());
  }
  /// As after the power came back: what the next start finds, and whether it is `to`.
  bool moved(const std::string& to, const keys::Wrapping* wrapping) {
    for (const keys::Wrapping* each : {wrapping, static_cast<const keys::Wrapping*>(nullptr)}) {
      auto holder = open("", Tree::is_there, each);
      if (!holder.ok()) continue;
      const auto roots = (*holder)->read().value();
      EXPECT_TRUE(roots[0].has_value() != roots[1].has_value());
      const auto& root = roots[0] ? roots[0] : roots[1];
      EXPECT_TRUE(root->epoch == 5 && root->page == 15 && root->key == sample(5).key);
      EXPECT_FALSE(remembered(disk, "root").value().clear);
      return remembered_choice(disk, "root").value() == parse_choice(to).value();
    }
    ADD_FAILURE() << "the root is nowhere";
    return false;
  }
  keys::RootHolder& open_elsewhere(const std::string& choice) {
    elsewhere = open_choice(parts(), "root", parse_choice(choice).value()).value();
    return *elsewhere;
  }
  /// In how many places something stands that may be a root, or a share.
  int places() {
    int count = 0;
    for (const char* name : {"root/root.ktn", "root/share.ktn"})
      if (const auto files = disk.live(); files.contains(name)) ++count;
    for (ServedHolder* holder : {&first, &second}) {
      const auto roots = holder->roots();
      if (roots[0] || roots[1]) ++count;
    }
    return count;
  }
  ServedHolder first;
  ServedHolder second;
  std::unique_ptr<keys::RootHolder> elsewhere;
};

struct Way {
  std::string from;
  std::string to;
  bool wrapped = false;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.from << " to " << way.to; }

class MoveRootTest : public testing::TestWithParam<Way> {};

TEST_P(MoveRootTest, ACrashLeavesTheRootInOnePlace) {
  const Way& way = GetParam();
  const keys::CheapWrapping horse("correct horse");
  const keys::Wrapping* wrapping = way.wrapped ? horse.get() : nullptr;
  const auto first_of = [&](const std::string& text) {
    return in_a_file(parse_choice(text).value()) ? wrapping : nullptr;
  };
  int stayed = 0;
  int moved = 0;
  for (std::uint64_t operations = 0;; ++operations) {
    ASSERT_LT(operations, 200U);
    MoveStage stage;
    stage.settle(way.from, first_of(way.from));
    stage.disk.fail_after(operations);
    const bool done = stage.move(way.to, wrapping).ok();
    stage.disk.crash(stage.entropy);
    const bool there = stage.moved(way.to, wrapping);
    ASSERT_FALSE(HasFailure()) << operations;
    ++(there ? moved : stayed);
    // No copy stands anywhere else: one place, or two where the root is split.
    const Choice now = remembered_choice(stage.disk, "root").value();
    ASSERT_EQ(stage.places(), static_cast<int>(now.places.size())) << operations;
    if (!done) continue;
    ASSERT_TRUE(there);
    break;
  }
  EXPECT_GT(stayed, 5);
  EXPECT_GT(moved, 1);
}

INSTANTIATE_TEST_SUITE_P(Ways, MoveRootTest,
                         testing::Values(Way{"file", "remote:oslo"}, Way{"remote:oslo", "file"},
                                         Way{"file", "split:file,remote:oslo"},
                                         Way{"split:file,remote:oslo", "file"},
                                         Way{"remote:oslo", "remote:bergen"},
                                         Way{"file", "split:remote:oslo,remote:bergen"},
                                         Way{"file", "remote:oslo", true},
                                         Way{"file", "split:file,remote:oslo", true},
                                         Way{"remote:oslo", "file", true}));

TEST(MoveRoot, RefusesWhatOverlaps) {
  MoveStage stage;
  stage.settle("split:file,remote:oslo", nullptr);
  const auto before = stage.disk.live();
  EXPECT_EQ(stage.move("split:file,remote:oslo").code(), Code::conflict);
  EXPECT_EQ(stage.move("remote:oslo").code(), Code::conflict);
  EXPECT_EQ(stage.move("split:file,remote:bergen").code(), Code::conflict);
  EXPECT_EQ(stage.move("remote:nowhere").code(), Code::missing);
  EXPECT_EQ(stage.disk.live(), before);
  stage.move("remote:bergen").value();
  stage.first.pair_with(stage.disk, "root", "again");
  stage.move("remote:oslo").value();
  EXPECT_EQ(stage.move("remote:again").code(), Code::conflict) << "one holder by two names";
}

TEST(MoveRoot, AHolderThatIsAwayChangesNothing) {
  MoveStage stage;
  stage.settle("file", nullptr);
  stage.first.stop();
  const auto before = stage.disk.live();
  EXPECT_EQ(stage.move("remote:oslo").code(), Code::unavailable);
  EXPECT_EQ(stage.move("split:file,remote:oslo").code(), Code::unavailable);
  EXPECT_EQ(stage.disk.live(), before);
  EXPECT_TRUE(stage.open("", Tree::is_there).ok());
}

// Nothing is committed while a copy that is not in force may stand: it would open what is erased.
TEST(MoveRoot, AStartWaitsForTheCopyToBeDestroyed) {
  MoveStage stage;
  stage.settle("file", nullptr);
  stage.first.disk.break_path("holder/root.ktn");
  remember(stage.disk, "root", {.choice = {}, .clear = parse_choice("remote:oslo").value()})
      .value();
  EXPECT_FALSE(stage.open("", Tree::is_there).ok());
  stage.first.disk.mend_path("holder/root.ktn");
  EXPECT_TRUE(stage.open("", Tree::is_there).ok());
}

// Its holder is gone for good, and no start may wait for it for ever.
TEST(MoveRoot, AHolderThatIsGoneIsAbandoned) {
  MoveStage stage;
  stage.settle("file", nullptr);
  const auto wait_for = [&](const std::string& text) {
    remember(stage.disk, "root", {.choice = {}, .clear = parse_choice(text).value()}).value();
  };
  const auto abandon = [&](const std::string& name) {
    return abandon_holder(stage.parts(), "root", name);
  };
  EXPECT_EQ(abandon("oslo").code(), Code::missing) << "no move is under way";
  wait_for("remote:oslo");
  stage.first.stop();
  ASSERT_EQ(stage.open("", Tree::is_there).code(), Code::unavailable);
  EXPECT_EQ(abandon("bergen").code(), Code::missing);
  EXPECT_FALSE(stage.open("", Tree::is_there).ok());
  EXPECT_FALSE(abandon("oslo").value());
  EXPECT_TRUE(stage.moved("file", nullptr));
  // A share of a copy is there as well, and one place more: these are cleared first.
  stage.disk.put({{"root/share.ktn", base::Bytes(8192, 1)}});
  wait_for("split:file,remote:oslo");
  EXPECT_FALSE(abandon("oslo").value());
  EXPECT_FALSE(stage.disk.live().contains("root/share.ktn"));
  EXPECT_TRUE(stage.moved("file", nullptr));
  wait_for("split:remote:bergen,remote:oslo");
  stage.second.stop();
  EXPECT_EQ(abandon("oslo").code(), Code::unavailable) << "another is away, and may come back";
  EXPECT_TRUE(remembered(stage.disk, "root").value().clear);
}

TEST(MoveRoot, AHolderThatAnswersDestroysWhatItHas) {
  MoveStage stage;
  stage.settle("file", nullptr);
  stage.open_elsewhere("remote:oslo").write(0, sample(4)).value();
  remember(stage.disk, "root", {.choice = {}, .clear = parse_choice("remote:oslo").value()})
      .value();
  EXPECT_TRUE(abandon_holder(stage.parts(), "root", "oslo").value());
  EXPECT_EQ(stage.places(), 1);
}

TEST(MoveRoot, WhoeverKeepsTheRootIsNotAbandoned) {
  for (const char* choice : {"remote:oslo", "split:file,remote:oslo"}) {
    MoveStage stage;
    stage.settle(choice, nullptr);
    const auto now = remembered_choice(stage.disk, "root").value();
    const auto clear = parse_choice("remote:bergen").value();
    remember(stage.disk, "root", {.choice = now, .clear = clear}).value();
    stage.first.pair_with(stage.disk, "root", "again");
    const auto before = stage.disk.live();
    stage.first.stop();
    EXPECT_EQ(abandon_holder(stage.parts(), "root", "oslo").code(), Code::conflict);
    EXPECT_EQ(abandon_holder(stage.parts(), "root", "again").code(), Code::conflict);
    EXPECT_EQ(stage.disk.live(), before);
  }
}

TEST(MoveRoot, ANeedlessPassphraseIsSaid) {
  MoveStage stage;
  const keys::CheapWrapping horse("correct horse");
  stage.settle("remote:oslo", nullptr);
  EXPECT_EQ(stage.move("remote:bergen", horse.get()).code(), Code::denied);
  stage.move("remote:bergen").value();
}

}  // namespace
}  // namespace holder

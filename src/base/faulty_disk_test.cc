#include "base/faulty_disk.h"

#include <gtest/gtest.h>

#include <set>

#include "base/fiber_wait.h"

namespace base {
namespace {

using namespace std::chrono_literals;

class FaultyDiskTest : public testing::Test {
 protected:
  std::unique_ptr<File> open(const std::string& path, Open how = Open::update) {
    return std::move(disk_.open(path, how)).value();
  }
  std::string read(const std::string& path) {
    const auto bytes = read_file(disk_, path, 1 << 20);
    return bytes.ok() ? std::string(text(*bytes)) : to_string(bytes.code());
  }
  /// A file of that content, durable with its name.
  void settle(const std::string& path, std::string_view contents) {
    disk_.put({{path, copy(view(contents))}});
  }

  ThreadWait wait_;
  FaultyDisk disk_{wait_};
};

TEST_F(FaultyDiskTest, ContentsAreDurableOnceSynced) {
  settle("a", "old");
  auto file = open("a");
  ASSERT_TRUE(file->write_at(0, view("new")).ok());
  EXPECT_EQ(disk_.live().at("a"), copy(view("new")));
  EXPECT_EQ(disk_.durable().at("a"), copy(view("old")));
  disk_.crash();
  EXPECT_EQ(read("a"), "old");

  file = open("a");
  ASSERT_TRUE(file->write_at(0, view("new")).ok());
  ASSERT_TRUE(file->sync().ok());
  disk_.crash();
  EXPECT_EQ(read("a"), "new");
}

TEST_F(FaultyDiskTest, WhatAFailedSyncLostIsDurableOnceItIsWrittenAgain) {
  settle("d/a", "old");
  const auto file = open("d/a");
  for (const char* failing : {"d/a", "d"}) {
    ASSERT_TRUE(file->write_at(0, view("new")).ok());
    disk_.fail_syncs(failing, 1);
    const auto synced = std::string_view(failing) == "d" ? disk_.sync_all("d") : file->sync();
    EXPECT_EQ(synced.code(), Code::io);
    EXPECT_EQ(read("d/a"), "new") << "it is seen";
    // Who has heard of it already hears of it no more.
    EXPECT_EQ(file->sync().ok(), std::string_view(failing) == "d/a");
    ASSERT_TRUE(file->sync().ok());
    EXPECT_EQ(disk_.durable().at("d/a"), copy(view("old"))) << "and no sync makes it durable";
  }
  ASSERT_TRUE(file->write_at(0, view("new")).ok());
  ASSERT_TRUE(file->sync().ok());
  EXPECT_EQ(disk_.durable().at("d/a"), copy(view("new")));
}

TEST_F(FaultyDiskTest, WhatAFailedSyncLostIsGoneAfterACrash) {
  settle("d/a", "old");
  for (const char* failing : {"d/a", "d"}) {
    const auto file = open("d/a");
    ASSERT_TRUE(file->write_at(0, view("new")).ok());
    disk_.fail_syncs(failing, 1);
    const auto synced = std::string_view(failing) == "d" ? disk_.sync_all("d") : file->sync();
    ASSERT_EQ(synced.code(), Code::io);
    (void)file->sync().ok();
    ASSERT_TRUE(file->sync().ok());
    disk_.crash();
    EXPECT_EQ(read("d/a"), "old");
  }
}

TEST_F(FaultyDiskTest, WhatAFailedSyncLostIsSeenUntilMemoryDropsIt) {
  settle("d/a", "old and long");
  const auto file = open("d/a");
  disk_.evict();
  ASSERT_TRUE(file->write_at(0, view("new")).ok());
  ASSERT_TRUE(file->truncate(4).ok());
  disk_.evict();
  EXPECT_EQ(read("d/a"), "new ") << "it is still to be synced";
  disk_.fail_syncs("d", 1);
  ASSERT_EQ(disk_.sync_all("d").code(), Code::io);
  EXPECT_EQ(read("d/a"), "new ");
  ASSERT_TRUE(file->write_at(1, view("LD")).ok());
  disk_.evict();
  EXPECT_EQ(read("d/a"), "oLD and long") << "what was written since stays";
  ASSERT_TRUE(disk_.sync_all("d").ok());
  disk_.crash();
  EXPECT_EQ(read("d/a"), "oLD and long");
}

TEST_F(FaultyDiskTest, NamesAreDurableOnceTheirDirectoryIsSynced) {
  ASSERT_TRUE(disk_.make_directory("d").ok());  // durable on return
  ASSERT_TRUE(open("d/a")->sync().ok());
  disk_.crash();
  EXPECT_EQ(disk_.list("d").value(), std::vector<std::string>{});

  ASSERT_TRUE(open("d/a")->sync().ok());
  ASSERT_TRUE(disk_.sync_directory("d").ok());
  disk_.crash();
  EXPECT_EQ(read("d/a"), "");

  ASSERT_TRUE(disk_.remove("d/a").ok());
  EXPECT_EQ(read("d/a"), "missing");
  disk_.crash();
  EXPECT_EQ(read("d/a"), "");
  ASSERT_TRUE(disk_.remove("d/a").ok());
  ASSERT_TRUE(disk_.sync_directory("d").ok());
  disk_.crash();
  EXPECT_EQ(read("d/a"), "missing");
}

TEST_F(FaultyDiskTest, ANameWithoutItsContentsIsAnEmptyFile) {
  ASSERT_TRUE(open("a")->write_at(0, view("never synced")).ok());
  ASSERT_TRUE(disk_.sync_directory(".").ok());
  disk_.crash();
  EXPECT_EQ(read("a"), "");
}

TEST_F(FaultyDiskTest, ARenameIsUndoneOrDoneAsAWhole) {
  disk_.put({{"x/a", {1}}, {"y/b", {2}}});
  ASSERT_TRUE(disk_.rename("x/a", "y/b").ok());
  disk_.crash();
  EXPECT_EQ(disk_.live(), (FaultyDisk::Files{{"x/a", {1}}, {"y/b", {2}}}));
  ASSERT_TRUE(disk_.rename("x/a", "y/b").ok());
  ASSERT_TRUE(disk_.sync_directory("y").ok());
  disk_.crash();
  EXPECT_EQ(disk_.live(), (FaultyDisk::Files{{"y/b", {1}}}));
}

TEST_F(FaultyDiskTest, ADirectorysChangesStayInOrder) {
  // Synced through the second change of x, the first must not come back to life later.
  disk_.put({{"x/kept", {0}}, {"y/kept", {0}}});
  ASSERT_TRUE(open("x/a")->sync().ok());
  ASSERT_TRUE(disk_.rename("x/a", "y/a").ok());
  ASSERT_TRUE(disk_.sync_directory("y").ok());
  ASSERT_TRUE(disk_.sync_directory("x").ok());
  disk_.crash();
  EXPECT_EQ(disk_.list("x").value(), std::vector<std::string>{"kept"});
  EXPECT_EQ(disk_.list("y").value(), (std::vector<std::string>{"a", "kept"}));
}

TEST_F(FaultyDiskTest, WhatWasOpenBeforeACrashIsDead) {
  settle("a", "x");
  const auto file = open("a");
  disk_.crash();
  Bytes out(1);
  EXPECT_EQ(file->read_at(0, out).code(), Code::io);
  EXPECT_EQ(file->write_at(0, out).code(), Code::io);
  EXPECT_EQ(file->sync().code(), Code::io);
  EXPECT_EQ(read("a"), "x");
}

TEST_F(FaultyDiskTest, AfterThePowerWentEveryCallFailsUntilTheCrash) {
  settle("a", "old");
  disk_.fail_after(3);
  const auto file = open("a");
  ASSERT_TRUE(file->write_at(0, view("new")).ok());
  ASSERT_TRUE(file->sync().ok());
  EXPECT_EQ(file->write_at(0, view("xxx")).code(), Code::io);
  EXPECT_EQ(file->sync().code(), Code::io);
  EXPECT_EQ(disk_.exists("a").code(), Code::io);
  EXPECT_EQ(disk_.list(".").code(), Code::io);
  EXPECT_EQ(disk_.make_directory("d").code(), Code::io);
  disk_.crash();
  EXPECT_EQ(read("a"), "new");
  EXPECT_FALSE(disk_.exists("d").value());
}

TEST_F(FaultyDiskTest, UnsyncedWritesMaySurviveInPart) {
  // What a crash may leave of two unsynced writes: each whole, torn or not at all.
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    FaultyDisk disk(wait_);
    disk.put({{"a", copy(view("...."))}});
    const auto file = std::move(disk.open("a", Open::update)).value();
    ASSERT_TRUE(file->write_at(0, view("AB")).ok());
    ASSERT_TRUE(file->write_at(2, view("CD")).ok());
    SeededEntropy entropy(seed);
    disk.crash(entropy);
    seen.insert(std::string(text(disk.live().at("a"))));
    EXPECT_EQ(disk.live(), disk.durable());
  }
  EXPECT_EQ(seen, (std::set<std::string>{"....", "A...", "AB..", "..C.", "..CD", "A.C.", "A.CD",
                                         "ABC.", "ABCD"}));
}

TEST_F(FaultyDiskTest, TheSameEntropyLeavesTheSame) {
  const auto left = [&](std::uint64_t seed) {
    FaultyDisk disk(wait_);
    for (int i = 0; i < 20; ++i) {
      const auto file = std::move(disk.open(std::to_string(i), Open::update)).value();
      EXPECT_TRUE(file->write_at(0, view("some content")).ok());
    }
    SeededEntropy entropy(seed);
    disk.crash(entropy);
    return disk.live();
  };
  EXPECT_EQ(left(1), left(1));
  EXPECT_NE(left(1), left(2));
}

TEST_F(FaultyDiskTest, ThePowerThatWentDoesNotComeBackBecauseItIsToGoOnceMore) {
  settle("a", "old");
  const auto file = open("a");
  disk_.fail_after(0);
  EXPECT_EQ(disk_.exists("a").code(), Code::io);
  disk_.fail_after(10);
  EXPECT_EQ(file->write_at(0, view("new")).code(), Code::io);
  EXPECT_EQ(file->sync().code(), Code::io);
  disk_.crash();
  EXPECT_EQ(read("a"), "old");
}

TEST_F(FaultyDiskTest, TheCallUnderWayWhenThePowerWentMayHaveHappened) {
  bool happened = false, not_happened = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    FaultyDisk disk(wait_);
    disk.put({{"a", {1}}});
    disk.fail_after(0);
    EXPECT_EQ(disk.rename("a", "b").code(), Code::io);
    EXPECT_EQ(disk.rename("b", "c").code(), Code::io);
    SeededEntropy entropy(seed);
    disk.crash(entropy);
    (disk.exists("b").value() ? happened : not_happened) = true;
    EXPECT_FALSE(disk.exists("c").value());
  }
  EXPECT_TRUE(happened);
  EXPECT_TRUE(not_happened);
}

TEST_F(FaultyDiskTest, SpaceRunsOutAndComesBack) {
  settle("a", "12345");
  disk_.set_space(8);
  const auto file = open("b");
  EXPECT_EQ(file->write_at(0, view("1234")).code(), Code::full);
  EXPECT_EQ(read("b"), "123");  // what fitted
  ASSERT_TRUE(file->write_at(0, view("xyz")).ok());
  EXPECT_EQ(file->truncate(4).code(), Code::full);
  ASSERT_TRUE(disk_.remove("a").ok());
  ASSERT_TRUE(file->write_at(0, view("1234")).ok());
  EXPECT_EQ(read("b"), "1234");
}

TEST_F(FaultyDiskTest, ABrokenPathFailsUntilItIsMended) {
  settle("d/a", "x");
  settle("d/b", "y");
  const auto file = open("d/a");
  disk_.break_path("./d/a");
  Bytes out(1);
  EXPECT_EQ(file->read_at(0, out).code(), Code::io);
  EXPECT_EQ(file->sync().code(), Code::io);
  EXPECT_EQ(read("d/a"), "io");
  EXPECT_EQ(disk_.exists("d/a").code(), Code::io);
  EXPECT_EQ(read("d/b"), "y");
  disk_.mend_path("d/a");
  EXPECT_EQ(read("d/a"), "x");
}

TEST_F(FaultyDiskTest, FlipBitRotsWhatIsSeenAndWhatIsDurable) {
  settle("a", "AB");
  ASSERT_TRUE(disk_.flip_bit("a", 8).ok());
  EXPECT_EQ(read("a"), "AC");
  disk_.crash();
  EXPECT_EQ(read("a"), "AC");
  EXPECT_EQ(disk_.flip_bit("a", 16).code(), Code::invalid);
  EXPECT_EQ(disk_.flip_bit("b", 0).code(), Code::missing);
}

TEST_F(FaultyDiskTest, FindLooksEverywhere) {
  settle("removed", "a canary here");
  settle("d/my-canary-file", "");
  settle("other", "nothing");
  ASSERT_TRUE(disk_.remove("removed").ok());
  ASSERT_TRUE(open("unsynced")->write_at(0, view("canary")).ok());
  EXPECT_EQ(disk_.find(view("canary")),
            (std::vector<std::string>{"d/my-canary-file", "removed", "unsynced"}));
  EXPECT_EQ(disk_.find(view("eagle")), std::vector<std::string>{});
}

TEST_F(FaultyDiskTest, ACopyTakenBeforeCanBePutBack) {
  settle("d/a", "then");
  const FaultyDisk::Files before = disk_.live();
  ASSERT_TRUE(open("d/a")->write_at(0, view("now!")).ok());
  FaultyDisk other(wait_);
  other.put(before);
  other.crash();
  EXPECT_EQ(other.live(), before);
}

TEST(FaultyDiskFibers, EveryCallGivesWay) {
  ManualClock clock(Time(1'700'000'000s));
  FiberWait wait(4, clock);
  FaultyDisk disk(wait);
  std::string order;
  for (const char letter : {'a', 'b'})
    wait.spawn([&, letter] {
      const auto file = std::move(disk.open(std::string(1, letter), Open::create)).value();
      for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(file->write_at(0, view("x")).ok());
        order.push_back(letter);
      }
    });
  ASSERT_TRUE(wait.run().ok());
  EXPECT_NE(order.find("ab"), std::string::npos);
  EXPECT_NE(order.find("ba"), std::string::npos);
  EXPECT_GE(wait.turns(), disk.operations());
}

// The file that everything else relies on: after a crash at any moment, old or new, never torn.
class AtomicWrite : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AtomicWrite, LeavesTheOldOrTheNewFileWhereverItIsCutOff) {
  const std::string old_text(3000, 'o'), new_text(5000, 'n');
  bool saw_old = false, saw_new = false, finished = false;
  for (std::uint64_t operations = 0; !finished; ++operations) {
    ASSERT_LT(operations, 100U);
    ThreadWait wait;
    FaultyDisk disk(wait);
    disk.put({{"d/a", copy(view(old_text))}});
    disk.fail_after(operations);
    finished = write_file_atomically(disk, "d/a", view(new_text)).ok();
    SeededEntropy entropy(GetParam() * 1000 + operations);
    if (GetParam() == 0)
      disk.crash();
    else
      disk.crash(entropy);
    const Bytes left = read_file(disk, "d/a", 1 << 20).value();
    const bool is_new = text(left) == new_text;
    EXPECT_TRUE(is_new || text(left) == old_text) << "torn after " << operations;
    if (finished) EXPECT_TRUE(is_new) << "acknowledged and lost";
    (is_new ? saw_new : saw_old) = true;
  }
  EXPECT_TRUE(saw_old);
  EXPECT_TRUE(saw_new);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AtomicWrite, testing::Range<std::uint64_t>(0, 40));

}  // namespace
}  // namespace base

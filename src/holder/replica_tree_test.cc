#include "holder/replica_tree.h"

#include <gtest/gtest.h>

#include <array>

#include "base/crypto.h"
#include "holder/replica_testing.h"

namespace holder {
namespace {

using base::Code;

struct Pair {
  Pair() {
    server.mint(0, 60);
    host.open().value();
  }
  Server server;
  Host host;
};

TEST(ReplicaTree, BeginsWithNothing) {
  Host host;
  ASSERT_TRUE(host.open().ok());
  EXPECT_EQ(host.tree->epoch(), 0U);
  EXPECT_FALSE(host.tree->whole());
  EXPECT_EQ(host.tree->check().code(), Code::missing);
}

TEST(ReplicaTree, TakesTheWholeTreeAndThenWhatIsNew) {
  Pair pair;
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
  for (const std::uint64_t slot : {5UL, 6UL, 4'000UL, 4'001UL, 300'000UL}) {
    const std::uint64_t since = pair.host.tree->epoch();
    if (slot < 60)
      pair.server.erase(slot);
    else
      pair.server.mint(slot, 1);
    const keys::Root old = keys::Root{since, pair.host.tree->root().key.clone(), 0};
    ASSERT_TRUE(pair.host.take(pair.server, since).ok()) << slot;
    EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
    EXPECT_FALSE(pair.host.holds(old));
    ASSERT_TRUE(pair.host.open().ok());
    EXPECT_TRUE(pair.host.tree->whole());
    EXPECT_EQ(pair.host.tree->epoch(), since + 1);
    EXPECT_TRUE(pair.host.tree->check().ok());
  }
}

/// Stages what is new, and commits it in steps over three pages each.
base::Result<int> take_in_steps(Pair& pair, std::uint64_t since, int steps_max) {
  TRY(pair.host.stage(pair.server, since));
  const keys::Root root = pair.server.root();
  for (int step = 1; step <= steps_max; ++step)
    if (TRY(pair.host.tree->commit_some(since, root, 3))) return step;
  return steps_max + 1;
}

TEST(ReplicaTree, CommitsInSteps) {
  Pair pair;
  pair.server.mint(60, 900);
  const auto pages = static_cast<int>(pair.server.pages(0).size());
  const int steps = take_in_steps(pair, 0, 1'000).value();
  EXPECT_GE(steps, 2 * pages / 3) << "each step is over a few pages";
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
  pair.server.erase(5);
  ASSERT_TRUE(take_in_steps(pair, pair.host.tree->epoch(), 1'000).ok());
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
}

// What else is asked between two steps, and a crash there, find the old tree or the new one.
TEST(ReplicaTree, IsOneTreeOrTheOtherBetweenTwoSteps) {
  for (const bool crash : {false, true}) {
    for (int stop = 1;; ++stop) {
      Pair pair;
      ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
      const auto before = contents(*pair.host.tree);
      const std::uint64_t epoch = pair.host.tree->epoch();
      const keys::Root old = pair.server.root();
      pair.server.mint(60, 900);
      const int steps = take_in_steps(pair, epoch, stop).value();
      if (steps <= stop) {
        EXPECT_GT(stop, 8);
        break;
      }
      EXPECT_EQ(pair.host.tree->epoch(), epoch) << "nothing is said before it is done";
      EXPECT_TRUE(pair.host.tree->commits(pair.server.root()));
      const bool passed = pair.host.holds(pair.server.root());
      EXPECT_NE(passed, pair.host.holds(old)) << "two roots are never there together";
      if (crash)
        ASSERT_TRUE(pair.host.crash().ok());
      else
        EXPECT_EQ(pair.host.tree->settle().value(), passed);
      EXPECT_EQ(pair.host.tree->epoch(), passed ? epoch + 1 : epoch);
      EXPECT_TRUE(pair.host.tree->check().ok());
      EXPECT_EQ(contents(*pair.host.tree), passed ? contents(pair.server) : before);
    }
  }
}

// By its epoch nobody could tell when a tree is whole that comes once more.
TEST(ReplicaTree, SaysNoEpochWhileTheOneInForceComesAgain) {
  for (const bool settle : {false, true}) {
    Pair pair;
    pair.server.mint(60, 900);
    ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
    const std::uint64_t epoch = pair.host.tree->epoch();
    ASSERT_TRUE(pair.host.stage(pair.server, 0).ok());
    const keys::Root root = pair.server.root();
    int steps = 0;
    while (!pair.host.tree->commit_some(0, root, 3).value()) {
      EXPECT_EQ(pair.host.tree->epoch(), 0U);
      if (++steps == 3 && settle) break;
    }
    EXPECT_GT(steps, 2);
    EXPECT_TRUE(pair.host.tree->settle().ok());
    EXPECT_EQ(pair.host.tree->epoch(), epoch);
    EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
  }
}

// What came whole and does not read back is not whole, whatever stood there before.
TEST(ReplicaTree, IsNotWholeWhereWhatCameDoesNotOpen) {
  Pair pair;
  pair.server.mint(60, 900);
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  ASSERT_TRUE(pair.host.tree->whole());
  ASSERT_TRUE(pair.host.stage(pair.server, 0).ok());
  const keys::Root root = pair.server.root();
  const auto on_disk = [&] { return pair.host.disk.live().at("replica/keys.ktn"); };
  const std::uint64_t at = root.page * keys::kPageSize + 99;
  pair.host.disk.flip_bit("replica/keys.ktn", at * 8).value();
  const std::uint8_t before = on_disk()[at];
  const auto step = [&] { return pair.host.tree->commit_some(0, root, 3); };
  while (on_disk()[at] == before) ASSERT_FALSE(step().value());
  pair.host.disk.flip_bit("replica/keys.ktn", at * 8).value();
  auto done = step();
  while (done.ok() && !*done) done = step();
  ASSERT_EQ(done.code(), Code::corrupt);
  EXPECT_FALSE(pair.host.tree->whole());
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  EXPECT_TRUE(pair.host.tree->whole());
}

TEST(ReplicaTree, AnotherCommitEndsTheOneUnderWay) {
  Pair pair;
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  const std::uint64_t epoch = pair.host.tree->epoch();
  pair.server.mint(60, 900);
  ASSERT_EQ(take_in_steps(pair, epoch, 2).value(), 3);  // before its commit point
  pair.server.erase(7);
  ASSERT_TRUE(pair.host.take(pair.server, epoch).ok());
  EXPECT_EQ(pair.host.tree->epoch(), epoch + 2);
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
}

TEST(ReplicaTree, SkipsEpochsThatItMissed) {
  Pair pair;
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  const std::uint64_t since = pair.host.tree->epoch();
  for (std::uint64_t slot = 0; slot < 20; ++slot) pair.server.erase(slot);
  ASSERT_TRUE(pair.host.take(pair.server, since).ok());
  EXPECT_EQ(pair.host.tree->epoch(), since + 20);
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
}

TEST(ReplicaTree, RefusesWhatDoesNotFitAndStaysAsItIs) {
  Pair pair;
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  const auto before = contents(*pair.host.tree);
  const std::uint64_t since = pair.host.tree->epoch();
  const keys::Root old = pair.server.root();
  pair.server.erase(5);
  auto pages = pair.server.pages(since);
  const auto attempt = [&](std::uint64_t from, keys::Root root) {
    pair.host.tree->begin().value();
    for (const PageImage& page : pages)
      if (auto staged = pair.host.tree->stage(page.page, page.image); !staged.ok()) return staged;
    return pair.host.tree->commit(from, std::move(root));
  };
  const auto copy = [](const keys::Root& root) {
    return keys::Root{root.epoch, root.key.clone(), root.page};
  };
  EXPECT_EQ(attempt(since + 1, pair.server.root()).code(), Code::stale);
  EXPECT_EQ(attempt(since, copy(old)).code(), Code::invalid);  // the root in force
  pages.push_back(pages.front());
  EXPECT_EQ(attempt(since, pair.server.root()).code(), Code::invalid);  // a page twice
  pages.back().page = 7'000;
  EXPECT_EQ(attempt(since, pair.server.root()).code(), Code::invalid);  // one that nothing reaches
  pages.back().page = 1ULL << 60;
  EXPECT_EQ(attempt(since, pair.server.root()).code(), Code::too_large);
  pages.pop_back();
  auto taken = std::move(pages.back());
  pages.pop_back();
  EXPECT_EQ(attempt(since, pair.server.root()).code(), Code::invalid);  // one is missing
  pages.push_back(taken);
  pages.back().image[200] ^= 1;
  EXPECT_EQ(attempt(since, pair.server.root()).code(), Code::invalid);  // one is damaged
  pages.back() = taken;
  keys::Root wrong = pair.server.root();
  wrong.key.mutable_view()[0] ^= 1;
  EXPECT_EQ(attempt(since, std::move(wrong)).code(), Code::invalid);
  EXPECT_EQ(contents(*pair.host.tree), before);
  ASSERT_TRUE(pair.host.open().ok());
  EXPECT_EQ(contents(*pair.host.tree), before);
  // And the right ones are taken after all that.
  ASSERT_TRUE(attempt(since, pair.server.root()).ok());
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
}

TEST(ReplicaTree, RefusesAnotherTreeAndAnOlderOne) {
  Pair pair;
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  Server other;
  other.mint(0, 3);
  EXPECT_EQ(pair.host.take(other, 0).code(), Code::conflict);  // of the same epoch
  other.mint(3, 3);
  other.mint(6, 3);
  EXPECT_EQ(pair.host.take(other, 0).code(), Code::conflict);  // newer, and another's
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
}

TEST(ReplicaTree, TakesTheSameRootAgainWithoutPages) {
  Pair pair;
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  ASSERT_TRUE(pair.host.tree->begin().ok());
  EXPECT_TRUE(pair.host.tree->commit(pair.host.tree->epoch(), pair.server.root()).ok());
}

// Bit rot in an inner page shows when the replica opens, in a leaf when it is checked; sending the
// whole tree again mends both.
TEST(ReplicaTree, IsMendedByTheWholeTree) {
  for (const std::size_t which : {0UL, 1UL}) {
    Pair pair;
    pair.server.mint(4'000, 3);
    ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
    const auto pages = pair.server.pages(0);
    const std::uint64_t page = which == 0 ? pages.front().page : pages.back().page;
    pair.host.disk.flip_bit("replica/keys.ktn", page * 8 * keys::kPageSize + 4'000).value();
    ASSERT_TRUE(pair.host.open().ok());
    EXPECT_EQ(pair.host.tree->whole(), which == 1);
    EXPECT_EQ(pair.host.tree->check().code(), Code::corrupt);
    ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
    EXPECT_TRUE(pair.host.tree->whole());
    EXPECT_TRUE(pair.host.tree->check().ok());
    EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
  }
}

// A leaf that is damaged at the server is copied as it is, with the whole tree: the others follow.
TEST(ReplicaTree, TakesADamagedLeafWithTheWholeTreeOnly) {
  Pair pair;
  pair.server.mint(4'000, 3);
  pair.host.tree->begin().value();
  for (PageImage& page : pair.server.pages(0)) {
    if (page.image[4] == 0) page.image[300] ^= 1;  // its level
    pair.host.tree->stage(page.page, page.image).value();
  }
  ASSERT_TRUE(pair.host.tree->commit(0, pair.server.root()).ok());
  EXPECT_TRUE(pair.host.tree->whole());
  EXPECT_EQ(pair.host.tree->check().code(), Code::corrupt);
}

/// Opens the host again, whose power goes after so many operations, after one more each time, until
/// it opens before it goes; then once more. False where that takes too long, or it does not open.
bool recover(Host& host, std::uint64_t operations) {
  for (;; ++operations) {
    host.tree.reset();
    host.disk.crash(host.entropy);
    host.disk.fail_after(operations);
    if (host.open().ok()) return host.crash().ok();
    if (operations >= 200U) return false;
  }
}

// The power goes at every disk operation of a commit, whose pages stand for others that the root in
// force reaches; then again while the first loss is repaired.
TEST(ReplicaTree, ACommitIsWholeOrNothingWhereverThePowerGoes) {
  int undone = 0;
  int recovered = 0;
  for (int round = 0; round < 12; ++round) {
    bool done = false;
    for (std::uint64_t operations = 0; !done; ++operations) {
      ASSERT_LT(operations, 200U);
      Pair pair;
      pair.server.mint(64, 3);
      pair.host.take(pair.server, 0).value();
      const auto before = contents(*pair.host.tree);
      const std::uint64_t since = pair.host.tree->epoch();
      const keys::Root old = pair.server.root();
      for (const std::uint64_t slot : {5UL, 65UL, 6UL}) pair.server.erase(slot);
      pair.host.disk.fail_after(operations);
      done = pair.host.take(pair.server, since).ok();
      ASSERT_TRUE(recover(pair.host, static_cast<std::uint64_t>(round) * 3));
      ASSERT_TRUE(pair.host.tree->whole());
      ASSERT_TRUE(pair.host.tree->check().ok());
      if (pair.host.tree->epoch() == since) {
        ASSERT_FALSE(done);
        ASSERT_EQ(contents(*pair.host.tree), before);
        ++undone;
      } else {
        ASSERT_EQ(contents(*pair.host.tree), contents(pair.server));
        ASSERT_FALSE(pair.host.holds(old));
        recovered += done ? 0 : 1;
      }
      // It goes on from where it is, whichever that was.
      const std::uint64_t now = pair.host.tree->epoch();
      pair.server.erase(7);
      ASSERT_TRUE(pair.host.take(pair.server, now).ok());
      ASSERT_EQ(contents(*pair.host.tree), contents(pair.server));
    }
  }
  EXPECT_GT(undone, 0);
  EXPECT_GT(recovered, 0);
}

// As above, where another host's tree of the same epoch gives way: by the epoch alone, the pages of
// the one would be taken for the other's.
TEST(ReplicaTree, OfTwoTreesOfOneEpochOneIsWholeWhereverThePowerGoes) {
  std::array<int, 2> found{};
  for (int round = 0; round < 12; ++round) {
    bool done = false;
    for (std::uint64_t operations = 0; !done; ++operations) {
      ASSERT_LT(operations, 200U);
      Pair pair;
      pair.server.mint(64, 3);
      Server other;
      other.disk.put(pair.server.disk.live());
      other.open().value();
      pair.server.erase(5);
      other.erase(6);
      ASSERT_EQ(pair.server.root().epoch, other.root().epoch);
      pair.host.take(pair.server, 0).value();
      pair.host.disk.fail_after(operations);
      done = pair.host.take(other, 0, SameEpoch::gives_way).ok();
      ASSERT_TRUE(recover(pair.host, static_cast<std::uint64_t>(round) * 3));
      ASSERT_TRUE(pair.host.tree->whole()) << operations;
      ASSERT_TRUE(pair.host.tree->check().ok()) << operations;
      const bool came = pair.host.tree->root().key == other.root().key;
      ASSERT_TRUE(came || !done);
      ASSERT_EQ(contents(*pair.host.tree), contents(came ? other : pair.server));
      ASSERT_FALSE(pair.host.holds(came ? pair.server.root() : other.root()));
      found[came ? 1 : 0] += done ? 0 : 1;
      // The newer host asks again, and its tree is there in the end.
      ASSERT_TRUE(pair.host.take(other, 0, SameEpoch::gives_way).ok());
      ASSERT_EQ(contents(*pair.host.tree), contents(other));
    }
  }
  EXPECT_GT(found[0], 0);
  EXPECT_GT(found[1], 0);
}

// A root that was written and lost in its sync can be read until the power goes, and no later sync
// makes it durable: before the older one is destroyed, it is written again.
TEST(ReplicaTree, ARootWhoseSyncFailedIsWrittenAgain) {
  Pair pair;
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  const std::uint64_t since = pair.host.tree->epoch();
  pair.server.erase(5);
  pair.host.disk.fail_syncs("replica/root.ktn", 1);
  ASSERT_EQ(pair.host.take(pair.server, since).code(), Code::io);
  ASSERT_TRUE(pair.host.open().ok());
  ASSERT_EQ(pair.host.tree->epoch(), since + 1) << "it is seen";
  ASSERT_TRUE(pair.host.crash().ok());
  EXPECT_EQ(pair.host.tree->epoch(), since + 1) << "it was told";
  EXPECT_TRUE(pair.host.tree->check().ok());
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
}

TEST(ReplicaTree, AFullDiskRefusesAndIsGotOver) {
  Pair pair;
  ASSERT_TRUE(pair.host.take(pair.server, 0).ok());
  const std::uint64_t since = pair.host.tree->epoch();
  pair.server.mint(4'000, 100);
  pair.host.disk.set_space(24 << 10);
  EXPECT_EQ(pair.host.take(pair.server, since).code(), Code::full);
  pair.host.disk.set_space(1 << 20);
  ASSERT_TRUE(pair.host.open().ok());
  ASSERT_TRUE(pair.host.take(pair.server, pair.host.tree->epoch()).ok());
  EXPECT_EQ(contents(*pair.host.tree), contents(pair.server));
}

}  // namespace
}  // namespace holder

// The power goes at every disk operation of a commit, and of what was not synced a random part
// survives. After recovery everything is as before or as after, never half, and what was promised
// stands.

#include <gtest/gtest.h>

#include "keys/testing.h"

namespace keys {
namespace {

using base::OwnerId;
using Kind = Change::Kind;

// Each round makes its own choice of what survives. Those with a store on a real disk are slow.
constexpr int kTreeRounds = 40;
constexpr int kStoreRounds = 1;
constexpr std::uint64_t kOperationsMax = 200;

/// Runs `attempt` with the power going after 0, 1, 2 … operations, until one succeeds; `judge` sees
/// each outcome after recovery.
template <class StageType, class Attempt, class Judge>
void crash_everywhere(int rounds, const std::function<std::unique_ptr<StageType>()>& prepare,
                      const Attempt& attempt, const Judge& judge) {
  for (int round = 0; round < rounds; ++round) {
    bool done = false;
    for (std::uint64_t operations = 0; !done; ++operations) {
      ASSERT_LT(operations, kOperationsMax);
      SCOPED_TRACE(operations);
      const auto stage = prepare();
      stage->disk.fail_after(operations);
      done = attempt(*stage);
      judge(*stage, done);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

/// Everything that a tree answers for the first slots: kind, key, generation.
std::vector<std::string> contents(Tree& tree) {
  std::vector<std::string> all;
  for (std::uint64_t slot = 0; slot < 140; ++slot) {
    const auto leaf = tree.read(slot);
    all.push_back(leaf.ok() ? base::hex(leaf->key.view()) +
                                  std::to_string(static_cast<std::uint64_t>(leaf->kind)) +
                                  std::to_string(leaf->generation)
                            : "unreadable");
  }
  return all;
}

struct TreeRun : TreeStage {
  TreeRun() {
    create().value();
    std::vector<Change> changes;
    for (std::uint64_t slot = 0; slot < 60; ++slot)
      changes.push_back({Kind::mint, slot, tag(slot)});
    commit(std::move(changes)).value();
    before = contents(*tree);
    for (const auto& root : holder->read().value())
      if (root) old_root = root->key.clone();
  }
  std::vector<std::string> before;
  base::SecretBytes old_root;
};

// Three kinds of change at once, and growth.
bool change_much(TreeRun& run) {
  const base::SecretBytes next = base::SecretBytes::copy_of(base::Bytes(32, 0x77));
  return run
      .commit({{Kind::erase, 5, TreeRun::tag(5)},
               {Kind::erase, 6, TreeRun::tag(6)},
               {Kind::rekey, 7, TreeRun::tag(7), next.view()},
               {Kind::mint, 63, TreeRun::tag(63)},
               {Kind::mint, 130, TreeRun::tag(130)}})
      .ok();
}

TEST(Crash, ACommitIsWholeOrNothing) {
  int undone = 0;
  int recovered = 0;
  crash_everywhere<TreeRun>(
      kTreeRounds, [] { return std::make_unique<TreeRun>(); }, change_much,
      [&](TreeRun& run, bool done) {
        run.tree.reset();
        run.holder.reset();
        run.disk.crash(run.entropy);
        ASSERT_TRUE(run.open().ok());
        if (run.tree->epoch() == 2) {
          ASSERT_FALSE(done);
          ASSERT_EQ(contents(*run.tree), run.before);
          ++undone;
        } else {
          ASSERT_EQ(run.tree->epoch(), 3U);
          const auto after = contents(*run.tree);
          for (const std::size_t slot : {5UL, 6UL})
            ASSERT_EQ(run.tree->read(slot)->kind, SlotKind::erased);
          ASSERT_EQ(base::hex(run.tree->read(7)->key.view()).substr(0, 4), "7777");
          ASSERT_EQ(run.tree->read(63)->kind, SlotKind::live);
          ASSERT_EQ(run.tree->read(130)->kind, SlotKind::live);
          for (const std::size_t slot : {0UL, 4UL, 8UL, 59UL, 62UL, 64UL, 129UL, 131UL})
            ASSERT_EQ(after[slot], run.before[slot]);
          // The old root is gone from the disk, whichever way the new one
          // came into force.
          ASSERT_TRUE(run.disk.find(run.old_root.view()).empty());
          recovered += done ? 0 : 1;
        }
        // Exactly one root, and the tree works on.
        const auto roots = run.holder->read().value();
        ASSERT_NE(roots[0].has_value(), roots[1].has_value());
        ASSERT_TRUE(run.change(Kind::erase, 20).ok());
        ASSERT_TRUE(run.open().ok());
        ASSERT_EQ(run.tree->read(20)->kind, SlotKind::erased);
      });
  // Both kinds of crash were met: without them this test would say little.
  EXPECT_GT(undone, 0);
  EXPECT_GT(recovered, 0);
}

// The power may go again while the first loss is being repaired.
TEST(Crash, RecoveryItselfMayCrash) {
  for (std::uint64_t first = 0; first < kOperationsMax; ++first) {
    TreeRun run;
    run.disk.fail_after(first);
    const bool done = change_much(run);
    for (std::uint64_t second = 0;; ++second) {
      run.tree.reset();
      run.holder.reset();
      run.disk.crash(run.entropy);
      run.disk.fail_after(second);
      if (run.open().ok()) break;
      ASSERT_LT(second, kOperationsMax);
    }
    run.tree.reset();
    run.holder.reset();
    run.disk.crash(run.entropy);
    ASSERT_TRUE(run.open().ok());
    if (run.tree->epoch() == 2) {
      ASSERT_EQ(contents(*run.tree), run.before);
    } else {
      ASSERT_EQ(run.tree->read(5)->kind, SlotKind::erased);
    }
    if (done) return;
  }
  FAIL() << "a commit takes more operations than thought";
}

TEST(Crash, MakingATreeIsWholeOrNothing) {
  crash_everywhere<Stage>(
      kStoreRounds, [] { return std::make_unique<Stage>(); },
      [](Stage& stage) { return stage.open().ok(); },
      [](Stage& stage, bool) {
        ASSERT_TRUE(stage.crash().ok());
        ASSERT_EQ(stage.settle(3).size(), 3U);
      });
}

struct Populated : Stage {
  Populated() {
    open().value();
    owners = settle(70);
    for (const OwnerId owner : owners) before.push_back(subkey(owner));
  }
  std::vector<OwnerId> owners;
  std::vector<std::string> before;
};

TEST(Crash, AMintThatIsNotBoundIsForgotten) {
  const OwnerId fresh = OwnerId::from(base::Bytes(16, 0xee)).value();
  const OwnerId other = OwnerId::from(base::Bytes(16, 0xef)).value();
  crash_everywhere<Populated>(
      kStoreRounds, [] { return std::make_unique<Populated>(); },
      [&](Populated& run) { return run.keys->mint(std::array{fresh, other}).ok(); },
      [&](Populated& run, bool) {
        ASSERT_TRUE(run.crash().ok());
        for (const OwnerId owner : {fresh, other}) {
          ASSERT_EQ(run.keys->state(owner).value(), State::unknown);
          ASSERT_EQ(run.keys->derive(owner, "test").code(), base::Code::missing);
        }
        for (std::size_t i = 0; i < run.owners.size(); ++i)
          ASSERT_EQ(run.subkey(run.owners[i]), run.before[i]);
        // The same owner may come again, and the slots serve again.
        ASSERT_TRUE(run.keys->mint(std::array{fresh}).ok());
        ASSERT_TRUE(run.bind(std::array{fresh}).ok());
        const std::string key = run.subkey(fresh);
        ASSERT_TRUE(run.crash().ok());
        ASSERT_EQ(run.subkey(fresh), key);
      });
}

TEST(Crash, AnErasureIsListedUntilItIsFinished) {
  int still_standing = 0;
  int destroyed = 0;
  crash_everywhere<Populated>(
      kStoreRounds, [] { return std::make_unique<Populated>(); },
      [](Populated& run) {
        const std::vector<OwnerId> erase = {run.owners[1], run.owners[66]};
        auto erasure = run.keys->prepare(erase, std::array{run.owners[2]});
        run.intend(*erasure, base::view("sealed note")).value();
        return run.keys->commit(std::move(*erasure)).ok();
      },
      [&](Populated& run, bool done) {
        const std::vector<OwnerId> erase = {run.owners[1], run.owners[66]};
        const OwnerId bucket = run.owners[2];
        ASSERT_TRUE(run.crash().ok());
        auto unfinished = run.keys->unfinished();
        ASSERT_TRUE(unfinished.ok());
        ASSERT_EQ(unfinished->size(), 1U);
        const Keys::Unfinished& left = unfinished->front();
        ASSERT_EQ(left.erase, erase);
        ASSERT_EQ(left.rekey, std::vector<OwnerId>{bucket});
        ASSERT_EQ(base::text(left.note), "sealed note");
        for (const OwnerId owner : erase) {
          ASSERT_EQ(run.keys->state(owner).value(), State::erasing);
          ASSERT_EQ(run.keys->derive(owner, "test").code(), base::Code::gone);
        }
        ASSERT_TRUE(left.destroyed || !done);
        ASSERT_EQ(run.subkey(bucket) != run.before[2], left.destroyed);
        ASSERT_EQ(run.keys->generation(bucket).value(), left.destroyed ? 1U : 0U);
        if (left.destroyed) {
          ++destroyed;
          ASSERT_EQ(left.epoch, 3U);
          ASSERT_EQ(run.keys->resume(left).code(), base::Code::conflict);
        } else {
          ++still_standing;
          ASSERT_EQ(run.finish(erase).code(), base::Code::conflict);
          auto resumed = run.keys->resume(left);
          ASSERT_TRUE(resumed.ok());
          const std::string next = base::hex(resumed->next(bucket, "test")->view());
          run.intend(*resumed, base::view("another note")).value();
          ASSERT_TRUE(run.keys->commit(std::move(*resumed)).ok());
          ASSERT_EQ(run.subkey(bucket), next);
        }
        ASSERT_TRUE(run.finish(erase).ok());
        ASSERT_TRUE(run.crash().ok());
        ASSERT_TRUE(run.keys->unfinished()->empty());
        for (const OwnerId owner : erase) ASSERT_EQ(run.keys->state(owner).value(), State::erased);
        for (const std::size_t i : {0UL, 3UL, 65UL, 69UL})
          ASSERT_EQ(run.subkey(run.owners[i]), run.before[i]);
      });
  EXPECT_GT(still_standing, 0);
  EXPECT_GT(destroyed, 0);
}

}  // namespace
}  // namespace keys

#include "holder/replicator.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "holder/replica_entry.h"
#include "holder/replica_look.h"
#include "holder/replica_part.h"
#include "holder/replicas.h"
#include "holder/replicator_testing.h"
#include "keys/wrap_testing.h"
#include "ledger/handover.h"

namespace holder {
namespace {

using base::Code;
using base::OwnerId;
using std::chrono::milliseconds;
using std::chrono::seconds;

void expect_same(World& world) {
  EXPECT_EQ(world.replica->status().epoch, world.keys->epoch());
  EXPECT_EQ(world.replica->status().tree_incarnation, 1U);
  auto tree = ReplicaTree::open(world.replica_disk, "replica").value();
  EXPECT_TRUE(tree->whole());
  EXPECT_TRUE(tree->check().ok());
  EXPECT_EQ(tree->root().key, world.root_key());
  if (world.log->size() == 0) return;
  EXPECT_EQ(ledger::read_log(world.replica_disk, "replica/log").size(), world.log->size());
}

TEST(Replicator, BringsTheTreeAndTheLog) {
  World world;
  const auto owners = world.settle(300);
  for (std::uint64_t n = 0; n < 20; ++n) world.enter(n);
  ASSERT_TRUE(world.replicator->step().ok());
  expect_same(world);
  for (std::size_t i = 0; i < 5; ++i) {
    world.erase(owners[i]);
    world.enter(100 + i);
    const int before = world.link->calls;
    ASSERT_TRUE(world.replicator->step().ok());
    EXPECT_LE(world.link->calls - before, 3);  // pages, root, leaves
    expect_same(world);
  }
  const Standing standing = world.replicator->standing();
  EXPECT_EQ(standing.link, LinkState::following);
  EXPECT_EQ(standing.epochs_behind + standing.leaves_behind, 0U);
  EXPECT_EQ(standing.behind_for.count(), 0);
  const auto look = look_at_replica(world.replica_disk, "replica").value();
  ASSERT_TRUE(look.has_value());
  EXPECT_EQ(look->epoch, world.keys->epoch());
  EXPECT_EQ(look->leaves, 25U);
}

/// More pages than one request of a commit is over.
void settle_large_tree(World& world) {
  constexpr std::size_t kPages = 2'048 + 256;
  for (int part = 0; part < 4; ++part) world.settle(kPages * keys::kFanout / 4);
}

// A root on the same holder is served between two requests: none of them may be as long as a tree.
TEST(Replicator, ALargeTreeIsCommittedInManyShortRequests) {
  World world;
  settle_large_tree(world);
  world.link->disk = &world.replica_disk;
  bool said_early = false;
  world.link->during_commit = [&] {
    const auto status = parse_status(
        world.replica->handle(Method::replica_status, encode(StatusRequest{1})).value());
    said_early = said_early || (status->epoch != 0 && world.link->commits < 4);
  };
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_GE(world.link->commits, 4U);
  EXPECT_LT(world.link->most, 2 * 2'048U + 50);
  EXPECT_FALSE(said_early);
  expect_same(world);
}

// An erasure that is intended, told and committed while a tree is on its way is not in that tree.
TEST(Replicator, AnIntentOutlastsACommitThatIsOlderThanItsOwn) {
  World world;
  const auto owners = world.settle(300 * keys::kFanout);
  std::optional<keys::Erasure> erasure;
  int requests = 0;
  world.link->on_pages = [&] {
    if (++requests == 1) erasure = world.intend(owners[0]);
    if (requests == 2) {
      EXPECT_EQ(world.replica->status().intents.size(), 1U);
      world.keys->commit(std::move(*erasure)).value();
    }
  };
  ASSERT_TRUE(world.replicator->step().ok());
  ASSERT_EQ(requests, 2);
  EXPECT_LT(world.replica->status().epoch, world.keys->epoch());
  EXPECT_EQ(world.replica->status().intents.size(), 1U);
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_EQ(world.replica->status().epoch, world.keys->epoch());
  EXPECT_TRUE(world.replica->status().intents.empty());
}

// The log at a replica is never ahead of its tree: whoever restores from it and is shown the log's
// newest checkpoint must not find the key there of somebody whose erasure that log has.
TEST(Replicator, TheLogNeverComesBeforeTheErasureThatItRecords) {
  World world;
  const auto owners = world.settle(10);
  world.enter(1);
  std::uint64_t erased_at = 0;
  world.link->after_commit = [&] {
    erased_at = world.erase(owners[0]);
    world.enter(2);
  };
  ASSERT_TRUE(world.replicator->step().ok());
  ASSERT_GT(erased_at, world.replica->status().epoch);
  EXPECT_EQ(world.replica->status().leaves, 1U);
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_EQ(world.replica->status().epoch, erased_at);
  EXPECT_EQ(world.replica->status().leaves, 2U);
}

TEST(Replicator, SaysHowFarBehindAReplicaIs) {
  World world;
  const auto owners = world.settle(10);
  ASSERT_TRUE(world.replicator->step().ok());
  world.link->cut = true;
  world.erase(owners[0]);
  world.replicator->wake();
  world.erase(owners[1]);
  world.enter(1);
  EXPECT_EQ(world.replicator->step().code(), Code::unavailable);
  Standing standing = world.replicator->standing();
  EXPECT_EQ(standing.link, LinkState::away);
  EXPECT_EQ(standing.epochs_behind, 2U);
  EXPECT_EQ(standing.leaves_behind, 1U);
  EXPECT_GT(standing.behind_for.count(), 0);
  // Nobody waits for one that is away.
  const base::Time began = world.steady.now();
  Replicas replicas(world.steady, {world.replicator.get()});
  EXPECT_TRUE(replicas.intend().ok());
  const auto all = replicas.await(world.keys->epoch(), seconds(5));
  EXPECT_LT(world.steady.now() - began, seconds(1));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].name, "second");
  EXPECT_EQ(all[0].behind, 2U);
  world.link->cut = false;
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_EQ(replicas.await(world.keys->epoch(), seconds(0))[0].behind, 0U);
  expect_same(world);
}

TEST(Replicator, TellsIntentsAndSettlesThemWithTheCommit) {
  World world;
  const auto owners = world.settle(10);
  ASSERT_TRUE(world.replicator->step().ok());
  auto erasure = world.intend(owners[3]);
  auto dropped = world.intend(owners[4]);
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_EQ(world.replica->status().intents.size(), 2U);
  // The commit comes, and its pages do not get through.
  world.link->without_pages = true;
  world.keys->commit(std::move(erasure)).value();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(world.replicator->step().code(), Code::unavailable);
  // The host is lost here: the replica knows that it lacks an erasure.
  EXPECT_EQ(world.replica->status().intents.size(), 2U);
  world.link->without_pages = false;
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_EQ(world.replica->status().intents.size(), 1U);
}

TEST(Replicator, RefusesAReplicaThatNamesAsManyIntentsAsItMay) {
  World world;
  const auto owners = world.settle(10);
  Intents all(kIntentsMax);
  std::iota(all.begin(), all.end(), 1'000);
  world.replica->handle(Method::replica_intend, encode(IntendRequest{1, all})).value();
  const auto erasure = world.intend(owners[3]);
  const auto stepped = world.replicator->step();
  ASSERT_FALSE(stepped.ok());
  EXPECT_EQ(stepped.code(), Code::too_large);
}

// The replica has not confirmed an epoch while the root before it stands there.
TEST(Replicator, ConfirmsOnlyWhatIsDestroyed) {
  World world;
  const auto owners = world.settle(10);
  ASSERT_TRUE(world.replicator->step().ok());
  const base::SecretBytes old = world.root_key();
  EXPECT_FALSE(world.replica_disk.find(old.view()).empty());
  for (std::uint64_t operations = 0;; ++operations) {
    ASSERT_LT(operations, 100U);
    if (operations == 0) world.erase(owners[0]);
    world.replica_disk.fail_after(operations);
    const bool done = world.replicator->step().ok();
    const bool confirmed = world.replicator->await(world.keys->epoch(), {}) >= world.keys->epoch();
    if (confirmed) {
      EXPECT_TRUE(world.replica_disk.find(old.view()).empty());
    }
    world.link->lead_to(nullptr);
    world.replica.reset();
    world.replica_disk.crash(world.entropy);
    world.reopen();
    if (done) break;
  }
  ASSERT_TRUE(world.replicator->step().ok());
  expect_same(world);
}

TEST(Replicator, AHostThatWasReplacedGoesNoFurther) {
  World world;
  const auto owners = world.settle(10);
  ASSERT_TRUE(world.replicator->step().ok());
  world.start(2);
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_EQ(world.replica->status().tree_incarnation, 2U);
  EXPECT_EQ(world.replicator->standing().epochs_behind, 0U);
  world.start(1);
  world.erase(owners[0]);
  EXPECT_EQ(world.replicator->step().code(), Code::denied);
  EXPECT_EQ(world.replicator->standing().link, LinkState::replaced);
  EXPECT_NE(world.replica->status().epoch, world.keys->epoch());
}

TEST(Replicator, AReplicaThatHasTheWrongPassphraseReplacesNobody) {
  World world;
  world.settle(10);
  ASSERT_TRUE(world.replicator->step().ok());
  const keys::CheapWrapping horse("correct horse");
  ReplicaPart part(world.replica_disk, world.clock, "replica", horse.get());
  world.link->lead_to(&part);
  EXPECT_FALSE(world.replicator->step().ok());  // by what it knew: asked anew, and told
  EXPECT_EQ(world.replicator->standing().link, LinkState::refusing);
  EXPECT_FALSE(world.replicator->replaced());
  world.link->lead_to(world.replica.get());
  EXPECT_TRUE(world.replicator->step().ok());
}

TEST(Replicator, RunsNoLongerWhenTheHostWasReplaced) {
  World world;
  world.start(2);
  ASSERT_TRUE(world.replicator->step().ok());
  world.start(1);
  world.replicator->run();  // returns without being stopped
  EXPECT_EQ(world.replicator->standing().link, LinkState::replaced);
}

TEST(Replicator, AsksNothingMoreOnceItIsStopped) {
  World world;
  world.settle(300);
  world.replicator->stop();
  EXPECT_EQ(world.replicator->step().code(), Code::unavailable);
  EXPECT_EQ(world.link->calls, 0);
}

// Without the chain of handovers the replica could not know the newer key from a stranger's.
TEST(Replicator, BringsTheLogUnderItsNextKey) {
  World world;
  world.enter(0);
  ASSERT_TRUE(world.replicator->step().ok());
  const auto old = ledger::test_signer();
  auto next = ledger::test_signer(8);
  ledger::Handover handover;
  handover.from = ledger::VerifierKey::of("log.example", old.public_key());
  handover.to = ledger::VerifierKey::of("log.example", next.public_key());
  handover.head = ledger::open_checkpoint(world.log->checkpoint(), handover.from).value().head;
  const std::string statement = ledger::sign_handover(handover, old, next);
  ledger::publish_handover(world.disk, "data/log", statement).value();
  world.log = ledger::Ledger::open(*world.store, world.disk, world.wait, world.clock, "data/log",
                                   "log.example", std::move(next))
                  .value();
  world.start(1);
  world.enter(1);
  ASSERT_TRUE(world.replicator->step().ok()) << world.replicator->step().error().chain();
  EXPECT_EQ(world.replicator->standing().leaves_behind, 0U);
  expect_same(world);
  EXPECT_EQ(base::text(base::read_file(world.replica_disk, "replica/log/keys", 9'999).value()),
            statement);
}

TEST(ReplicaEntry, IsRecordedOnceForEachTimeThatAReplicaComesAndGoes) {
  World world;
  const Known oslo{"oslo", {"holder.example", "7300"}, {1}};
  const Known other{"oslo", {"holder.example", "7300"}, {2}};
  const auto record = [&](auto how, const Known& who) {
    world.store
        ->write([&](store::Tx& tx) -> base::Result<void> {
          TRY(how(tx, *world.log, who));
          return {};
        })
        .value();
    while (true) {
      const std::uint64_t before = world.log->size();
      world.log->tick().value();
      if (world.log->size() == before) return before;
    }
  };
  EXPECT_EQ(record(record_added, oslo), 1U);
  EXPECT_EQ(record(record_added, oslo), 1U);
  EXPECT_EQ(record(record_added, other), 2U);
  EXPECT_EQ(record(record_retired, oslo), 3U);
  EXPECT_EQ(record(record_added, oslo), 4U) << "it comes back";
  EXPECT_EQ(record(record_added, oslo), 4U);
  EXPECT_EQ(record(record_retired, oslo), 5U);
  EXPECT_EQ(record(record_retired, other), 6U);
  EXPECT_EQ(record(record_retired, oslo), 8U) << "and is gone before the log has said so";
  const auto leaves = ledger::read_log(world.disk, "data/log");
  EXPECT_EQ(leaves[2].encode(), replica_leaf(ReplicaEvent::retired, oslo, 0).encode());
  EXPECT_EQ(leaves[3].encode(), replica_leaf(ReplicaEvent::added, oslo, 1).encode());
}

TEST(Replicator, MendsADamagedReplica) {
  World world;
  world.settle(300);
  ASSERT_TRUE(world.replicator->step().ok());
  auto tree = ReplicaTree::open(world.replica_disk, "replica").value();
  world.replica_disk.flip_bit("replica/keys.ktn", (tree->root().page * 4096 + 99) * 8).value();
  tree.reset();
  world.reopen();
  ASSERT_TRUE(world.replicator->step().ok());
  expect_same(world);
}

// The root in force comes again, in several requests: the first of them is not the end.
TEST(Replicator, MendsADamagedReplicaOfALargeTree) {
  World world;
  settle_large_tree(world);
  ASSERT_TRUE(world.replicator->step().ok());
  auto tree = ReplicaTree::open(world.replica_disk, "replica").value();
  world.replica_disk.flip_bit("replica/keys.ktn", (tree->root().page * 4096 + 99) * 8).value();
  tree.reset();
  world.reopen();
  EXPECT_EQ(world.replica->status().tree_incarnation, 0U);
  // It breaks in the middle once, and comes again from its beginning.
  world.link->after_commit = [&] { world.link->cut = true; };
  EXPECT_FALSE(world.replicator->step().ok());
  EXPECT_NE(world.replica->status().tree_incarnation, 1U);
  world.link->cut = false;
  ASSERT_TRUE(world.replicator->step().ok());
  expect_same(world);
  const int before = world.link->calls;
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_EQ(world.link->calls - before, 1) << "it has everything";
}

// With its own thread, over a link that loses, repeats and is cut, while the server works and the
// replica is started again: in the end both have the same.
TEST(Replicator, GetsOverABadLink) {
  World world;
  const auto owners = world.settle(400);
  Replicas replicas(world.steady, {world.replicator.get()});
  world.keys->on_commit([&] { replicas.wake(); });
  world.link->lossy = true;
  std::thread thread([&] { world.replicator->run(); });
  for (std::size_t i = 0; i < 120; ++i) {
    EXPECT_TRUE(replicas.intend().ok());
    const std::uint64_t epoch = world.erase(owners[i]);
    world.enter(i);
    if (i % 30 == 7) world.link->cut = true;
    if (i % 30 == 12) world.link->cut = false;
    if (i % 40 == 20) world.reopen();
    const auto all = replicas.await(epoch, milliseconds(50));
    ASSERT_LE(all[0].confirmed, world.keys->epoch());
  }
  world.link->lossy = false;
  world.link->cut = false;
  for (int i = 0; i < 600; ++i) {
    const Standing standing = world.replicator->standing();
    if (standing.epochs_behind + standing.leaves_behind == 0) break;
    world.replicator->wake();
    std::this_thread::sleep_for(milliseconds(100));
  }
  // Over a good one, an erasure is confirmed while it is waited for.
  for (std::size_t i = 120; i < 140; ++i) {
    EXPECT_TRUE(replicas.intend().ok());
    EXPECT_EQ(replicas.await(world.erase(owners[i]), seconds(10))[0].behind, 0U);
  }
  world.keys->on_commit({});
  world.replicator->stop();
  thread.join();
  expect_same(world);
  EXPECT_TRUE(world.replica->status().intents.empty());
}

}  // namespace
}  // namespace holder

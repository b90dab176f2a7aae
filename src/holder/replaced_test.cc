// A server that another host has replaced, as its replica tells it, and one that goes on with a
// tree that the replica does not have.
#include <gtest/gtest.h>

#include <thread>

#include "base/mandate.h"
#include "holder/replicas.h"
#include "holder/replicator_testing.h"

namespace holder {
namespace {

using base::Code;
using base::OwnerId;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// The replica, following in a thread of its own as the server has it.
struct Following {
  explicit Following(World& its_world) : world(its_world) {
    world.replicator->step().value();
    thread = std::thread([this] { world.replicator->run(); });
  }
  ~Following() {
    world.replicator->stop();
    thread.join();
  }
  World& world;
  Replicas replicas{world.steady, {world.replicator.get()}};
  std::thread thread;
};

void another_takes_over(World& world) {
  world.replica->handle(Method::replica_status, encode(StatusRequest{2})).value();
}

TEST(Replaced, IsSaidBeforeAnErasureIsCommitted) {
  World world;
  const auto owners = world.settle(2);
  Following following(world);
  const auto erasure = world.intend(owners[0]);
  EXPECT_TRUE(following.replicas.intend().ok());
  EXPECT_EQ(world.replica->status().intents.size(), 1U);
  another_takes_over(world);
  const auto other = world.intend(owners[1]);
  EXPECT_EQ(following.replicas.intend().code(), Code::unavailable);
  EXPECT_EQ(following.replicas.intend().code(), Code::unavailable) << "and whenever it is asked";
  EXPECT_EQ(world.replica->status().intents.size(), 1U);
}

TEST(Replaced, IsAskedAnewBeforeTheLogIsSigned) {
  World world;
  world.settle(1);
  world.enter(1);
  Following following(world);
  base::Mandate mandate(world.wait);
  mandate.ask_with([&] { return following.replicas.say_replaced(); });
  const int before = world.link->calls;
  EXPECT_TRUE(mandate.confirm().ok());
  EXPECT_GT(world.link->calls, before);
  another_takes_over(world);
  EXPECT_TRUE(mandate.check().ok()) << "nobody has said it yet";
  EXPECT_EQ(mandate.confirm().code(), Code::unavailable);
}

TEST(Replaced, IsNotAskedOfAReplicaThatIsAway) {
  World world;
  world.settle(1);
  Following following(world);
  world.link->cut = true;
  world.replicator->wake();
  while (world.replicator->standing().link != LinkState::away)
    std::this_thread::sleep_for(milliseconds(1));
  another_takes_over(world);
  const base::Time from = world.steady.now();
  EXPECT_FALSE(following.replicas.say_replaced());
  EXPECT_TRUE(following.replicas.intend().ok());
  EXPECT_LT(world.steady.now() - from, milliseconds(500));
}

// Two hosts went on from one state: the newer one's tree counts, also where it has come no further.
TEST(Replaced, ItsTreeOfTheSameEpochGivesWay) {
  World world;
  const auto owners = world.settle(5);
  ASSERT_TRUE(world.replicator->step().ok());
  const auto older = world.disk.live();
  const std::uint64_t epoch = world.keys->epoch();
  world.keys->mint(std::array{OwnerId::random(world.entropy)}).value();
  ASSERT_TRUE(world.replicator->step().ok());
  // The new host began from a replica that lagged.
  world.replicator.reset();
  world.keys.reset();
  world.root.reset();
  world.disk.put(older);
  world.root = keys::FileRootHolder::open(world.disk, "root").value();
  world.keys = keys::Keys::open(*world.store, *world.root, world.disk, world.wait, world.entropy,
                                "data/keys.ktn")
                   .value();
  ASSERT_EQ(world.keys->epoch(), epoch);
  world.keys->mint(std::array{OwnerId::random(world.entropy)}).value();
  world.start(2);
  ASSERT_EQ(world.replica->status().epoch, world.keys->epoch());
  EXPECT_EQ(world.replicator->step().code(), Code::conflict) << "it has another of that epoch";
  ASSERT_TRUE(world.replicator->step().ok());
  EXPECT_EQ(world.replica->status().tree_incarnation, 2U);
  const auto tree = ReplicaTree::open(world.replica_disk, "replica").value();
  EXPECT_TRUE(tree->whole());
  EXPECT_EQ(tree->root().key, world.root_key());
  // One host alone never has two.
  world.start(2);
  EXPECT_TRUE(world.replicator->step().ok());
}

}  // namespace
}  // namespace holder

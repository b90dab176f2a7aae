#include "ledger/ledger.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "base/faulty_disk.h"
#include "base/fiber_wait.h"
#include "ledger/leaf_table.h"
#include "ledger/testing.h"
#include "store/testing.h"

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr const char* kOrigin = "log.example/test";

/// A store on the real disk, and a log on one in memory.
struct World {
  base::ThreadWait wait;
  base::ManualClock clock{base::Time(base::Duration(0))};
  store::TemporaryStore store{{Ledger::schema()}};
  base::FaultyDisk disk{wait};
  std::unique_ptr<Ledger> ledger;

  World() { open().value(); }
  Result<void> open(std::uint8_t seed = 7) {
    ledger.reset();
    ledger = TRY(Ledger::open(*store, disk, wait, clock, "log", kOrigin, test_signer(seed)));
    return {};
  }
  /// Appends leaves `from` to `to` in one transaction; answers the last one's ticket.
  Ticket append(std::uint64_t from, std::uint64_t to) {
    Ticket last{};
    store
        ->write([&](store::Tx& tx) -> Result<void> {
          for (std::uint64_t n = from; n < to; ++n) last = TRY(ledger->append(tx, test_leaf(n)));
          return {};
        })
        .value();
    return last;
  }
  std::uint64_t add(std::uint64_t from, std::uint64_t to) {
    return ledger->await(append(from, to)).value();
  }
  void run(base::Literal sql) {
    store
        ->write([&](store::Tx& tx) -> Result<void> {
          TRY(tx.run(sql, {}));
          return {};
        })
        .value();
  }
  VerifierKey key() { return parse_verifier_key(ledger->verifier_key()).value(); }
};

void expect_leaves(World& world, std::uint64_t count) {
  const auto leaves = read_log(world.disk, "log");
  ASSERT_EQ(leaves.size(), count);
  for (std::uint64_t n = 0; n < count; ++n) {
    EXPECT_EQ(leaves[n].label, test_leaf(n).label);
    EXPECT_EQ(leaves[n].commit, test_leaf(n).commit);
  }
}

TEST(Leaf, IsVersionLabelCommit) {
  const Leaf leaf = test_leaf(3);
  const base::Bytes entry = leaf.encode();
  ASSERT_EQ(entry.size(), kLeafBytes);
  EXPECT_EQ(base::hex(entry), "01" + base::hex(leaf.label) + base::hex(leaf.commit));
  EXPECT_EQ(Leaf::decode(entry).value().commit, leaf.commit);
  base::Bytes other = entry;
  other[0] = 2;
  EXPECT_EQ(Leaf::decode(other).code(), Code::corrupt);
  EXPECT_EQ(Leaf::decode(base::View(entry).first(64)).code(), Code::corrupt);
}

TEST(Ledger, ANewLogIsPublishedEmpty) {
  World world;
  EXPECT_EQ(world.ledger->size(), 0U);
  const Checkpoint checkpoint = open_checkpoint(world.ledger->checkpoint(), world.key()).value();
  EXPECT_EQ(checkpoint.head, (TreeHead{0, empty_root()}));
  EXPECT_TRUE(read_log(world.disk, "log").empty());
  EXPECT_EQ(world.ledger->prove(0).code(), Code::missing);
  EXPECT_EQ(base::text(world.disk.live().at("log/key")), world.ledger->verifier_key() + "\n");
}

TEST(Ledger, AwaitedLeavesAreProvable) {
  World world;
  EXPECT_EQ(world.add(0, 1), 0U);
  EXPECT_EQ(world.add(1, 300), 299U);
  EXPECT_EQ(world.ledger->size(), 300U);
  EXPECT_EQ(base::text(world.disk.live().at("log/checkpoint")), world.ledger->checkpoint());
  for (const std::uint64_t index : {0U, 255U, 256U, 299U}) {
    const InclusionProof proof = parse_proof(world.ledger->prove(index).value()).value();
    EXPECT_EQ(proof.index, index);
    EXPECT_EQ(proof.checkpoint, world.ledger->checkpoint());
    const Checkpoint checkpoint = open_checkpoint(proof.checkpoint, world.key()).value();
    EXPECT_TRUE(
        verify_inclusion(index, hash_leaf(test_leaf(index).encode()), checkpoint.head, proof.hashes)
            .ok());
  }
  expect_leaves(world, 300);
}

TEST(Ledger, WhatNobodyAwaitsIsSequencedByTick) {
  World world;
  world.append(0, 5);
  EXPECT_EQ(world.ledger->size(), 0U);
  ASSERT_TRUE(world.ledger->tick().ok());
  EXPECT_EQ(world.ledger->size(), 5U);
  const auto before = world.disk.operations();
  ASSERT_TRUE(world.ledger->tick().ok());
  EXPECT_EQ(world.disk.operations(), before);  // nothing to do, nothing done
  expect_leaves(world, 5);
}

TEST(Ledger, TheSameLabelIsTheSameEntry) {
  World world;
  const Ticket first = world.append(0, 1);
  world.append(1, 4);
  EXPECT_EQ(world.append(0, 1), first);
  EXPECT_EQ(world.ledger->await(first).value(), 0U);
  EXPECT_EQ(world.append(0, 1), first);  // also once it is published
  Leaf other = test_leaf(0);
  other.commit[0] ^= 1;
  const auto refused = world.store->write([&](store::Tx& tx) -> Result<void> {
    TRY(world.ledger->append(tx, other));
    return {};
  });
  EXPECT_EQ(refused.code(), Code::conflict);
  EXPECT_EQ(world.ledger->size(), 4U);
}

TEST(Ledger, ARolledBackLeafLeavesNoGap) {
  World world;
  Ticket lost{};
  EXPECT_FALSE(world.store
                   ->write([&](store::Tx& tx) -> Result<void> {
                     lost = TRY(world.ledger->append(tx, test_leaf(99)));
                     return Error{Code::denied, "not after all"};
                   })
                   .ok());
  EXPECT_EQ(world.ledger->await(lost).code(), Code::missing);
  world.add(0, 3);
  expect_leaves(world, 3);
}

TEST(Ledger, PartialTilesStayUntilTheyAreFull) {
  World world;
  world.add(0, 10);
  world.add(10, 20);
  EXPECT_TRUE(world.disk.live().contains("log/tile/0/000.p/10"));
  EXPECT_TRUE(world.disk.live().contains("log/tile/0/000.p/20"));
  world.add(20, 256);
  for (const auto& [path, bytes] : world.disk.live())
    EXPECT_FALSE(path.starts_with("log/tile/0/000.p") || path.starts_with("log/tile/entries/000.p"))
        << path;
  EXPECT_TRUE(world.disk.live().contains("log/tile/1/000.p/1"));
  expect_leaves(world, 256);
}

TEST(Ledger, GoesOnAfterReopening) {
  World world;
  world.add(0, 255);
  for (const std::uint64_t next : {256U, 257U, 512U, 600U}) {
    world.store.reopen();
    ASSERT_TRUE(world.open().ok());
    const std::uint64_t size = world.ledger->size();
    world.add(size, next);
    expect_leaves(world, next);
  }
}

TEST(Ledger, ReopeningUntouchedWritesNothing) {
  World world;
  world.add(0, 700);
  const auto before = world.disk.live();
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.disk.live(), before);
}

TEST(Ledger, AnyMissingOrWrongFileIsMadeAgainAsItWas) {
  World world;
  world.add(0, 530);
  const auto files = world.disk.live();
  for (const auto& [path, bytes] : files) {
    ASSERT_TRUE(world.disk.remove(path).ok());
    ASSERT_TRUE(world.open().ok()) << path;
    EXPECT_EQ(world.disk.live(), files) << path;
  }
  // The edge and what a proof needs are read at the start; the rest is `ledger verify`'s.
  ASSERT_TRUE(world.disk.flip_bit("log/tile/0/002.p/18", 77).ok());
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.disk.live(), files);
  for (const auto& [path, bytes] : files) ASSERT_TRUE(world.disk.remove(path).ok());
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.disk.live(), files);
}

TEST(Ledger, ARolledBackDirectoryIsDetected) {
  World world;
  world.add(0, 10);
  const auto old = world.disk.live();
  world.add(10, 20);
  world.disk.put(old);
  EXPECT_EQ(world.open().code(), Code::corrupt);
}

TEST(Ledger, ARolledBackStoreIsDetected) {
  World world;
  world.add(0, 10);
  // As if the database had come out of a backup: fewer leaves, and an older tree remembered.
  world.run("DELETE FROM ledger_leaf WHERE id > 6");
  world.run("DELETE FROM ledger_head");
  EXPECT_EQ(world.open().code(), Code::corrupt);
  // Nor do other leaves in their place help.
  ASSERT_TRUE(world.store
                  ->write([](store::Tx& tx) -> Result<void> {
                    for (std::uint64_t n = 100; n < 104; ++n)
                      TRY(LeafTable::append(tx, test_leaf(n)));
                    return {};
                  })
                  .ok());
  EXPECT_EQ(world.open().code(), Code::corrupt);
}

TEST(Ledger, AnEmptyStoreBesideAPublishedLogIsRefused) {
  World world;
  world.add(0, 3);
  world.run("DELETE FROM ledger_leaf");
  world.run("DELETE FROM ledger_head");
  EXPECT_EQ(world.open().code(), Code::corrupt);
}

TEST(Ledger, ALeafChangedInTheStoreIsDetected) {
  World world;
  world.add(0, 10);
  world.run("UPDATE ledger_leaf SET digest = zeroblob(32) WHERE id = 9");
  EXPECT_EQ(world.open().code(), Code::corrupt);
}

TEST(Ledger, ACheckpointOfAnotherKeyOrOriginIsRefused) {
  World world;
  world.add(0, 3);
  EXPECT_EQ(world.open(8).code(), Code::corrupt);
  EXPECT_EQ(Ledger::open(*world.store, world.disk, world.wait, world.clock, "log", "log.other",
                         test_signer())
                .code(),
            Code::corrupt);
  EXPECT_EQ(Ledger::open(*world.store, world.disk, world.wait, world.clock, "log", "two words",
                         test_signer())
                .code(),
            Code::invalid);
  EXPECT_TRUE(world.open().ok());
}

TEST(Ledger, ACrashBeforeTheTreeIsRememberedIsRecovered) {
  World world;
  world.add(0, 10);
  const TreeHead old = open_checkpoint(world.ledger->checkpoint(), world.key()).value().head;
  world.add(10, 300);
  const auto files = world.disk.live();
  ASSERT_TRUE(world.store
                  ->write([&](store::Tx& tx) -> Result<void> {
                    TRY(tx.run("UPDATE ledger_head SET size = ?, root = ?", {old.size, old.root}));
                    return {};
                  })
                  .ok());
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.ledger->size(), 300U);
  EXPECT_EQ(world.disk.live(), files);
  // But a remembered tree that the published one does not begin with is a rewritten log.
  ASSERT_TRUE(world.store
                  ->write([&](store::Tx& tx) -> Result<void> {
                    TRY(tx.run("UPDATE ledger_head SET size = ?, root = ?", {10, Digest{}}));
                    return {};
                  })
                  .ok());
  EXPECT_EQ(world.open().code(), Code::corrupt);
}

TEST(Ledger, AStoreOfTheFirstVersionGoesOn) {
  World world;
  world.add(0, 300);
  ASSERT_TRUE(world.open().ok());  // from here on all tiles are durable
  const auto opening = [&] {
    const auto before = world.disk.operations();
    world.store.reopen();
    EXPECT_TRUE(world.open().ok());
    return world.disk.operations() - before;
  };
  const auto untouched = opening();
  world.run("ALTER TABLE ledger_head DROP COLUMN settled_size");
  world.run("UPDATE schema_version SET version = 1 WHERE module = 'ledger'");
  EXPECT_EQ(opening(), untouched);  // as they were in that version: they are not made again
  world.add(300, 310);
  expect_leaves(world, 310);
}

TEST(Ledger, AFullDiskIsSaidAndSequencingGoesOnAfterwards) {
  World world;
  world.add(0, 10);
  world.disk.set_space(2000);
  const Ticket ticket = world.append(10, 400);
  EXPECT_EQ(world.ledger->await(ticket).code(), Code::full);
  EXPECT_EQ(world.ledger->size(), 10U);
  world.disk.set_space(1 << 20);
  EXPECT_EQ(world.ledger->await(ticket).value(), 399U);
  expect_leaves(world, 400);
}

TEST(Ledger, ThreadsShareCheckpointsAndEachHasItsProof) {
  World world;
  constexpr std::uint64_t kThreads = 16;
  constexpr std::uint64_t kEach = 25;
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < kEach; ++i) {
        const std::uint64_t n = t * kEach + i;
        const std::uint64_t index = world.add(n, n + 1);
        const InclusionProof proof = parse_proof(world.ledger->prove(index).value()).value();
        const Checkpoint checkpoint = open_checkpoint(proof.checkpoint, world.key()).value();
        EXPECT_TRUE(
            verify_inclusion(index, hash_leaf(test_leaf(n).encode()), checkpoint.head, proof.hashes)
                .ok());
      }
    });
  for (auto& thread : threads) thread.join();
  std::set<Digest> labels;
  for (const Leaf& leaf : read_log(world.disk, "log")) labels.insert(leaf.label);
  EXPECT_EQ(labels.size(), kThreads * kEach);
}

TEST(Ledger, EveryInterleavingOfFibersAnswersRightly) {
  for (std::uint64_t seed = 0; seed < 15; ++seed) {
    base::ManualClock clock{base::Time(base::Duration(0))};
    base::FiberWait wait(seed, clock);
    const store::TemporaryDirectory directory;
    const std::vector<store::Schema> schemas = {Ledger::schema()};
    const auto store = store::Store::open(wait, directory.file("store.db"), schemas).value();
    base::FaultyDisk disk(wait);
    const auto ledger =
        Ledger::open(*store, disk, wait, clock, "log", kOrigin, test_signer()).value();
    std::set<std::uint64_t> indices;
    std::set<std::string> checkpoints;
    for (std::uint64_t n = 0; n < 12; ++n)
      wait.spawn([&, n] {
        Ticket ticket{};
        const auto written = store->write([&](store::Tx& tx) -> Result<void> {
          ticket = TRY(ledger->append(tx, test_leaf(n)));
          return {};
        });
        EXPECT_TRUE(written.ok());
        const auto index = ledger->await(ticket);
        ASSERT_TRUE(index.ok());
        indices.insert(*index);
        checkpoints.insert(ledger->checkpoint());
        EXPECT_TRUE(ledger->prove(*index).ok());
      });
    wait.spawn([&] {
      for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(ledger->tick().ok());
        wait.sleep(std::chrono::milliseconds(1));
      }
    });
    ASSERT_TRUE(wait.run().ok()) << seed;
    EXPECT_EQ(indices.size(), 12U);
    EXPECT_LT(checkpoints.size(), 12U) << "nobody shared a checkpoint";
    EXPECT_EQ(read_log(disk, "log").size(), 12U);
  }
}

// Another host signs under the same name from here on.
TEST(Ledger, SignsNothingOnceItsMandateHasEnded) {
  World world;
  world.add(0, 3);
  base::Mandate mandate(world.wait);
  world.ledger.reset();
  world.ledger = Ledger::open(*world.store, world.disk, world.wait, world.clock, "log", kOrigin,
                              test_signer(), &mandate)
                     .value();
  world.add(3, 5);
  bool over = false;
  int asked = 0;
  mandate.ask_with([&] {
    ++asked;
    return over;
  });
  EXPECT_TRUE(world.ledger->tick().ok());
  EXPECT_EQ(asked, 0) << "nothing is to be signed";
  world.add(5, 6);
  EXPECT_EQ(asked, 1);
  over = true;
  const Ticket late = world.append(6, 8);
  const std::string before = world.ledger->checkpoint();
  EXPECT_EQ(world.ledger->await(late).code(), Code::unavailable);
  EXPECT_EQ(world.ledger->tick().code(), Code::unavailable);
  EXPECT_EQ(asked, 2) << "it has ended for good";
  EXPECT_EQ(world.ledger->checkpoint(), before);
  EXPECT_EQ(world.ledger->size(), 6U);
  EXPECT_EQ(base::text(world.disk.live().at("log/checkpoint")), before);
}

}  // namespace
}  // namespace ledger

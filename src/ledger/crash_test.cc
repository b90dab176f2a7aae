// The power goes at every single operation of the disk, and takes tiles with it that a checkpoint
// promises. After each, once the log is open again: what was awaited stands at its index, no size
// was ever signed with two roots, every tile is there, and the log goes on.
#include <gtest/gtest.h>

#include <map>

#include "base/faulty_disk.h"
#include "ledger/ledger.h"
#include "ledger/testing.h"
#include "store/testing.h"

namespace ledger {
namespace {

using base::Result;

class Crashing {
 public:
  explicit Crashing(std::uint64_t seed) : entropy_(seed) {}

  /// Opens and runs to the end, unless the power goes; false where it did.
  bool run(std::uint64_t operations_max) {
    disk_.fail_after(operations_max);
    const bool whole = script().ok();
    ledger_.reset();
    look();
    disk_.crash(entropy_);
    look();
    store_.reopen();
    return whole;
  }

  /// After run(): everything that was promised holds.
  void verify() {
    ASSERT_TRUE(script().ok());
    const auto leaves = read_log(disk_, "log");
    ASSERT_EQ(leaves.size(), kLast);
    for (const auto& [index, n] : awaited_) EXPECT_EQ(leaves[index].label, test_leaf(n).label);
    look();
    for (const auto& [size, root] : roots_)
      EXPECT_EQ(naive_root(std::span(leaves).first(size)), root) << size;
  }

 private:
  static constexpr std::uint64_t kLast = 262;

  Result<void> script() {
    ledger_ = TRY(Ledger::open(*store_, disk_, wait_, clock_, "log", kOrigin, test_signer()));
    std::uint64_t from = 0;
    for (const std::uint64_t to : {2UL, 3UL, 257UL, 259UL, kLast}) {
      Ticket ticket{};
      TRY(store_->write([&](store::Tx& tx) -> Result<void> {
        for (std::uint64_t n = from; n < to; ++n) ticket = TRY(ledger_->append(tx, test_leaf(n)));
        return {};
      }));
      const std::uint64_t index = TRY(ledger_->await(ticket));
      awaited_[index] = to - 1;
      from = to;
      look();
    }
    return {};
  }

  /// Notes the published checkpoint, as anybody might have fetched it.
  void look() {
    const auto files = disk_.live();
    const auto found = files.find("log/checkpoint");
    if (found == files.end()) return;
    const auto checkpoint = open_checkpoint(base::text(found->second), key_of());
    ASSERT_TRUE(checkpoint.ok());
    const auto [at, fresh] = roots_.emplace(checkpoint->head.size, checkpoint->head.root);
    EXPECT_EQ(at->second, checkpoint->head.root) << "two roots were signed for one size";
  }

  base::SeededEntropy entropy_;
  base::ThreadWait wait_;
  base::ManualClock clock_{base::Time(base::Duration(0))};
  store::TemporaryStore store_{{Ledger::schema()}};
  base::FaultyDisk disk_{wait_};
  std::unique_ptr<Ledger> ledger_;
  std::map<std::uint64_t, std::uint64_t> awaited_;  // index -> which leaf
  std::map<std::uint64_t, Digest> roots_;
};

TEST(LedgerCrash, AtEveryOperationOfTheDisk) {
  std::uint64_t operations = 0;
  for (bool whole = false; !whole; ++operations) {
    Crashing crashing(operations);
    whole = crashing.run(operations);
    crashing.verify();
    if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "operation " << operations;
  }
  EXPECT_GT(operations, 100U);
}

TEST(LedgerCrash, AgainWhileRecovering) {
  std::uint64_t crashes = 0;
  for (const std::uint64_t first : {20UL, 45UL, 70UL, 95UL, 120UL})
    for (std::uint64_t second = 1; second < 40; second += 3) {
      Crashing crashing(first * 100 + second);
      crashes += crashing.run(first) ? 0 : 1;
      crashes += crashing.run(second) ? 0 : 1;
      crashing.verify();
      if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << first << ", " << second;
    }
  EXPECT_GT(crashes, 100U);
}

/// A log on a disk in memory, and how many leaves it was given.
struct World {
  base::ThreadWait wait;
  base::ManualClock clock{base::Time(base::Duration(0))};
  store::TemporaryStore store{{Ledger::schema()}};
  base::FaultyDisk disk{wait};
  std::unique_ptr<Ledger> ledger;
  std::uint64_t size = 0;

  World() { open(); }
  void open() {
    ledger.reset();
    ledger = Ledger::open(*store, disk, wait, clock, "log", kOrigin, test_signer()).value();
  }
  /// Leaves up to that many.
  Result<std::uint64_t> publish(std::uint64_t to) {
    Ticket ticket{};
    store
        ->write([&](store::Tx& tx) -> Result<void> {
          for (; size < to; ++size) ticket = TRY(ledger->append(tx, test_leaf(size)));
          return {};
        })
        .value();
    return ledger->await(ticket);
  }
};

// More leaves than are made durable at once: of the tiles some are durable, and the rest is lost.
TEST(LedgerCrash, TilesBehindThoseThatAreDurableAreMadeAgain) {
  World world;
  for (const std::uint64_t to : {65'000UL, 66'000UL, 67'000UL}) world.publish(to).value();
  // With the tile above them, the first 66,000 were made durable.
  EXPECT_FALSE(world.disk.durable()["log/tile/1/000"].empty());
  EXPECT_TRUE(world.disk.durable()["log/tile/0/260"].empty());
  world.disk.crash();
  world.open();
  EXPECT_EQ(read_log(world.disk, "log").size(), world.size);
  EXPECT_FALSE(world.disk.durable()["log/tile/0/260"].empty());
}

// The sync that should make many tiles durable fails and loses them: a later one does not make up
// for it, so that they are written again.
TEST(LedgerCrash, TilesThatASyncHasLostAreWrittenAgain) {
  World world;
  ASSERT_TRUE(world.publish(64'000).ok());
  ASSERT_TRUE(world.publish(65'300).ok());  // published, and not synced before there are 65,536
  world.disk.fail_syncs("log", 1);
  ASSERT_EQ(world.publish(66'000).code(), base::Code::io);
  ASSERT_TRUE(world.publish(66'001).ok());
  world.ledger.reset();
  world.disk.crash();
  world.open();
  EXPECT_EQ(read_log(world.disk, "log").size(), world.size);
}

// Nor can what was lost be read back, whenever memory drops it: it is made again from the leaves,
// and what is no part of the tree any more goes.
TEST(LedgerCrash, TilesThatASyncHasLostAreNeverReadBack) {
  World world;
  ASSERT_TRUE(world.publish(64'000).ok());
  ASSERT_TRUE(world.publish(65'290).ok());
  ASSERT_TRUE(world.publish(65'300).ok());
  world.disk.fail_syncs("log", 2);  // and the first try to mend it fails as well
  for (const std::uint64_t to : {66'000UL, 66'001UL}) {
    ASSERT_EQ(world.publish(to).code(), base::Code::io);
    world.disk.evict();
  }
  ASSERT_TRUE(world.publish(66'002).ok());
  EXPECT_EQ(read_log(world.disk, "log").size(), world.size);
  expect_no_wrong_file(world.disk, "log", world.size);
  world.ledger.reset();
  world.disk.crash();
  EXPECT_EQ(read_log(world.disk, "log").size(), world.size);
  expect_no_wrong_file(world.disk, "log", world.size);
  world.open();
  EXPECT_EQ(read_log(world.disk, "log").size(), world.size);
}

}  // namespace
}  // namespace ledger

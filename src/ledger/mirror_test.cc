#include "ledger/mirror.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "ledger/handover.h"
#include "ledger/leaf_table.h"
#include "ledger/testing.h"
#include "store/testing.h"

namespace ledger {
namespace {

using base::Code;
using base::Result;

struct World {
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  std::unique_ptr<Mirror> mirror;

  World() { open().value(); }
  Result<void> open() {
    mirror.reset();
    mirror = TRY(Mirror::open(disk, "copy"));
    return {};
  }
  Result<void> follow(std::uint64_t to) {
    const std::uint64_t from = mirror->staged();
    TRY(mirror->stage(from, some_leaves(from, to)));
    return mirror->publish(signed_at(to), key_of().str());
  }
};

TEST(Mirror, HasTheSameFilesAsTheLog) {
  World world;
  EXPECT_EQ(world.mirror->size(), 0U);
  EXPECT_FALSE(world.mirror->checkpoint().has_value());
  for (const std::uint64_t to : {0UL, 1UL, 255UL, 256UL, 700UL}) {
    ASSERT_TRUE(world.follow(to).ok()) << to;
    EXPECT_EQ(world.mirror->size(), to);
    EXPECT_EQ(world.mirror->checkpoint(), signed_at(to));
    EXPECT_EQ(read_log(world.disk, "copy").size(), to);
  }
  // Durable, all of it.
  world.disk.crash();
  EXPECT_EQ(read_log(world.disk, "copy").size(), 700U);
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.mirror->checkpoint(), signed_at(700));
  ASSERT_TRUE(world.follow(701).ok());
  EXPECT_EQ(read_log(world.disk, "copy").size(), 701U);
}

TEST(Mirror, StagesWithoutHolesAndPassesOverWhatIsThere) {
  World world;
  ASSERT_TRUE(world.follow(10).ok());
  EXPECT_EQ(world.mirror->stage(11, some_leaves(11, 12)).code(), Code::invalid);
  ASSERT_TRUE(world.mirror->stage(4, some_leaves(4, 14)).ok());
  ASSERT_TRUE(world.mirror->stage(0, some_leaves(0, 3)).ok());
  ASSERT_TRUE(world.mirror->stage(12, some_leaves(12, 20)).ok());
  EXPECT_EQ(world.mirror->staged(), 20U);
  EXPECT_EQ(world.mirror->size(), 10U);
  // A checkpoint that covers a part of it; the rest stays staged.
  ASSERT_TRUE(world.mirror->publish(signed_at(13), key_of().str()).ok());
  EXPECT_EQ(world.mirror->size(), 13U);
  EXPECT_EQ(world.mirror->staged(), 20U);
  ASSERT_TRUE(world.mirror->publish(signed_at(20), key_of().str()).ok());
  EXPECT_EQ(read_log(world.disk, "copy").back().label, test_leaf(19).label);
}

TEST(Mirror, SaysHowAShownCheckpointStandsToIt) {
  World world;
  EXPECT_EQ(world.mirror->compare(signed_at(10)).value(), Shown::other) << "it has no key yet";
  ASSERT_TRUE(world.follow(300).ok());
  EXPECT_EQ(world.mirror->compare(signed_at(300)).value(), Shown::same);
  EXPECT_EQ(world.mirror->compare(signed_at(299)).value(), Shown::older);
  EXPECT_EQ(world.mirror->compare(signed_at(1)).value(), Shown::older);
  EXPECT_EQ(world.mirror->compare(signed_at(301)).value(), Shown::newer);
  EXPECT_EQ(world.mirror->compare(signed_at(301, 8)).value(), Shown::other) << "another's key";
  EXPECT_EQ(world.mirror->compare("nonsense").value(), Shown::other);
  for (const std::uint64_t size : {300U, 200U})
    EXPECT_EQ(
        world.mirror->compare(sign_checkpoint({kOrigin, {size, Digest{}}}, test_signer())).value(),
        Shown::other)
        << "another history";
}

TEST(Mirror, RefusesShorterAndOtherTreesAndKeepsWhatIsThere) {
  World world;
  ASSERT_TRUE(world.follow(300).ok());
  const auto files = world.disk.live();
  EXPECT_EQ(world.mirror->publish(signed_at(299), key_of().str()).code(), Code::conflict);
  EXPECT_EQ(world.mirror->publish(signed_at(301), key_of().str()).code(), Code::conflict);
  EXPECT_EQ(world.mirror->publish(signed_at(300, 8), key_of().str()).code(), Code::conflict);
  EXPECT_EQ(world.mirror->publish(signed_at(300, 8), key_of(8).str()).code(), Code::conflict);
  EXPECT_EQ(world.mirror->publish(signed_at(300), "nonsense").code(), Code::invalid);
  const TreeHead other{300, Digest{}};
  EXPECT_EQ(world.mirror->publish(sign_checkpoint({kOrigin, other}, test_signer()), key_of().str())
                .code(),
            Code::conflict);
  EXPECT_EQ(world.disk.live(), files);

  ASSERT_TRUE(world.mirror->stage(300, some_leaves(900, 901)).ok());
  EXPECT_EQ(world.mirror->publish(signed_at(301), key_of().str()).code(), Code::conflict);
  EXPECT_EQ(read_log(world.disk, "copy").size(), 300U);
  world.mirror->unstage();
  ASSERT_TRUE(world.follow(301).ok());
}

TEST(Mirror, TakesANewerKeyOnceItHasTheHandover) {
  World world;
  ASSERT_TRUE(world.follow(10).ok());
  ASSERT_TRUE(world.mirror->stage(10, some_leaves(10, 11)).ok());
  EXPECT_EQ(world.mirror->publish(signed_at(11, 8), key_of(8).str()).code(), Code::conflict);
  const auto chain_of = [](std::uint8_t from, std::uint8_t to) {
    Handover handover;
    handover.from = key_of(from);
    handover.to = key_of(to);
    handover.head.size = 10;
    return sign_handover(handover, test_signer(from), test_signer(to));
  };
  EXPECT_EQ(world.mirror->hand_over(chain_of(9, 8)).code(), Code::conflict);
  EXPECT_EQ(world.mirror->hand_over("nonsense").code(), Code::conflict);
  ASSERT_TRUE(world.mirror->hand_over(chain_of(7, 8)).ok());
  ASSERT_TRUE(world.mirror->hand_over(chain_of(7, 8)).ok());
  EXPECT_EQ(world.mirror->hand_over(chain_of(7, 6)).code(), Code::conflict);
  const auto before = world.disk.live();
  ASSERT_TRUE(world.mirror->publish(signed_at(11, 8), key_of(8).str()).ok());
  EXPECT_EQ(read_log(world.disk, "copy").size(), 11U);
  // Never back, and a crash between checkpoint and key file is no damage.
  ASSERT_TRUE(world.mirror->stage(11, some_leaves(11, 12)).ok());
  EXPECT_EQ(world.mirror->publish(signed_at(12), key_of().str()).code(), Code::conflict);
  world.disk.put({{"copy/key", before.at("copy/key")}});
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.mirror->size(), 11U);
}

TEST(Mirror, GivesItsLeaves) {
  World world;
  ASSERT_TRUE(world.follow(600).ok());
  std::vector<Leaf> all;
  while (all.size() < 600) {
    const auto part = world.mirror->leaves(all.size(), 77).value();
    ASSERT_FALSE(part.empty());
    ASSERT_LE(part.size(), 77U);
    all.insert(all.end(), part.begin(), part.end());
  }
  const auto expected = some_leaves(0, 600);
  EXPECT_EQ(naive_root(std::span<const Leaf>(all)), naive_root(std::span<const Leaf>(expected)));
  EXPECT_TRUE(world.mirror->leaves(600, 10).value().empty());
}

TEST(Mirror, DamageIsFoundWhenItIsOpened) {
  World world;
  ASSERT_TRUE(world.follow(300).ok());
  const auto files = world.disk.live();
  for (const char* path : {"copy/checkpoint", "copy/key", "copy/tile/0/001.p/44"}) {
    ASSERT_TRUE(world.disk.flip_bit(path, 101).ok());
    EXPECT_EQ(world.open().code(), Code::corrupt) << path;
    world.disk.put(files);
  }
  ASSERT_TRUE(world.disk.remove("copy/tile/0/000").ok());
  EXPECT_EQ(world.open().code(), Code::corrupt);
  world.disk.put(files);
  EXPECT_TRUE(world.open().ok());
}

TEST(MirrorCrash, AtEveryOperationOfTheDisk) {
  std::uint64_t operations = 0;
  for (bool whole = false; !whole; ++operations) {
    World world;
    base::SeededEntropy entropy(operations);
    std::uint64_t promised = 0;
    world.disk.fail_after(operations);
    whole = true;
    for (const std::uint64_t to : {3UL, 250UL, 258UL, 515UL}) {
      whole = world.follow(to).ok();
      if (!whole) break;
      promised = to;
    }
    world.disk.crash(entropy);
    if (world.disk.live().contains("copy/checkpoint")) {
      EXPECT_GE(read_log(world.disk, "copy").size(), promised);
    } else {
      EXPECT_EQ(promised, 0U);
    }
    ASSERT_TRUE(world.open().ok()) << operations;
    ASSERT_GE(world.mirror->size(), promised) << operations;
    ASSERT_TRUE(world.follow(520).ok()) << operations;
    ASSERT_EQ(read_log(world.disk, "copy").size(), 520U) << operations;
    ASSERT_FALSE(HasNonfatalFailure()) << operations;
  }
  EXPECT_GT(operations, 100U);
}

/// Both trees have one partial tile in common, of the level above. Whatever part of the new tree's
/// files a crash keeps, those of the published one stand.
TEST(MirrorCrash, TearsNoTileThatIsPublished) {
  World before;
  ASSERT_TRUE(before.follow(300).ok());
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    World world;
    world.disk.put(before.disk.durable());
    ASSERT_TRUE(world.open().ok());
    world.disk.fail_after(seed % 30);
    (void)world.follow(310).ok();
    base::SeededEntropy entropy(seed);
    world.disk.crash(entropy);
    ASSERT_TRUE(world.open().ok()) << seed;
    ASSERT_GE(world.mirror->size(), 300U) << seed;
  }
}

// Its bundles and tiles, and the leaves that are staged in a file on the same disk.
TEST(MirrorCrash, WhatASyncHasLostIsSentAgain) {
  World world;
  ASSERT_TRUE(world.follow(10).ok());
  world.disk.fail_syncs("copy", 2);
  for (const std::uint64_t to : {600UL, 590UL}) {
    ASSERT_EQ(world.follow(to).code(), Code::io);
    EXPECT_EQ(world.mirror->checkpoint(), signed_at(10));
    EXPECT_EQ(world.mirror->staged(), 10U);
    world.disk.evict();
  }
  ASSERT_TRUE(world.follow(570).ok());
  expect_no_wrong_file(world.disk, "copy", 600);
  world.disk.crash();
  EXPECT_EQ(read_log(world.disk, "copy").size(), 570U);
  expect_no_wrong_file(world.disk, "copy", 600);
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.mirror->size(), 570U);
}

/// Threads, and something that happens at one call of the disk.
class WaitWithEvent final : public base::Wait {
 public:
  std::function<void()> event;
  std::uint64_t calls = 0;  // until then

  std::unique_ptr<MutexImpl> make_mutex() override { return threads_.make_mutex(); }
  std::unique_ptr<ConditionImpl> make_condition() override { return threads_.make_condition(); }
  std::unique_ptr<BellImpl> make_bell() override { return threads_.make_bell(); }
  void sleep(base::Duration at_least) override { threads_.sleep(at_least); }
  void yield() override {
    if (event && calls-- == 0) std::exchange(event, nullptr)();
  }

 private:
  base::ThreadWait threads_;
};

// Another's sync has heard that staged leaves are lost, and memory drops them at any moment: what
// is seen then are others that were staged before.
TEST(MirrorCrash, StagedLeavesThatChangeMakeNoTree) {
  std::uint64_t refused = 0;
  std::uint64_t call = 0;
  for (bool met = true; met; ++call) {
    WaitWithEvent wait;
    base::FaultyDisk disk(wait);
    ASSERT_TRUE(disk.make_directory("other").ok());
    const auto mirror = std::move(Mirror::open(disk, "copy")).value();
    ASSERT_TRUE(mirror->stage(0, some_leaves(0, 300)).ok());
    ASSERT_TRUE(mirror->publish(signed_at(300), key_of().str()).ok());
    ASSERT_TRUE(mirror->stage(300, some_leaves(300, 600)).ok());
    disk.fail_syncs("other", 1);
    ASSERT_EQ(disk.sync_all("other").code(), Code::io);
    wait.calls = call;
    wait.event = [&] { disk.evict(); };
    const auto published = mirror->publish(signed_at(600), key_of().str());
    met = wait.event == nullptr;
    refused += published.ok() ? 0 : 1;
    EXPECT_EQ(read_log(disk, "copy").size(), published.ok() ? 600U : 300U) << call;
    mirror->unstage();
    ASSERT_TRUE(mirror->stage(mirror->size(), some_leaves(mirror->size(), 600)).ok());
    ASSERT_TRUE(mirror->publish(signed_at(600), key_of().str()).ok());
    EXPECT_EQ(read_log(disk, "copy").size(), 600U) << call;
    ASSERT_FALSE(HasNonfatalFailure()) << call;
  }
  EXPECT_GT(refused, 1U);
}

class RefillTest : public testing::Test {
 protected:
  RefillTest() {
    World world;
    world.follow(kSize).value();
    disk_.put(world.disk.live());
  }
  Result<std::uint64_t> refill() { return Ledger::refill(*store_, disk_, "copy", key_of().str()); }
  Result<std::unique_ptr<Ledger>> open() {
    return Ledger::open(*store_, disk_, wait_, clock_, "copy", kOrigin, test_signer());
  }

  static constexpr std::uint64_t kSize = 17'000;  // more than one transaction
  base::ThreadWait wait_;
  base::ManualClock clock_{base::Time(base::Duration(0))};
  base::FaultyDisk disk_{wait_};
  store::TemporaryStore store_{{Ledger::schema()}};
};

TEST_F(RefillTest, AnEmptyStoreGetsTheLogsLeaves) {
  EXPECT_EQ(open().code(), Code::corrupt);
  EXPECT_EQ(refill().value(), kSize);
  EXPECT_EQ(refill().value(), kSize);
  const auto ledger = open().value();
  EXPECT_EQ(ledger->size(), kSize);
  EXPECT_EQ(LeafTable(*store_).remembered().value()->head.size, kSize);
  Ticket ticket{};
  ASSERT_TRUE(store_
                  ->write([&](store::Tx& tx) -> Result<void> {
                    ticket = TRY(ledger->append(tx, test_leaf(kSize)));
                    return {};
                  })
                  .ok());
  EXPECT_EQ(ledger->await(ticket).value(), kSize);
}

TEST_F(RefillTest, GoesOnAfterBeingCutShortAndRefusesOtherLeaves) {
  const auto append = [&](std::uint64_t from, std::uint64_t to) {
    store_
        ->write([&](store::Tx& tx) -> Result<void> {
          for (std::uint64_t n = from; n < to; ++n) TRY(LeafTable::append(tx, test_leaf(n)));
          return {};
        })
        .value();
  };
  append(0, 300);
  EXPECT_EQ(refill().value(), kSize);
  append(kSize, kSize + 1);
  EXPECT_EQ(refill().code(), Code::conflict);
}

TEST_F(RefillTest, RefusesAStoreWithOtherLeaves) {
  store_
      ->write([&](store::Tx& tx) -> Result<void> {
        TRY(LeafTable::append(tx, test_leaf(99'999)));
        return {};
      })
      .value();
  EXPECT_EQ(refill().code(), Code::conflict);
  EXPECT_EQ(LeafTable(*store_).count().value(), 1U);
}

// Power lost after any step of a change of the origin: it is made from where it stood, and there
// is one entry of it, the first under the new name.
TEST_F(RefillTest, AChangeOfTheOriginIsMadeOnce) {
  const std::string moved = std::string(kOrigin) + "/2";
  const std::string key = VerifierKey::of(moved, test_signer().public_key()).str();
  const auto change = [&]() -> Result<std::uint64_t> {
    TRY(change_origin(disk_, "copy", moved, test_signer()));
    TRY(Ledger::refill(*store_, disk_, "copy", key));
    const auto ledger =
        TRY(Ledger::open(*store_, disk_, wait_, clock_, "copy", moved, test_signer()));
    TRY(ledger->tick());
    return ledger->size();
  };
  int cut = 0;
  for (std::uint64_t operations = 0;; operations += operations < 12 ? 1 : 23) {
    disk_.fail_after(operations);
    const auto done = change();
    disk_.crash();
    cut += done.ok() ? 0 : 1;
    // The store is made anew by each attempt, as a restore does; what was published stays.
    store_
        ->write([&](store::Tx& tx) -> Result<void> {
          TRY(tx.run("DELETE FROM ledger_leaf", {}));
          TRY(tx.run("DELETE FROM ledger_head", {}));
          return {};
        })
        .value();
    if (done.ok()) break;
  }
  EXPECT_GT(cut, 2);
  EXPECT_EQ(change().value(), kSize + 1);
  const auto leaves = read_log(disk_, "copy");
  const KeyHistory history = read_chain(disk_, "copy").value();
  ASSERT_EQ(history.ends.size(), 1U);
  EXPECT_EQ(leaves.back().encode(),
            origin_leaf({history.keys[0], history.keys[1], history.ends[0]}).encode());
  EXPECT_EQ(origin_in_force(disk_, "copy", kOrigin).value(), moved);
  EXPECT_EQ(origin_in_force(disk_, "copy", "another.example").code(), Code::conflict);
  EXPECT_EQ(change_origin(disk_, "copy", moved + "/3", test_signer(8)).code(), Code::corrupt);
}

TEST_F(RefillTest, ADamagedLogFillsNothing) {
  ASSERT_TRUE(disk_.flip_bit("copy/tile/entries/003", 4711).ok());
  EXPECT_EQ(refill().code(), Code::corrupt);
  EXPECT_EQ(Ledger::refill(*store_, disk_, "copy", key_of(8).str()).code(), Code::corrupt);
  EXPECT_EQ(Ledger::refill(*store_, disk_, "elsewhere", key_of().str()).code(), Code::missing);
  EXPECT_EQ(LeafTable(*store_).count().value(), 0U);
}

}  // namespace
}  // namespace ledger

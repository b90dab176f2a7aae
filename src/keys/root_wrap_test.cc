#include "keys/root_wrap.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "base/fiber_wait.h"
#include "keys/rewrap.h"
#include "keys/root_file.h"
#include "keys/root_record.h"
#include "keys/testing.h"
#include "keys/wrap_testing.h"

namespace keys {
namespace {

using base::Code;

Root sample(std::uint64_t epoch) {
  base::SecretBytes key(32);
  for (std::uint8_t& byte : key.mutable_view()) byte = static_cast<std::uint8_t>(epoch + 0xb0);
  return {.epoch = epoch, .key = std::move(key), .page = epoch * 3};
}

class RootWrapTest : public testing::Test {
 protected:
  std::unique_ptr<FileRootHolder> open(const Wrapping* wrapping) {
    return FileRootHolder::open(disk, kWhere, wrapping).value();
  }
  base::Bytes file() { return disk.durable().at(kRootPath); }

  const RootFile kWhere{kRootDirectory};
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
  const CheapWrapping horse{"correct horse"};
  const CheapWrapping staple{"battery staple"};
};

TEST_F(RootWrapTest, NothingOfTheRootStandsInTheFile) {
  open(horse.get())->write(1, sample(7)).value();
  EXPECT_TRUE(disk.find(sample(7).key.view()).empty());
  EXPECT_TRUE(disk.find(base::view("correct horse")).empty());
  const auto roots = open(horse.get())->read().value();
  ASSERT_TRUE(!roots[0] && roots[1]);
  EXPECT_TRUE(roots[1]->key == sample(7).key);
  EXPECT_EQ(roots[1]->epoch, 7U);
  EXPECT_EQ(roots[1]->page, 21U);
}

TEST_F(RootWrapTest, OpensWithItsPassphraseAlone) {
  open(horse.get())->write(0, sample(7)).value();
  const base::Bytes before = file();
  EXPECT_EQ(open(staple.get())->read().code(), Code::denied);
  EXPECT_EQ(open(nullptr)->read().code(), Code::denied);
  EXPECT_EQ(file(), before) << "a wrong passphrase changes nothing";
  disk.remove(kRootPath).value();
  open(nullptr)->write(0, sample(7)).value();
  EXPECT_EQ(open(horse.get())->read().code(), Code::denied) << "needless";
}

// A tree must not be begun over a root that only another passphrase opens.
TEST_F(RootWrapTest, ShowsWithoutAPassphraseWhetherItHasOne) {
  EXPECT_EQ(look_at_root_file(disk, kWhere).code(), Code::missing);
  open(nullptr);
  EXPECT_EQ(look_at_root_file(disk, kWhere).value(), RootFileHolds::nothing);
  open(nullptr)->write(1, sample(7)).value();
  EXPECT_EQ(look_at_root_file(disk, kWhere).value(), RootFileHolds::plain);
  disk.remove(kRootPath).value();
  open(horse.get())->write(1, sample(7)).value();
  const base::Bytes before = file();
  EXPECT_EQ(look_at_root_file(disk, kWhere).value(), RootFileHolds::wrapped);
  EXPECT_EQ(file(), before);
}

TEST_F(RootWrapTest, ShowsTheOlderEpochAndChangesNothing) {
  auto holder = open(nullptr);
  EXPECT_EQ(look_at_root_epoch(disk, kWhere).value(), std::nullopt);
  holder->write(0, sample(7)).value();
  holder->write(1, sample(8)).value();
  base::write_file_atomically(disk, kRootPath + std::string(".next"), base::view("x")).value();
  EXPECT_EQ(look_at_root_epoch(disk, kWhere).value(), 7U);
  EXPECT_TRUE(disk.exists(kRootPath + std::string(".next")).value());
  holder->destroy(0).value();
  EXPECT_EQ(look_at_root_epoch(disk, kWhere).value(), 8U);
}

// Whoever opens the file meanwhile ends the change, and may do so before it can be ended here.
TEST_F(RootWrapTest, AnExchangeThatIsTakenAwayIsNotSaidToBeDone) {
  base::SecretBytes blocks(kRootSlots * kRootBlockSize);
  std::ranges::fill(blocks.mutable_view(), std::uint8_t{0x42});
  const std::string next = kWhere.path() + ".next";
  int done = 0, taken_away = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    base::ManualClock clock{base::Time{}};
    base::FiberWait fibers(seed, clock);
    base::FaultyDisk shared(fibers);
    FileRootHolder::open(shared, kWhere.directory).value();
    base::Result<void> exchanged;
    bool ended = false;
    fibers.spawn([&] {
      exchanged = exchange_root_blocks(shared, kWhere, blocks);
      ended = true;
    });
    fibers.spawn([&] {
      while (!ended && !(shared.live().contains(next) && shared.remove(next).ok())) fibers.yield();
    });
    ASSERT_TRUE(fibers.run().ok());
    const bool there = std::ranges::equal(shared.live().at(kRootPath), blocks.view());
    EXPECT_TRUE(there || !exchanged.ok()) << seed;
    ++(there ? done : taken_away);
  }
  EXPECT_GT(done, 0);
  EXPECT_GT(taken_away, 0);
}

TEST_F(RootWrapTest, AWrongPassphraseIsNotAnEmptyHolder) {
  TreeStage stage;
  stage.holder = FileRootHolder::open(stage.disk, kWhere, horse.get()).value();
  stage.tree = Tree::create(stage.parts(), kTreePath).value();
  stage.tree.reset();
  for (const Wrapping* wrong : {staple.get(), static_cast<const Wrapping*>(nullptr)}) {
    stage.holder = FileRootHolder::open(stage.disk, kWhere, wrong).value();
    EXPECT_EQ(Tree::open(stage.parts(), kTreePath, 0).code(), Code::denied);
  }
  stage.holder = FileRootHolder::open(stage.disk, kWhere, horse.get()).value();
  EXPECT_TRUE(Tree::open(stage.parts(), kTreePath, 0).ok());
}

TEST_F(RootWrapTest, TwoRecordsOfOneRootShareNothing) {
  const RootWrap wrap = RootWrap::make(*horse.get()).value();
  const base::Bytes one = wrap.wrap(sample(3), entropy);
  const base::Bytes other = wrap.wrap(sample(3), entropy);
  EXPECT_TRUE(std::equal(one.begin(), one.begin() + 32, other.begin())) << "one passphrase";
  EXPECT_FALSE(std::equal(one.begin() + 32, one.begin() + 64, other.begin() + 32));
  EXPECT_FALSE(std::equal(one.begin() + 64, one.begin() + 160, other.begin() + 64));
}

TEST_F(RootWrapTest, AnyWrongBitIsATornRecord) {
  const RootWrap wrap = RootWrap::make(*horse.get()).value();
  const base::Bytes record = wrap.wrap(sample(3), entropy);
  ASSERT_EQ(record.size(), kWrappedSize);
  ASSERT_TRUE(parse_wrapped(record).has_value());
  EXPECT_FALSE(parse_root(base::View(record).first(kRootRecordSize)).has_value());
  for (std::size_t bit = 0; bit < kWrappedSize * 8; ++bit) {
    base::Bytes flipped = record;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(parse_wrapped(flipped).has_value()) << bit;
  }
  EXPECT_FALSE(parse_wrapped(base::View(record).first(191)).has_value());
  EXPECT_FALSE(parse_wrapped(base::Bytes(kWrappedSize)).has_value());
}

/// A record whose sum fits, with other bytes in it.
base::Bytes forged(base::Bytes record, std::size_t at, std::uint32_t value) {
  base::store_u32(record.data() + at, value);
  const base::Digest digest = base::sha256(base::View(record).first(160));
  std::ranges::copy(digest, record.begin() + 160);
  return record;
}

TEST_F(RootWrapTest, WhatIsForgedDoesNotOpenAndCostsLittle) {
  const RootWrap wrap = RootWrap::make(*horse.get()).value();
  const base::Bytes record = wrap.wrap(sample(3), entropy);
  // Passes, memory, salt, record salt, sealed bytes, tag: all are bound.
  for (const std::size_t at :
       {std::size_t{8}, std::size_t{16}, std::size_t{32}, std::size_t{64}, std::size_t{156}}) {
    const base::Bytes other = forged(record, at, 2);
    const auto parsed = parse_wrapped(other);
    ASSERT_TRUE(parsed.has_value()) << at;
    EXPECT_EQ(wrap.unwrap(*parsed).code(), Code::denied) << at;
  }
  EXPECT_FALSE(parse_wrapped(forged(record, 8, 0)).has_value());
  EXPECT_FALSE(parse_wrapped(forged(record, 8, 1'000'000)).has_value());
  EXPECT_FALSE(parse_wrapped(forged(record, 12, 7)).has_value());
  EXPECT_FALSE(parse_wrapped(forged(record, 12, 0xffffffff)).has_value());
}

TEST_F(RootWrapTest, ADestroyedRootIsNowhere) {
  auto holder = open(horse.get());
  holder->write(0, sample(1)).value();
  const base::Bytes record = base::copy(base::View(file()).first(kWrappedSize));
  holder->write(1, sample(2)).value();
  holder->destroy(0).value();
  for (const auto& part : {base::View(record).subspan(32, 32), base::View(record).subspan(64, 96)})
    EXPECT_TRUE(disk.find(part).empty());
  disk.crash();
  EXPECT_EQ(open(horse.get())->read().value()[1]->epoch, 2U);
}

// As the plain one: the other slot stands, and this one is whole or nothing.
TEST_F(RootWrapTest, WritingSurvivesACrashAtEveryOperation) {
  open(horse.get())->write(0, sample(1)).value();
  for (std::uint64_t operations = 0;; ++operations) {
    ASSERT_LT(operations, 50U);
    open(horse.get())->destroy(1).value();
    auto holder = open(horse.get());
    disk.fail_after(operations);
    const bool done = holder->write(1, sample(2)).ok();
    holder.reset();
    disk.crash(entropy);
    const auto roots = open(horse.get())->read().value();
    ASSERT_TRUE(roots[0].has_value());
    if (roots[1]) EXPECT_TRUE(roots[1]->key == sample(2).key);
    if (!done) continue;
    EXPECT_TRUE(roots[1].has_value());
    break;
  }
}

/// Which of two passphrases opens the file; both slots are asked for.
int opens(base::Disk& disk, const RootFile& where, const Wrapping* now, const Wrapping* then) {
  int found = 0;
  for (const auto& [wrapping, bit] : {std::pair(now, 1), std::pair(then, 2)}) {
    const auto roots = FileRootHolder::open(disk, where, wrapping).value()->read();
    if (!roots.ok()) continue;
    EXPECT_TRUE((*roots)[0] && (*roots)[1]);
    EXPECT_TRUE((*roots)[0]->key == sample(4).key && (*roots)[1]->key == sample(5).key);
    found |= bit;
  }
  return found;
}

/// The power goes at every operation of the disk while the wrapping is changed.
void change_with_crashes(const Wrapping* now, const Wrapping* then) {
  const RootFile where{kRootDirectory};
  std::array<int, 4> ends{};
  for (int round = 0; round < 5; ++round) {
    for (std::uint64_t operations = 0;; ++operations) {
      ASSERT_LT(operations, 200U);
      base::ThreadWait wait;
      base::FaultyDisk disk(wait);
      base::SystemEntropy entropy;
      auto holder = FileRootHolder::open(disk, where, now).value();
      holder->write(0, sample(4)).value();
      holder->write(1, sample(5)).value();
      holder.reset();
      const base::Bytes before = disk.durable().at(kRootPath);
      disk.fail_after(operations);
      const bool done = rewrap(disk, where, now, then).ok();
      disk.crash(entropy);
      const int found = opens(disk, where, now, then);
      ASSERT_TRUE(found == 1 || found == 2) << found << " after " << operations;
      ++ends[static_cast<std::size_t>(found)];
      ASSERT_FALSE(disk.exists(std::string(kRootPath) + ".next").value());
      if (found == 2) {  // and nothing is left of what it was
        ASSERT_TRUE(disk.find(base::View(before).subspan(0, 80)).empty());
        ASSERT_TRUE(disk.find(base::View(before).subspan(4096, 80)).empty());
      }
      if (then != nullptr && found == 2) ASSERT_TRUE(disk.find(sample(4).key.view()).empty());
      if (!done) continue;
      ASSERT_EQ(found, 2);
      break;
    }
  }
  EXPECT_GT(ends[1], 0);
  EXPECT_GT(ends[2], 5);
}

TEST_F(RootWrapTest, APassphraseIsSetWholly) { change_with_crashes(nullptr, horse.get()); }
TEST_F(RootWrapTest, APassphraseIsChangedWholly) { change_with_crashes(horse.get(), staple.get()); }
TEST_F(RootWrapTest, APassphraseIsTakenAwayWholly) { change_with_crashes(horse.get(), nullptr); }

TEST_F(RootWrapTest, AChangeNeedsWhatIsInForce) {
  EXPECT_EQ(rewrap(disk, kWhere, nullptr, horse.get()).code(), Code::missing) << "no file";
  EXPECT_FALSE(disk.exists(kRootPath).value());
  open(horse.get());
  EXPECT_EQ(rewrap(disk, kWhere, horse.get(), nullptr).code(), Code::missing) << "no root";
  open(horse.get())->write(0, sample(4)).value();
  const base::Bytes before = file();
  EXPECT_EQ(rewrap(disk, kWhere, staple.get(), nullptr).code(), Code::denied);
  EXPECT_EQ(rewrap(disk, kWhere, nullptr, staple.get()).code(), Code::denied);
  EXPECT_EQ(file(), before);
}

TEST_F(RootWrapTest, AnotherFileBesideIsAnotherRoot) {
  open(nullptr)->write(0, sample(4)).value();
  const RootFile share{kRootDirectory, "share.ktn"};
  FileRootHolder::open(disk, share, horse.get()).value()->write(0, sample(5)).value();
  destroy_root_file(disk, kWhere).value();
  destroy_root_file(disk, kWhere).value();
  EXPECT_FALSE(disk.exists(kRootPath).value());
  EXPECT_TRUE(disk.find(sample(4).key.view()).empty());
  EXPECT_EQ(FileRootHolder::open(disk, share, horse.get()).value()->read().value()[0]->epoch, 5U);
}

}  // namespace
}  // namespace keys

#include "keys/root_holder.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "base/faulty_disk.h"
#include "keys/root_record.h"
#include "keys/testing.h"

namespace keys {
namespace {

Root sample(std::uint64_t epoch) {
  base::SecretBytes key(32);
  for (std::uint8_t& byte : key.mutable_view()) byte = static_cast<std::uint8_t>(epoch + 0xb0);
  return {.epoch = epoch, .key = std::move(key), .page = epoch * 3};
}

class RootHolderTest : public testing::Test {
 protected:
  std::unique_ptr<FileRootHolder> open() { return FileRootHolder::open(disk_, "root").value(); }
  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  base::SystemEntropy entropy_;
};

TEST(RootRecord, IsLaidOutAsDocumented) {
  const base::SecretBytes record = encode_root(sample(5));
  const std::string front =
      "0000000000000005" + base::hex(sample(5).key.view()) + "000000000000000f";
  EXPECT_EQ(base::hex(record.view().first(48)), front);
  EXPECT_EQ(base::hex(record.view().subspan(48)),
            base::hex(base::sha256(base::parse_hex(front).value())));
}

TEST(RootRecord, IsNothingWhereAnyBitIsWrong) {
  const base::SecretBytes record = encode_root(sample(5));
  ASSERT_TRUE(parse_root(record.view()).has_value());
  for (std::size_t bit = 0; bit < kRootRecordSize * 8; ++bit) {
    base::SecretBytes flipped = record.clone();
    flipped.mutable_view()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(parse_root(flipped.view()).has_value()) << bit;
  }
  EXPECT_FALSE(parse_root(base::Bytes(kRootRecordSize)).has_value());
  EXPECT_FALSE(parse_root(record.view().first(79)).has_value());
  // Well summed, but no commit ever had this epoch.
  base::Bytes zero(48);
  const base::Digest digest = base::sha256(zero);
  zero.insert(zero.end(), digest.begin(), digest.end());
  EXPECT_FALSE(parse_root(zero).has_value());
}

TEST_F(RootHolderTest, KeepsTwoSlotsApart) {
  auto holder = open();
  auto roots = holder->read().value();
  EXPECT_FALSE(roots[0] || roots[1]);
  holder->write(0, sample(1)).value();
  holder->write(1, sample(2)).value();
  roots = open()->read().value();
  ASSERT_TRUE(roots[0] && roots[1]);
  EXPECT_EQ(roots[0]->epoch, 1U);
  EXPECT_EQ(roots[1]->epoch, 2U);
  EXPECT_EQ(roots[1]->page, 6U);
  EXPECT_TRUE(roots[1]->key == sample(2).key);
  // Each in a block of its own.
  const base::Bytes file = disk_.durable().at("root/root.ktn");
  ASSERT_EQ(file.size(), 8192U);
  EXPECT_TRUE(holds(base::View(file).subspan(4096, 80), sample(2).key.view()));
}

TEST_F(RootHolderTest, ADestroyedRootIsNowhere) {
  auto holder = open();
  holder->write(0, sample(1)).value();
  holder->write(1, sample(2)).value();
  EXPECT_EQ(disk_.find(sample(1).key.view()).size(), 1U);
  holder->destroy(0).value();
  EXPECT_TRUE(disk_.find(sample(1).key.view()).empty());
  EXPECT_FALSE(holder->read().value()[0]);
  disk_.crash();
  EXPECT_TRUE(open()->read().value()[1].has_value());
}

// Wherever the power goes while a root is written, the other slot stands and this one is whole or
// nothing.
TEST_F(RootHolderTest, SurvivesACrashAtEveryOperation) {
  open()->write(0, sample(1)).value();
  for (std::uint64_t operations = 0;; ++operations) {
    open()->destroy(1).value();
    auto holder = open();
    disk_.fail_after(operations);
    const bool done = holder->write(1, sample(2)).ok();
    holder.reset();
    disk_.crash(entropy_);
    const auto roots = open()->read().value();
    ASSERT_TRUE(roots[0].has_value());
    EXPECT_EQ(roots[0]->epoch, 1U);
    if (roots[1]) EXPECT_TRUE(roots[1]->key == sample(2).key);
    if (!done) continue;
    EXPECT_TRUE(roots[1].has_value());
    EXPECT_GE(operations, 3U);  // write, sync, read back
    break;
  }
}

TEST_F(RootHolderTest, IsMadeWholeAfterACrashWhileItWasMade) {
  for (std::uint64_t operations = 0; operations < 12; ++operations) {
    base::FaultyDisk disk(wait_);
    disk.fail_after(operations);
    const bool done = FileRootHolder::open(disk, "root").ok();
    disk.crash(entropy_);
    auto holder = FileRootHolder::open(disk, "root");
    ASSERT_TRUE(holder.ok()) << operations;
    EXPECT_FALSE((*holder)->read().value()[0]);
    EXPECT_TRUE((*holder)->write(1, sample(4)).ok());
    if (done) return;
  }
  FAIL() << "making a holder takes more operations than thought";
}

TEST_F(RootHolderTest, SaysWhatTheDiskSays) {
  auto holder = open();
  disk_.break_path("root/root.ktn");
  EXPECT_EQ(holder->read().code(), base::Code::io);
  EXPECT_EQ(holder->write(0, sample(1)).code(), base::Code::io);
  EXPECT_EQ(holder->destroy(0).code(), base::Code::io);
}

}  // namespace
}  // namespace keys

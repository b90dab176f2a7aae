#include "holder/caller_key.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "keys/rewrap.h"
#include "keys/root_record.h"
#include "keys/wrap_testing.h"

namespace holder {
namespace {

using base::Code;

constexpr const char* kPath = "root/holders.key";

class CallerKey : public testing::Test {
 protected:
  CallerKey() { disk.make_directory("root").value(); }
  base::Result<base::PublicKey> open(const keys::Wrapping* wrapping) {
    const auto identity = TRY(caller_identity(disk, entropy, "root", wrapping));
    return identity.key();
  }
  /// As versions before there was a passphrase for it: the seed alone.
  base::PublicKey make_older() {
    base::SecretBytes seed(32);
    entropy.fill(seed.mutable_view());
    base::write_file_atomically(disk, kPath, seed.view()).value();
    older = base::copy(seed.view());
    return Identity::from_seed(seed, Side::caller).value().key();
  }
  base::Bytes file() { return disk.live().at(kPath); }

  base::Bytes older;
  base::ThreadWait wait;
  base::SystemEntropy entropy;
  base::FaultyDisk disk{wait};
  const keys::CheapWrapping horse{"correct horse"};
  const keys::CheapWrapping staple{"battery staple"};
};

TEST_F(CallerKey, IsMadeOnceAndKept) {
  EXPECT_EQ(look_at_caller_key(disk, "root").code(), Code::missing);
  EXPECT_EQ(look_up_caller(disk, "root", nullptr).code(), Code::missing);
  EXPECT_FALSE(disk.exists(kPath).value()) << "a look makes one";
  const base::PublicKey key = open(nullptr).value();
  disk.crash();
  EXPECT_EQ(open(nullptr).value(), key);
  EXPECT_EQ(look_up_caller(disk, "root", nullptr).value().key(), key);
  EXPECT_EQ(look_at_caller_key(disk, "root").value(), keys::RootFileHolds::plain);
  // Also beside a passphrase that has not wrapped it yet.
  EXPECT_EQ(open(horse.get()).value(), key);
}

TEST_F(CallerKey, OpensWithItsPassphraseAlone) {
  const base::PublicKey key = open(horse.get()).value();
  const base::Bytes before = file();
  EXPECT_EQ(look_at_caller_key(disk, "root").value(), keys::RootFileHolds::wrapped);
  EXPECT_EQ(open(nullptr).code(), Code::denied);
  EXPECT_EQ(open(staple.get()).code(), Code::denied);
  EXPECT_EQ(look_up_caller(disk, "root", nullptr).code(), Code::denied);
  EXPECT_EQ(file(), before);
  EXPECT_EQ(open(horse.get()).value(), key);
}

TEST_F(CallerKey, OfAnOlderVersionOpensAndIsWrapped) {
  const base::PublicKey key = make_older();
  EXPECT_EQ(look_at_caller_key(disk, "root").value(), keys::RootFileHolds::plain);
  for (const keys::Wrapping* each : {static_cast<const keys::Wrapping*>(nullptr), horse.get()})
    EXPECT_EQ(open(each).value(), key);
  EXPECT_EQ(file(), older) << "a look changes it";
  renew_caller_key(disk, "root").value();
  EXPECT_EQ(open(nullptr).value(), key);
  renew_caller_key(disk, "root").value();
  keys::rewrap(disk, caller_file("root"), nullptr, horse.get()).value();
  EXPECT_EQ(open(horse.get()).value(), key);
  EXPECT_TRUE(disk.find(older).empty()) << "the plain seed is still on the disk";
  EXPECT_EQ(open(nullptr).code(), Code::denied);
}

TEST_F(CallerKey, IsMadeWhollyOrNotAtAll) {
  int made = 0;
  for (int round = 0; round < 5; ++round) {
    for (std::uint64_t operations = 0;; ++operations) {
      ASSERT_LT(operations, 100U);
      base::FaultyDisk power(wait);
      power.make_directory("root").value();
      power.sync_directory(".").value();
      power.fail_after(operations);
      const auto first = caller_identity(power, entropy, "root", horse.get());
      power.crash(entropy);
      const auto then = caller_identity(power, entropy, "root", horse.get());
      ASSERT_TRUE(then.ok()) << then.error().chain() << " after " << operations;
      power.crash();
      ASSERT_EQ(look_up_caller(power, "root", horse.get()).value().key(), then->key());
      if (!first.ok()) continue;
      ASSERT_EQ(first->key(), then->key());
      ++made;
      break;
    }
  }
  EXPECT_EQ(made, 5);
}

TEST_F(CallerKey, IsNeverLostWhileItIsWrapped) {
  int wrapped = 0;
  int plain = 0;
  for (int round = 0; round < 5; ++round) {
    for (std::uint64_t operations = 0;; ++operations) {
      ASSERT_LT(operations, 200U);
      const base::PublicKey key = make_older();
      disk.sync_directory(".").value();
      disk.fail_after(operations);
      const bool done = renew_caller_key(disk, "root").ok() &&
                        keys::rewrap(disk, caller_file("root"), nullptr, horse.get()).ok();
      disk.crash(entropy);
      ASSERT_EQ(open(horse.get()).value(), key) << operations;
      const auto holds = look_at_caller_key(disk, "root").value();
      ++(holds == keys::RootFileHolds::wrapped ? wrapped : plain);
      if (holds == keys::RootFileHolds::wrapped) ASSERT_TRUE(disk.find(older).empty());
      if (!done) continue;
      ASSERT_EQ(holds, keys::RootFileHolds::wrapped);
      break;
    }
  }
  EXPECT_GT(plain, 5);
  EXPECT_GT(wrapped, 5);
}

// A new key in the place of a damaged one would be one that no holder lets in, and nobody told.
TEST_F(CallerKey, ThatIsDamagedIsNotMadeAnew) {
  open(nullptr).value();
  const base::Bytes whole = file();
  base::Bytes flipped = whole;
  flipped[20] ^= 1;
  keys::Root root{1, base::SecretBytes(32), 0};
  base::Bytes other = whole;
  std::ranges::copy(keys::encode_root(root).view(), other.begin());
  for (const base::Bytes& wrong : {flipped, base::Bytes(whole.size()), base::Bytes(),
                                   base::Bytes(31), base::Bytes(100), other}) {
    base::write_file_atomically(disk, kPath, wrong).value();
    for (const keys::Wrapping* each : {static_cast<const keys::Wrapping*>(nullptr), horse.get()})
      EXPECT_EQ(open(each).code(), Code::corrupt) << wrong.size();
    EXPECT_EQ(file(), wrong);
  }
  base::write_file_atomically(disk, kPath, whole).value();
  EXPECT_TRUE(open(nullptr).ok());
}

}  // namespace
}  // namespace holder

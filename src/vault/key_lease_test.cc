#include "vault/key_lease.h"

#include <gtest/gtest.h>

#include <vector>

namespace vault {
namespace {

class KeyLeasesTest : public testing::Test {
 protected:
  base::OwnerId owner() { return base::OwnerId::random(entropy_); }
  std::shared_ptr<KeyLease> take(base::OwnerId whose) {
    return leases_.take(whose, base::SecretBytes(32));
  }

  base::ThreadWait wait_;
  base::SystemEntropy entropy_;
  KeyLeases leases_{wait_};
};

TEST_F(KeyLeasesTest, WhoHasDroppedHersTakesNoRoom) {
  for (int i = 0; i < 100'000; ++i) {
    take(owner());
    ASSERT_LE(leases_.listed(), 4U);
  }
}

TEST_F(KeyLeasesTest, WhatIsHeldIsEndedHoweverManyCameAndWent) {
  constexpr std::size_t kHeld = 500;
  const base::OwnerId one = owner();
  std::vector<std::shared_ptr<KeyLease>> held;
  for (std::size_t i = 0; i < kHeld; ++i) held.push_back(take(i % 10 == 0 ? one : owner()));
  for (int i = 0; i < 100'000; ++i) take(i % 3 == 0 ? one : owner());
  EXPECT_GE(leases_.listed(), kHeld);
  EXPECT_LE(leases_.listed(), 3 * kHeld);
  leases_.end(one);
  for (std::size_t i = 0; i < kHeld; ++i) {
    EXPECT_EQ(held[i]->ended, i % 10 == 0) << i;
    EXPECT_EQ(held[i]->input_key.view().empty(), i % 10 == 0) << i;
  }
  // A crowd that has gone is forgotten by those who come later.
  held.clear();
  for (std::size_t i = 0; i < 3 * kHeld; ++i) take(owner());
  EXPECT_LE(leases_.listed(), 4U);
}

TEST_F(KeyLeasesTest, TheLastWhoDropsItEndsIt) {
  const base::OwnerId one = owner();
  auto lease = take(one);
  const std::weak_ptr<KeyLease> seen = lease;
  auto other = lease;
  lease.reset();
  EXPECT_FALSE(seen.expired());
  other.reset();
  EXPECT_TRUE(seen.expired());
  leases_.end(one);
}

}  // namespace
}  // namespace vault

#include "base/entropy.h"

#include <gtest/gtest.h>

#include <set>

namespace base {
namespace {

TEST(SeededEntropy, TheSameSeedGivesTheSameBytes) {
  SeededEntropy one(42), same(42), other(43);
  for (const std::size_t size : {1UL, 16UL, 32UL, 1000UL}) {
    const Bytes bytes = one.bytes(size);
    EXPECT_EQ(bytes.size(), size);
    EXPECT_EQ(same.bytes(size), bytes);
    if (size >= 16) EXPECT_NE(other.bytes(size), bytes);
  }
  EXPECT_EQ(one.number(), same.number());
}

TEST(SeededEntropy, EveryCallGivesOtherBytes) {
  SeededEntropy entropy(1);
  std::set<Bytes> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(entropy.bytes(16));
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(SystemEntropy, NoTwoDrawsAreEqual) {
  SystemEntropy one, other;
  std::set<Bytes> seen;
  for (int i = 0; i < 500; ++i) {
    seen.insert(one.bytes(16));
    seen.insert(other.bytes(16));
  }
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_TRUE(one.bytes(0).empty());
}

}  // namespace
}  // namespace base

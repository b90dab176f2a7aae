#include "keys/subkeys.h"

#include <gtest/gtest.h>

#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;
using base::SecretBytes;

constexpr base::Literal kLabel = "test";

SecretBytes key(std::uint8_t byte) { return SecretBytes::copy_of(base::Bytes(32, byte)); }

TEST(Subkeys, AreKeptForTheirEpochAlone) {
  base::SeededEntropy entropy(1);
  const OwnerId owner = OwnerId::random(entropy);
  Subkeys subkeys;
  subkeys.put(3, owner, kLabel, key(7));
  ASSERT_NE(subkeys.find(3, owner, kLabel), nullptr);
  EXPECT_EQ(*subkeys.find(3, owner, kLabel), key(7));
  EXPECT_EQ(subkeys.find(3, owner, "another"), nullptr);
  EXPECT_EQ(subkeys.find(3, OwnerId::random(entropy), kLabel), nullptr);
  subkeys.enter(4);
  EXPECT_EQ(subkeys.owners(), 0U);  // wiped, not only passed over
  EXPECT_EQ(subkeys.find(4, owner, kLabel), nullptr);
}

TEST(Subkeys, AreFew) {
  base::SeededEntropy entropy(1);
  Subkeys subkeys;
  for (std::size_t i = 0; i < Subkeys::owners_max + 10; ++i)
    subkeys.put(1, OwnerId::random(entropy), kLabel, key(1));
  EXPECT_EQ(subkeys.owners(), Subkeys::owners_max);

  const OwnerId owner = OwnerId::random(entropy);
  constexpr std::array<base::Literal, Subkeys::labels_max + 1> kLabels = {"0", "1", "2", "3", "4",
                                                                          "5", "6", "7", "8"};
  for (const base::Literal label : kLabels) subkeys.put(1, owner, label, key(1));
  EXPECT_NE(subkeys.find(1, owner, kLabels[Subkeys::labels_max - 1]), nullptr);
  EXPECT_EQ(subkeys.find(1, owner, kLabels[Subkeys::labels_max]), nullptr);
}

// What was asked for before the erasure was decided is not answered after, although the key stands.
TEST(Subkeys, OfAnOwnerWhoIsToBeErasedAreRefused) {
  Stage stage;
  stage.open().value();
  const OwnerId owner = stage.settle(1)[0];
  ASSERT_TRUE(stage.keys->derive(owner, kLabel).ok());
  {
    const auto erasure = stage.keys->prepare(std::array{owner}, {}).value();
    EXPECT_EQ(stage.keys->derive(owner, kLabel).code(), Code::gone);
    stage.intend(erasure, base::view("note")).value();
  }
  EXPECT_EQ(stage.keys->derive(owner, kLabel).code(), Code::gone);
}

TEST(SubkeysTest, KeepWhatTheyHave) {
  Subkeys subkeys;
  const OwnerId one = OwnerId::from(base::Bytes(16, 1)).value();
  subkeys.put(0, one, kLabel, key(1));
  subkeys.put(0, one, kLabel, key(2));
  EXPECT_TRUE(*subkeys.find(0, one, kLabel) == key(1));
  EXPECT_EQ(subkeys.owners(), 1U);
}

}  // namespace
}  // namespace keys

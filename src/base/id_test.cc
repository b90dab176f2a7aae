#include "base/id.h"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <unordered_set>

namespace base {
namespace {

TEST(Id, PrintsAsTwentySixLettersAndBack) {
  SeededEntropy entropy(1);
  for (int i = 0; i < 100; ++i) {
    const auto id = AccountId::random(entropy);
    EXPECT_EQ(id.str().size(), 26U);
    EXPECT_EQ(AccountId::parse(id.str()).value(), id);
    EXPECT_EQ(AccountId::from(id.bytes()).value(), id);
  }
  EXPECT_EQ(AccountId().str(), std::string(26, 'a'));
}

TEST(Id, RefusesWhatIsNotAnId) {
  const std::string good(26, 'a');
  EXPECT_TRUE(UserId::parse(good).ok());
  EXPECT_EQ(UserId::parse("").code(), Code::invalid);
  EXPECT_EQ(UserId::parse(good + "a").code(), Code::invalid);
  EXPECT_EQ(UserId::parse(good.substr(1)).code(), Code::invalid);
  EXPECT_EQ(UserId::parse(std::string(26, 'A')).code(), Code::invalid);
  EXPECT_EQ(UserId::parse(good.substr(1) + "b").code(), Code::invalid);  // bits left over
  EXPECT_EQ(UserId::parse(good.substr(1) + "1").code(), Code::invalid);
  EXPECT_EQ(UserId::from(Bytes(15)).code(), Code::invalid);
  EXPECT_EQ(UserId::from(Bytes(17)).code(), Code::invalid);
}

TEST(Id, ComesFromEntropyAlone) {
  SeededEntropy one(7), same(7), other(8);
  const auto id = UserId::random(one);
  EXPECT_EQ(UserId::random(same), id);
  EXPECT_NE(UserId::random(other), id);
  std::set<UserId> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(UserId::random(one));
  EXPECT_EQ(ids.size(), 1000U);
}

TEST(Id, KindsAreApartUnlessAskedFor) {
  static_assert(!std::is_convertible_v<AccountId, UserId>);
  static_assert(!std::is_constructible_v<UserId, AccountId>);
  static_assert(!std::is_convertible_v<std::string, AccountId>);
  SeededEntropy entropy(2);
  const auto account = AccountId::random(entropy);
  EXPECT_EQ(owner_of(account).str(), account.str());
}

TEST(Id, Hashes) {
  SeededEntropy entropy(3);
  std::unordered_set<RecordId> ids;
  for (int i = 0; i < 100; ++i) ids.insert(RecordId::random(entropy));
  EXPECT_EQ(ids.size(), 100U);
  EXPECT_TRUE(ids.contains(*ids.begin()));
}

}  // namespace
}  // namespace base

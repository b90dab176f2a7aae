#include "accounts/roster.h"

#include <gtest/gtest.h>

#include "tests/support/with_members.h"

namespace accounts {
namespace {

TEST(Roster, ListsAccountsPageByPageAndNothingOfAnybody) {
  support::Stack stack;
  Roster roster(*stack.store);
  EXPECT_TRUE(roster.list({}, 10)->empty());
  const auto kari = stack.join("Kari Nordmann", "kari@example.com", "correct horse battery");
  stack.clock.advance(std::chrono::hours(25));
  const auto ola = stack.join("Ola Nordmann", "ola@example.com", "correct horse battery");

  const auto first = roster.list({}, 1).value();
  ASSERT_EQ(first.size(), 1U);
  const auto second = roster.list(first[0].account, 10).value();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_NE(first[0].account, second[0].account);
  EXPECT_LT(first[0].account, second[0].account);
  EXPECT_TRUE(roster.list(second[0].account, 10)->empty());

  const auto hers = roster.find(kari.identity.account).value();
  EXPECT_EQ(hers.members, 1U);
  EXPECT_EQ(base::rfc3339(hers.created), "2026-11-23T00:00:00Z");  // the day alone
  EXPECT_EQ(base::rfc3339(roster.find(ola.identity.account)->created), "2026-11-24T00:00:00Z");

  stack.accounts->cancel(ola.identity).value();
  EXPECT_EQ(roster.find(ola.identity.account).code(), base::Code::missing);
  EXPECT_EQ(roster.list({}, 10)->size(), 1U);
}

TEST_F(WithMembers, TheRosterCountsThemByRole) {
  Roster roster(*stack.store);
  joined(owner, "Rolf Reader", "rolf@example.com", Role::reader);
  const auto theirs = roster.find(owner.identity.account).value();
  EXPECT_EQ(theirs.members, 5U);
  EXPECT_EQ(theirs.by_role, (std::array<std::uint64_t, 4>{1, 1, 1, 2}));
  std::uint64_t all = 0;
  for (const AccountListed& account : roster.list({}, 10).value()) all += account.members;
  EXPECT_EQ(all, 6U);
}

}  // namespace
}  // namespace accounts

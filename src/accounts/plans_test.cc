#include "accounts/plans.h"

#include <gtest/gtest.h>

#include "accounts/roster.h"
#include "tests/support/rows.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using base::Code;

class PlansTest : public testing::Test {
 protected:
  support::Stack stack;
  NewSession kari = stack.join("Kari Nordmann", "kari@example.com", "correct horse battery");
  std::unique_ptr<Plans> open() {
    return Plans::open(*stack.vault, notice::default_plans()).value();
  }
};

TEST_F(PlansTest, AnAccountBeginsWithTheFirstAndKeepsWhatItWasGiven) {
  auto plans = open();
  EXPECT_EQ(plans->of(kari.identity.account).value()->name, "free");
  ASSERT_TRUE(plans->give(kari.identity.account, "team").ok());
  EXPECT_EQ(plans->of(kari.identity.account).value()->name, "team");
  const auto ola = stack.join("Ola Nordmann", "ola@example.com", "correct horse battery");
  EXPECT_EQ(plans->of(ola.identity.account).value()->name, "free");
  stack.reopen();
  EXPECT_EQ(open()->of(kari.identity.account).value()->name, "team");
}

TEST_F(PlansTest, WhatThereIsNotIsRefused) {
  auto plans = open();
  EXPECT_EQ(plans->give(kari.identity.account, "gold").code(), Code::invalid);
  const auto nobody = base::AccountId::random(stack.entropy);
  EXPECT_EQ(plans->give(nobody, "team").code(), Code::missing);
  EXPECT_EQ(plans->of(nobody).code(), Code::missing);
  ASSERT_TRUE(stack.accounts->cancel(kari.identity).ok());
  EXPECT_EQ(plans->give(kari.identity.account, "team").code(), Code::missing);
}

TEST_F(PlansTest, APlanThatAnAccountHasCannotBeLeftOut) {
  auto plans = open();
  ASSERT_TRUE(plans->give(kari.identity.account, "team").ok());
  notice::Plans fewer = notice::default_plans();
  fewer.others.clear();
  EXPECT_EQ(Plans::open(*stack.vault, fewer).code(), Code::invalid);
  ASSERT_TRUE(plans->give(kari.identity.account, "free").ok());
  EXPECT_TRUE(Plans::open(*stack.vault, fewer).ok());
}

TEST_F(PlansTest, EachChangeIsAnEntryInTheLog) {
  const auto leaves = [&] {
    return support::count(*stack.store,
                          "SELECT count(*) FROM vault_record WHERE collection = "
                          "'log_openings'");
  };
  const std::size_t before = leaves();
  ASSERT_TRUE(open()->give(kari.identity.account, "team").ok());
  EXPECT_EQ(leaves(), before + 1);
  EXPECT_EQ(Roster(*stack.store).find(kari.identity.account)->plan, 2);
}

}  // namespace
}  // namespace accounts

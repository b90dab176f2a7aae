#include "accounts/factors.h"

#include <gtest/gtest.h>

#include <set>

#include "accounts/recovery_codes.h"
#include "accounts/totp.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using egress::MailKind;
using support::opened;

constexpr const char* kOrigin = "http://localhost";
constexpr const char* kPassword = "correct horse battery";

class FactorsTest : public testing::Test {
 protected:
  FactorsTest() : kari(stack.join("Kari Nordmann", "kari@example.com", kPassword)) {}

  Changing she() const { return {kari.identity.user, kari.identity.session, kOrigin}; }
  /// What her app shows now, or `steps` from now.
  std::string shown(std::int64_t steps = 0) {
    return totp::code(app, totp::step_of(stack.clock.now()) + steps);
  }
  std::vector<std::string> enrol() {
    app = stack.factors->begin_authenticator(she()).value();
    auto codes = stack.factors->confirm_authenticator(she(), shown()).value().value();
    next_step();
    return codes;
  }
  void next_step() { stack.clock.advance(totp::step_lasts); }
  Verdict check(const std::string& code) {
    return stack.factors->check_code(she().user, code, kOrigin).value();
  }
  Verdict recover(const std::string& code) {
    return stack.factors->use_recovery_code(she().user, code, kOrigin).value();
  }
  std::string wrong_code() {
    std::string code = shown();
    code[0] = code[0] == '0' ? '1' : '0';
    return code;
  }
  /// How many mails of a kind have come.
  std::size_t told(MailKind kind) {
    stack.outbox->tick().value();
    return static_cast<std::size_t>(
        std::ranges::count(stack.transport.letters, kind, &egress::Letter::kind));
  }

  support::Stack stack;
  NewSession kari;
  base::SecretBytes app;
};

TEST_F(FactorsTest, AnAppIsEnrolledByItsFirstCode) {
  EXPECT_FALSE(stack.factors->enrolled(she().user)->any());
  app = stack.factors->begin_authenticator(she()).value();
  EXPECT_FALSE(stack.factors->enrolled(she().user)->any()) << "not confirmed yet";
  EXPECT_FALSE(stack.factors->confirm_authenticator(she(), wrong_code()).value());
  EXPECT_FALSE(stack.factors->enrolled(she().user)->any());
  const auto codes = stack.factors->confirm_authenticator(she(), shown()).value();
  ASSERT_TRUE(codes);
  EXPECT_EQ(codes->size(), recovery_codes_made);
  const auto enrolled = stack.factors->enrolled(she().user).value();
  EXPECT_TRUE(enrolled.any());
  EXPECT_EQ(enrolled.recovery_codes, recovery_codes_made);
  EXPECT_EQ(told(MailKind::authenticator_added), 1u);
  EXPECT_EQ(check(shown()), Verdict::wrong) << "it confirmed the app, and is used up";
}

TEST_F(FactorsTest, AnAppThatIsNotConfirmedInTimeIsForgotten) {
  app = stack.factors->begin_authenticator(she()).value();
  stack.clock.advance(std::chrono::minutes(15));
  EXPECT_EQ(stack.factors->confirm_authenticator(she(), shown()).code(), base::Code::missing);
}

TEST_F(FactorsTest, BeginningAgainReplacesTheSecretAndEnrolledOnesStay) {
  app = stack.factors->begin_authenticator(she()).value();
  const std::string first = shown();
  app = stack.factors->begin_authenticator(she()).value();
  EXPECT_FALSE(stack.factors->confirm_authenticator(she(), first).value());
  EXPECT_TRUE(stack.factors->confirm_authenticator(she(), shown()).value());
  EXPECT_EQ(stack.factors->begin_authenticator(she()).code(), base::Code::conflict);
}

TEST_F(FactorsTest, ACodeIsRightOnce) {
  enrol();
  const std::string code = shown();
  EXPECT_EQ(check(code), Verdict::right);
  EXPECT_EQ(check(code), Verdict::wrong);
  EXPECT_EQ(check(shown(-1)), Verdict::wrong) << "older than one that was used";
  EXPECT_EQ(check(shown(1)), Verdict::right);
  stack.reopen();
  EXPECT_EQ(check(shown(1)), Verdict::wrong) << "also after a restart";
}

TEST_F(FactorsTest, WrongCodesHaveToWaitLongerEachTimeAndTheOwnerIsTold) {
  enrol();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(check(wrong_code()), Verdict::wrong) << i;
  EXPECT_EQ(told(MailKind::wrong_codes), 1u);
  EXPECT_EQ(check(shown()), Verdict::too_often) << "also the right one";
  next_step();
  EXPECT_EQ(check(wrong_code()), Verdict::wrong);
  next_step();
  EXPECT_EQ(check(shown()), Verdict::too_often) << "a minute by now";
  next_step();
  EXPECT_EQ(check(shown()), Verdict::right);
  next_step();
  EXPECT_EQ(check(wrong_code()), Verdict::wrong);
  EXPECT_EQ(check(shown()), Verdict::right) << "a right one has reset the count";
  EXPECT_EQ(told(MailKind::wrong_codes), 1u);
}

TEST_F(FactorsTest, GuessingIsHeldToOneTryAnHour) {
  enrol();
  std::size_t looked_at = 0;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    if (check(wrong_code()) == Verdict::wrong) ++looked_at;
    stack.clock.advance(std::chrono::minutes(1));
  }
  EXPECT_LE(looked_at, 40u);
  EXPECT_GE(looked_at, 24u);
}

TEST_F(FactorsTest, RecoveryCodesAreRightOnceHoweverTheyAreTyped) {
  const auto codes = enrol();
  EXPECT_EQ(recover("aaaa-aaaa-aaaa-aaaa"), Verdict::wrong);
  EXPECT_EQ(recover("nonsense"), Verdict::wrong);
  EXPECT_EQ(recover(codes[0]), Verdict::right);
  EXPECT_EQ(recover(codes[0]), Verdict::wrong);
  std::string typed = codes[1];
  for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(std::toupper(c));
  EXPECT_EQ(recover(typed), Verdict::right);
  EXPECT_EQ(stack.factors->enrolled(she().user)->recovery_codes, recovery_codes_made - 2);
  EXPECT_EQ(told(MailKind::recovery_code_used), 2u);
}

TEST_F(FactorsTest, ARecoveryCodeOpensWhileCodesHaveToWait) {
  const auto codes = enrol();
  for (int i = 0; i < 5; ++i) check(wrong_code());
  EXPECT_EQ(check(shown()), Verdict::too_often);
  EXPECT_EQ(recover(codes[3]), Verdict::right);
  EXPECT_EQ(check(shown()), Verdict::right) << "and it is plain that it was herself";
}

TEST_F(FactorsTest, NewRecoveryCodesReplaceTheOld) {
  EXPECT_EQ(stack.factors->renew_recovery_codes(she()).code(), base::Code::missing);
  const auto old = enrol();
  const auto fresh = stack.factors->renew_recovery_codes(she()).value();
  EXPECT_EQ(std::set<std::string>(fresh.begin(), fresh.end()).size(), recovery_codes_made);
  EXPECT_EQ(recover(old[0]), Verdict::wrong);
  EXPECT_EQ(recover(fresh[0]), Verdict::right);
  EXPECT_EQ(told(MailKind::recovery_codes_renewed), 1u);
}

TEST_F(FactorsTest, CodesOfAnotherPersonAreWrong) {
  const auto codes = enrol();
  const auto ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  EXPECT_EQ(stack.factors->use_recovery_code(ola.identity.user, codes[0], kOrigin).value(),
            Verdict::wrong);
  EXPECT_EQ(stack.factors->check_code(ola.identity.user, shown(), kOrigin).value(), Verdict::wrong);
}

TEST_F(FactorsTest, RemovingTheLastFactorTakesItsRecoveryCodesAlong) {
  EXPECT_EQ(stack.factors->remove_authenticator(she()).code(), base::Code::missing);
  const auto codes = enrol();
  ASSERT_TRUE(stack.factors->remove_authenticator(she()).ok());
  const auto enrolled = stack.factors->enrolled(she().user).value();
  EXPECT_FALSE(enrolled.any());
  EXPECT_EQ(enrolled.recovery_codes, 0u);
  EXPECT_EQ(recover(codes[0]), Verdict::wrong);
  EXPECT_EQ(check(shown()), Verdict::wrong);
  EXPECT_EQ(told(MailKind::authenticator_removed), 1u);
}

TEST_F(FactorsTest, NothingOfThemIsLeftWhenTheAccountIs) {
  const auto codes = enrol();
  ASSERT_TRUE(stack.accounts->cancel(kari.identity).ok());
  EXPECT_EQ(stack.factors->enrolled(she().user).code(), base::Code::gone);
  std::int64_t rows = -1;
  stack.store
      ->read([&](store::Reader& reader) -> base::Result<void> {
        return reader.query(
            "SELECT (SELECT count(*) FROM factors_authenticator) +"
            " (SELECT count(*) FROM proofs_session)",
            {}, [&](const store::Row& row) -> base::Result<void> {
              rows = row.integer(0);
              return {};
            });
      })
      .value();
  EXPECT_EQ(rows, 0);
}

TEST(RecoveryCodes, AreReadAsPeopleTypeThem) {
  const auto normal = opened(normal_recovery_code("olbb-2345-abcd-wxyz"));
  EXPECT_EQ(normal, "olbb2345abcdwxyz");
  EXPECT_EQ(opened(normal_recovery_code(" 01B8 2345 ABCD wxyz")), normal);
  for (const char* bad : {"", "olbb-2345-abcd-wxy", "olbb-2345-abcd-wxyzz", "olbb-2345-abcd-wxy!",
                          "olbb-2345-abcd-wxy9", "\xff"})
    EXPECT_EQ(opened(normal_recovery_code(bad)), "") << bad;
}

}  // namespace
}  // namespace accounts

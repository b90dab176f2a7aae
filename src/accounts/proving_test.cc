#include "accounts/proving.h"

#include <gtest/gtest.h>

#include "accounts/totp.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using support::address;
using support::secret;

constexpr const char* kOrigin = "http://localhost";
constexpr const char* kEmail = "kari@example.com";
constexpr const char* kPassword = "correct horse battery";

class ProvingTest : public testing::Test {
 protected:
  ProvingTest() : kari(stack.join("Kari Nordmann", kEmail, kPassword)) {}

  std::vector<std::string> enrol() {
    app = stack.factors->begin_authenticator(she()).value();
    auto codes = stack.factors
                     ->confirm_authenticator({kari.identity.user, kari.identity.session, kOrigin},
                                             shown().digits)
                     .value()
                     .value();
    stack.clock.advance(totp::step_lasts);
    return codes;
  }
  Changing she() const { return {kari.identity.user, kari.identity.session, kOrigin}; }
  AppCode shown() { return {totp::code(app, totp::step_of(stack.clock.now()))}; }
  NewSession log_in() {
    return std::move(*stack.accounts->log_in(address(kEmail), secret(kPassword)).value());
  }
  Proving::Entry finish(const std::string& token, const Second& second) {
    Visit visit;
    visit.origin = kOrigin;
    return stack.proving->finish(token, second, visit).value();
  }
  Proof prove(const NewSession& session, std::string_view password,
              const std::optional<Second>& second = {}) {
    return stack.proving->prove(session.identity, secret(password), second, kOrigin).value();
  }
  bool may(const NewSession& session) {
    return stack.proving->may(session.identity, Act::change_factors).value();
  }

  support::Stack stack;
  NewSession kari;
  base::SecretBytes app;
};

TEST_F(ProvingTest, ThePasswordAloneOpensNothingWhereThereIsASecondFactor) {
  enrol();
  const auto half = log_in();
  EXPECT_EQ(half.left, Left::second_step);
  EXPECT_FALSE(stack.accounts->session(half.token).value());
  const auto entry = finish(half.token, shown());
  EXPECT_EQ(entry.proof, Proof::given);
  ASSERT_TRUE(entry.session);
  EXPECT_EQ(entry.session->left, Left::nothing);
  EXPECT_TRUE(stack.accounts->session(entry.session->token).value());
  EXPECT_FALSE(stack.accounts->session(half.token).value());
}

TEST_F(ProvingTest, ARecoveryCodeIsASecondStep) {
  const auto codes = enrol();
  const auto entry = finish(log_in().token, RecoveryCode{codes[0]});
  EXPECT_EQ(entry.proof, Proof::given);
  EXPECT_EQ(finish(log_in().token, RecoveryCode{codes[0]}).proof, Proof::wrong_second);
}

TEST_F(ProvingTest, TheHalfWayTokenIsGoodOnceAndForTenMinutes) {
  enrol();
  const std::string token = log_in().token;
  EXPECT_EQ(finish(token, AppCode{"000000"}).proof, Proof::wrong_second);
  ASSERT_EQ(finish(token, shown()).proof, Proof::given);
  stack.clock.advance(totp::step_lasts);
  EXPECT_EQ(finish(token, shown()).proof, Proof::over);
  EXPECT_EQ(finish("made up", shown()).proof, Proof::over);

  const std::string late = log_in().token;
  stack.clock.advance(half_way_lives + totp::step_lasts);
  EXPECT_EQ(finish(late, shown()).proof, Proof::over);
  ASSERT_TRUE(stack.proofs->tick().ok());
}

TEST_F(ProvingTest, AHalfWayTokenDiesWithAChangeOfFactors) {
  enrol();
  const std::string token = log_in().token;
  ASSERT_TRUE(
      stack.factors->remove_authenticator({kari.identity.user, kari.identity.session, kOrigin})
          .ok());
  EXPECT_EQ(finish(token, shown()).proof, Proof::over);
}

TEST_F(ProvingTest, LoggingInIsAProofForTenMinutes) {
  EXPECT_TRUE(may(kari));
  stack.clock.advance(proof_lives);
  EXPECT_FALSE(may(kari));
  EXPECT_EQ(prove(kari, "not the password"), Proof::wrong_password);
  EXPECT_FALSE(may(kari));
  EXPECT_EQ(prove(kari, kPassword), Proof::given);
  EXPECT_TRUE(may(kari));
  ASSERT_TRUE(stack.proofs->tick().ok());
  EXPECT_TRUE(may(kari)) << "the sweep forgets what has run out, and no more";
}

TEST_F(ProvingTest, ASecondFactorIsPartOfTheProof) {
  const auto codes = enrol();
  stack.clock.advance(proof_lives);
  EXPECT_EQ(prove(kari, kPassword), Proof::second_missing);
  EXPECT_FALSE(may(kari));
  EXPECT_EQ(prove(kari, kPassword, AppCode{"000000"}), Proof::wrong_second);
  EXPECT_FALSE(may(kari));
  EXPECT_EQ(prove(kari, "not the password", shown()), Proof::wrong_password);
  EXPECT_EQ(prove(kari, kPassword, shown()), Proof::given) << "the code was not used up before";
  EXPECT_TRUE(may(kari));
  EXPECT_EQ(prove(kari, kPassword), Proof::given) << "the second factor was shown just now";
  stack.clock.advance(proof_lives);
  EXPECT_EQ(prove(kari, kPassword, RecoveryCode{codes[0]}), Proof::given);
}

TEST_F(ProvingTest, ThePasswordAloneMakesNoProofYoungerThatHadASecondFactor) {
  enrol();
  ASSERT_EQ(prove(kari, kPassword, shown()), Proof::given);
  stack.clock.advance(std::chrono::minutes(9));
  EXPECT_EQ(prove(kari, kPassword), Proof::given);
  EXPECT_TRUE(may(kari));
  stack.clock.advance(std::chrono::minutes(2));
  EXPECT_EQ(prove(kari, kPassword), Proof::second_missing);
  EXPECT_FALSE(may(kari));
}

TEST_F(ProvingTest, WhoHasTheSessionAloneCannotTryCodes) {
  enrol();
  stack.clock.advance(proof_lives);
  for (int i = 0; i < 20; ++i) prove(kari, "not the password", AppCode{"000000"});
  EXPECT_EQ(prove(kari, kPassword, shown()), Proof::given);
}

TEST_F(ProvingTest, AChangeOfFactorsEndsProofsElsewhere) {
  const auto elsewhere = log_in();
  ASSERT_EQ(elsewhere.left, Left::nothing);
  ASSERT_TRUE(may(elsewhere));
  enrol();
  EXPECT_FALSE(may(elsewhere)) << "it proved the password alone";
  EXPECT_TRUE(may(kari));
}

TEST_F(ProvingTest, EveryActHasItsNeed) {
  for (const Act act : {Act::cancel_account, Act::export_data, Act::change_roles,
                        Act::manage_tokens, Act::change_factors}) {
    EXPECT_TRUE(stack.proving->may(kari.identity, act).value());
  }
  stack.clock.advance(proof_lives);
  for (const Act act : {Act::cancel_account, Act::export_data, Act::change_roles,
                        Act::manage_tokens, Act::change_factors}) {
    EXPECT_FALSE(stack.proving->may(kari.identity, act).value());
  }
}

TEST_F(ProvingTest, ARestoreEndsWhatWasProved) {
  enrol();
  const std::string token = log_in().token;
  ASSERT_TRUE(stack.accounts->restored().ok());
  EXPECT_FALSE(may(kari));
  EXPECT_EQ(finish(token, shown()).proof, Proof::over);
}

}  // namespace
}  // namespace accounts

#include "accounts/accounts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "client/verify.h"
#include "tests/support/rows.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using base::Code;
using support::address;
using support::opened;
using support::personal;
using support::secret;

constexpr const char* kName = "Kari Nordmann";
constexpr const char* kEmail = "kari@example.com";
constexpr const char* kPassword = "correct horse battery";

SignUp form(std::string_view email = kEmail) {
  return {personal(kName), address(email), secret(kPassword), "http://localhost", {"1", "1"}};
}

class AccountsTest : public testing::Test {
 protected:
  auto verify(std::string_view token, std::string_view password = kPassword) {
    return stack.accounts->verify(token, secret(password));
  }
  support::Stack stack;
};

TEST_F(AccountsTest, SignsUpVerifiesAndLogsIn) {
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  EXPECT_FALSE(stack.accounts->log_in(address(kEmail), secret(kPassword)).value().has_value());
  ASSERT_TRUE(stack.outbox->tick().ok());
  ASSERT_EQ(stack.transport.letters.size(), 1u);
  EXPECT_EQ(opened(stack.transport.letters[0].to), kEmail);
  ASSERT_TRUE(verify(stack.token().value()).value().has_value());

  const auto session = stack.accounts->log_in(address("KARI@example.com"), secret(kPassword));
  ASSERT_TRUE(session.ok() && session->has_value());
  const auto identity = stack.accounts->session((*session)->token).value();
  ASSERT_TRUE(identity.has_value());
  const auto profile = stack.accounts->profile(*identity);
  ASSERT_TRUE(profile.ok());
  EXPECT_EQ(opened(profile->legal_name), kName);
  EXPECT_EQ(opened(profile->email), kEmail);
}

TEST_F(AccountsTest, RefusesWrongPasswordsAndUnknownAddresses) {
  stack.join(kName, kEmail, kPassword);
  EXPECT_FALSE(stack.accounts->log_in(address(kEmail), secret("wrong wrong wrong"))->has_value());
  EXPECT_FALSE(stack.accounts->log_in(address("ola@example.com"), secret(kPassword))->has_value());
}

TEST_F(AccountsTest, HashesAnewAtALoginWhatWasHashedAtAnotherCost) {
  stack.join(kName, kEmail, kPassword);
  const auto hashed_at = [&](base::PasswordCost cost) {
    stack.close();
    stack.passwords = std::make_unique<Passwords>(stack.wait, cost, 2, 64);
    stack.reopen();
  };
  const auto versions = [&] {
    return support::count(*stack.store,
                          "SELECT version FROM vault_record WHERE collection = 'credentials'");
  };
  const std::size_t before = versions();
  hashed_at({2, 8192});
  EXPECT_FALSE(stack.accounts->log_in(address(kEmail), secret("wrong wrong wrong"))->has_value());
  EXPECT_EQ(versions(), before);  // who does not know the password changes nothing
  EXPECT_TRUE(stack.accounts->log_in(address(kEmail), secret(kPassword))->has_value());
  EXPECT_EQ(versions(), before + 1);
  EXPECT_TRUE(stack.accounts->log_in(address(kEmail), secret(kPassword))->has_value());
  EXPECT_EQ(versions(), before + 1);
  hashed_at({1, 8192});  // on another machine: what is dearer would tell her address from others
  EXPECT_TRUE(stack.accounts->log_in(address(kEmail), secret(kPassword))->has_value());
  EXPECT_EQ(versions(), before + 2);
}

TEST_F(AccountsTest, TellsAKnownAddressByMailOnly) {
  stack.join(kName, kEmail, kPassword);
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  const egress::Letter& letter = stack.transport.letters.back();
  EXPECT_EQ(letter.kind, egress::MailKind::known_address);
  EXPECT_EQ(opened(letter.text).find("token"), std::string::npos);
}

TEST_F(AccountsTest, TakesTheTermsInForceAlone) {
  SignUp other = form();
  other.shown.terms = "2";
  EXPECT_EQ(stack.accounts->sign_up(std::move(other)).code(), Code::conflict);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_pending"), 0u);
}

TEST_F(AccountsTest, TakesTheNoticeInForceAlone) {
  SignUp other = form();
  other.shown.notice = "2";
  EXPECT_EQ(stack.accounts->sign_up(std::move(other)).code(), Code::conflict);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_pending"), 0u);
}

TEST_F(AccountsTest, VerifiesOnce) {
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  const std::string token = stack.token().value();
  ASSERT_TRUE(verify(token).value().has_value());
  EXPECT_EQ(verify(token).code(), Code::missing);
  EXPECT_EQ(verify("never given").code(), Code::missing);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_pending"), 0u);
}

TEST_F(AccountsTest, MakesAnAccountForTheLinkAndThePasswordTogetherAlone) {
  SignUp strangers = form();  // with her address
  strangers.password = secret("chosen by a stranger");
  ASSERT_TRUE(stack.accounts->sign_up(std::move(strangers)).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  const std::string his = stack.token().value();
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  const std::string hers = stack.token().value();

  // She takes his mail for that of her own sign-up.
  EXPECT_FALSE(verify(his).value().has_value());
  EXPECT_FALSE(
      stack.accounts->log_in(address(kEmail), secret("chosen by a stranger"))->has_value());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_account"), 0u);
  // Tried again, with hers.
  EXPECT_FALSE(verify(hers, "mistyped by her").value().has_value());
  EXPECT_TRUE(verify(hers).value().has_value());
  EXPECT_EQ(verify(his, "chosen by a stranger").code(), Code::conflict);
}

TEST_F(AccountsTest, ATokenThatIsNoneCostsAHashAsWell) {
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  const std::string token = stack.token().value();
  stack.close();
  stack.passwords = std::make_unique<Passwords>(stack.wait, base::PasswordCost{1, 8192}, 0, 0);
  stack.reopen();  // nobody gets a turn to hash any more
  EXPECT_EQ(verify(token).code(), Code::unavailable);
  EXPECT_EQ(verify("made up").code(), Code::unavailable);
}

TEST_F(AccountsTest, SaysWhereATokenWasMailed) {
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  const std::string token = stack.token().value();
  EXPECT_TRUE(stack.accounts->waits(token).value());
  EXPECT_EQ(opened(stack.accounts->mailed_to(token).value()->text()), kEmail);
  EXPECT_FALSE(stack.accounts->waits("made up").value());
  EXPECT_FALSE(stack.accounts->mailed_to("made up").value().has_value());
  stack.clock.advance(std::chrono::hours(7 * 24));
  EXPECT_FALSE(stack.accounts->waits(token).value());
  EXPECT_FALSE(stack.accounts->mailed_to(token).value().has_value());
}

TEST_F(AccountsTest, GivesAnAddressToWhoeverVerifiesFirst) {
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  const std::string first = stack.token().value();
  ASSERT_TRUE(stack.accounts->sign_up(form("Kari@Example.com")).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  const std::string second = stack.token().value();
  ASSERT_NE(first, second);
  ASSERT_TRUE(verify(second).value().has_value());
  EXPECT_EQ(verify(first).code(), Code::conflict);
}

TEST_F(AccountsTest, ForgetsSignUpsAfterSevenDays) {
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  stack.clock.advance(std::chrono::hours(7 * 24));
  EXPECT_EQ(verify(stack.token().value()).code(), Code::missing);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_pending"), 1u);
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_pending"), 0u);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM vault_record"), 0u);
}

TEST_F(AccountsTest, EndsSessions) {
  const auto session = stack.join(kName, kEmail, kPassword);
  EXPECT_FALSE(stack.accounts->session("made up").value().has_value());
  ASSERT_TRUE(stack.accounts->log_out(session.identity).ok());
  EXPECT_FALSE(stack.accounts->session(session.token).value().has_value());

  const auto other = *stack.accounts->log_in(address(kEmail), secret(kPassword)).value();
  stack.clock.advance(std::chrono::hours(31 * 24));
  EXPECT_FALSE(stack.accounts->session(other.token).value().has_value());
  ASSERT_TRUE(stack.accounts->tick().ok());
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_session"), 0u);
}

TEST_F(AccountsTest, KeepsSessionsOverARestart) {
  const auto session = stack.join(kName, kEmail, kPassword);
  stack.reopen();
  const auto identity = stack.accounts->session(session.token).value();
  ASSERT_TRUE(identity.has_value());
  EXPECT_TRUE(stack.accounts->profile(*identity).ok());
}

TEST_F(AccountsTest, CancellingErasesAndAnswersAReceipt) {
  const auto session = stack.join(kName, kEmail, kPassword);
  const auto receipt = stack.accounts->cancel(session.identity);
  ASSERT_TRUE(receipt.ok()) << receipt.error().chain();
  const auto json = nlohmann::json::parse(*receipt);
  EXPECT_EQ(json.at("account"), session.identity.account.str());
  EXPECT_TRUE(json.at("epoch").is_number_unsigned());
  EXPECT_TRUE(json.at("index").is_number_unsigned());
  EXPECT_EQ(json.at("erased_at"), "2026-11-23T12:00:00Z");

  EXPECT_FALSE(stack.accounts->session(session.token).value().has_value());
  EXPECT_EQ(stack.accounts->profile(session.identity).code(), Code::gone);
  EXPECT_FALSE(stack.accounts->log_in(address(kEmail), secret(kPassword))->has_value());
  EXPECT_EQ(stack.accounts->cancel(session.identity).code(), Code::gone);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_account"), 0u);
  EXPECT_EQ(support::count(*stack.store, "SELECT count(*) FROM accounts_member"), 0u);
}

TEST_F(AccountsTest, CancellingAsksForTheSessionAndItsProofInItsTransaction) {
  const auto session = stack.join(kName, kEmail, kPassword);
  const auto other = *stack.accounts->log_in(address(kEmail), secret(kPassword)).value();
  ASSERT_TRUE(stack.accounts->log_out(other.identity).ok());
  EXPECT_EQ(stack.accounts->cancel(other.identity).code(), Code::unauthenticated);
  stack.clock.advance(proof_lives);
  EXPECT_EQ(stack.accounts->cancel(session.identity).code(), Code::denied);
  EXPECT_TRUE(stack.accounts->profile(session.identity).ok());
}

TEST_F(AccountsTest, AReceiptVerifiesWithTheFilesOfTheLogAlone) {
  const auto session = stack.join(kName, kEmail, kPassword);
  const auto receipt = stack.accounts->cancel(session.identity);
  ASSERT_TRUE(receipt.ok());
  const std::string key = stack.ledger->verifier_key();
  stack.join("Ola Nordmann", "ola@example.com", kPassword);  // the log goes on
  stack.close();                                             // and nobody of ours is there to ask

  const auto log = client::open_log_source(stack.disk, stack.directory.file("data/log")).value();
  const auto report = client::verify_receipt(*receipt, *log, key);
  ASSERT_TRUE(report.ok()) << report.error().chain();
  EXPECT_TRUE(report->holds()) << report->text();
  EXPECT_EQ(report->checks.size(), 8u);
  EXPECT_EQ(report->pinning, client::Pinning::pinned);

  auto changed = nlohmann::json::parse(*receipt);
  changed["epoch"] = changed.at("epoch").get<std::uint64_t>() + 1;
  const auto refused = client::verify_receipt(changed.dump(), *log, key);
  ASSERT_TRUE(refused.ok());
  EXPECT_EQ(refused->outcome("entry"), client::Outcome::holds);
  EXPECT_EQ(refused->outcome("commitment"), client::Outcome::fails);
}

TEST_F(AccountsTest, AnErasedAddressMaySignUpAgain) {
  const auto session = stack.join(kName, kEmail, kPassword);
  ASSERT_TRUE(stack.accounts->cancel(session.identity).ok());
  const auto again = stack.join(kName, kEmail, "another password of hers");
  EXPECT_NE(again.identity.account, session.identity.account);
}

TEST_F(AccountsTest, NothingPersonalReachesTheLog) {
  const auto session = stack.join(kName, kEmail, kPassword);
  stack.transport.failing = true;
  ASSERT_TRUE(stack.accounts->sign_up(form()).ok());
  ASSERT_TRUE(stack.outbox->tick().ok());
  ASSERT_TRUE(stack.accounts->cancel(session.identity).ok());
  ASSERT_FALSE(stack.log_lines.empty());
  for (const std::string& line : stack.log_lines)
    for (const char* canary : {"Kari", "Nordmann", "kari@", "example.com", "correct horse"})
      EXPECT_EQ(line.find(canary), std::string::npos) << line;
}

TEST(LegalName, HasALetterAndNoControlCharacters) {
  EXPECT_EQ(opened(parse_legal_name("  Kari Nordmann ").value()), "Kari Nordmann");
  EXPECT_TRUE(parse_legal_name("Ægir Åsen").ok());
  EXPECT_TRUE(parse_legal_name(std::string(200, 'x')).ok());
  for (const char* bad :
       {"", "   ", "123", "Kari\nNordmann", "Kari\x7f", "Kari\xc2\x85", "Kari\xff", "Kari\xc3"})
    EXPECT_EQ(parse_legal_name(bad).code(), Code::invalid) << bad;
  EXPECT_EQ(parse_legal_name(std::string(201, 'x')).code(), Code::invalid);
}

TEST(Password, IsLongEnoughAndBounded) {
  EXPECT_EQ(parse_password("eleven char", {}).code(), Code::invalid);
  EXPECT_TRUE(parse_password("twelve chars", {}).ok());
  std::string long_one;
  for (int i = 0; long_one.size() < 1020; ++i) long_one += std::to_string(i * 7919) + " ";
  long_one.resize(1024);
  EXPECT_TRUE(parse_password(long_one, {}).ok());
  EXPECT_EQ(parse_password(long_one + "x", {}).code(), Code::invalid);
}

TEST(Password, IsNotEasilyGuessed) {
  EXPECT_EQ(parse_password("password1234", {}).code(), Code::invalid);
  EXPECT_TRUE(parse_password("fjellrevnordmann", {}).ok());
  EXPECT_EQ(parse_password("fjellrevnordmann", {"Kari Nordmann", "kari@fjellrev.example"}).code(),
            Code::invalid);
}

}  // namespace
}  // namespace accounts

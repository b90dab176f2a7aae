#include <gtest/gtest.h>

#include "accounts/passkey_testing.h"
#include "accounts/proving.h"
#include "accounts/recovery_codes.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using egress::MailKind;
using support::address;
using support::opened;
using support::personal;
using support::secret;
using testing::Saying;
using testing::SoftPasskey;

constexpr const char* kOrigin = "http://localhost";
constexpr const char* kEmail = "kari@example.com";
constexpr const char* kPassword = "correct horse battery";
const webauthn::Site kSite{kOrigin, "localhost"};

class PasskeysTest : public ::testing::Test {
 protected:
  PasskeysTest() : kari(stack.join("Kari Nordmann", kEmail, kPassword)) {}

  Changing she() const { return {kari.identity.user, kari.identity.session, kOrigin}; }
  base::View handle() const { return kari.identity.user.bytes(); }
  base::Result<std::optional<NewPasskey>> add(const SoftPasskey& passkey,
                                              const Saying& saying = {}) {
    const auto challenge = stack.proving->challenge_to_add(kari.identity);
    return stack.factors->add_passkey(she(), kSite, personal("Her key"),
                                      passkey.create(challenge, saying));
  }
  NewPasskey added(const SoftPasskey& passkey) { return add(passkey).value().value(); }
  ByPasskey answer(const SoftPasskey& passkey, base::View challenge) {
    return {kSite, passkey.get(challenge, handle(), {.counter = ++counter})};
  }
  Proof log_in(const ByPasskey& with) { return stack.proving->log_in(with, {}).value().proof; }
  std::size_t told(MailKind kind) {
    stack.outbox->tick().value();
    return static_cast<std::size_t>(
        std::ranges::count(stack.transport.letters, kind, &egress::Letter::kind));
  }

  support::Stack stack;
  NewSession kari;
  SoftPasskey laptop{1};
  SoftPasskey phone{2};
  std::uint32_t counter = 1;
};

TEST_F(PasskeysTest, SeveralAreEnrolledNamedAndRemoved) {
  const auto first = added(laptop);
  EXPECT_EQ(first.recovery_codes.size(), recovery_codes_made);
  const auto second = added(phone);
  EXPECT_TRUE(second.recovery_codes.empty()) << "she has them already";
  EXPECT_EQ(told(MailKind::passkey_added), 2u);
  const auto both = stack.factors->passkeys(she().user).value();
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(opened(both[0].name), "Her key");
  EXPECT_EQ(add(laptop).code(), base::Code::conflict);

  ASSERT_TRUE(stack.factors->remove_passkey(she(), first.id).ok());
  EXPECT_EQ(stack.factors->remove_passkey(she(), first.id).code(), base::Code::missing);
  EXPECT_EQ(stack.factors->enrolled(she().user)->recovery_codes, recovery_codes_made);
  ASSERT_TRUE(stack.factors->remove_passkey(she(), second.id).ok());
  EXPECT_FALSE(stack.factors->enrolled(she().user)->any());
  EXPECT_EQ(stack.factors->enrolled(she().user)->recovery_codes, 0u);
  EXPECT_EQ(told(MailKind::passkey_removed), 2u);
}

TEST_F(PasskeysTest, TheirNumberIsBounded) {
  for (std::size_t i = 0; i < passkeys_max; ++i)
    added(SoftPasskey(static_cast<std::uint8_t>(i + 10)));
  EXPECT_EQ(add(laptop).code(), base::Code::conflict);
}

TEST_F(PasskeysTest, AddingNeedsAChallengeOfThisVerySession) {
  const auto with = [&](base::View challenge) {
    return stack.factors->add_passkey(she(), kSite, personal("x"), laptop.create(challenge))
        .value()
        .has_value();
  };
  auto other = kari.identity;
  other.session = base::SessionId::random(stack.entropy);
  EXPECT_FALSE(with(stack.proving->challenge_to_add(other)));
  EXPECT_FALSE(with(stack.proving->challenge_to_log_in()));
  EXPECT_FALSE(with(stack.proving->challenge_to_prove(kari.identity)));
  EXPECT_FALSE(with(base::Bytes(40, 1)));
  EXPECT_FALSE(with(base::Bytes()));
  const auto late = stack.proving->challenge_to_add(kari.identity);
  stack.clock.advance(challenge_lives);
  EXPECT_FALSE(with(late));
  const auto good = stack.proving->challenge_to_add(kari.identity);
  EXPECT_TRUE(with(good));
  EXPECT_FALSE(stack.factors->add_passkey(she(), kSite, personal("x"), phone.create(good)).value())
      << "used already";
  EXPECT_FALSE(add(phone, {.flags = 0x01}).value()) << "nobody was verified";
}

TEST_F(PasskeysTest, OpenWithoutAPassword) {
  added(laptop);
  const auto challenge = stack.proving->challenge_to_log_in();
  const auto with = answer(laptop, challenge);
  const auto entry = stack.proving->log_in(with, {}).value();
  ASSERT_EQ(entry.proof, Proof::given);
  EXPECT_EQ(entry.session->left, Left::nothing);
  EXPECT_EQ(entry.session->identity.account, kari.identity.account);
  EXPECT_TRUE(stack.accounts->session(entry.session->token).value());
  EXPECT_TRUE(stack.proving->may(entry.session->identity, Act::change_factors).value());
  EXPECT_TRUE(stack.factors->passkeys(she().user)->front().used);

  EXPECT_EQ(log_in(with), Proof::wrong_second) << "the same answer again";
  EXPECT_EQ(log_in(answer(laptop, challenge)), Proof::wrong_second) << "the same challenge again";
  EXPECT_EQ(log_in(answer(laptop, stack.proving->challenge_to_log_in())), Proof::given);
  EXPECT_EQ(log_in(answer(phone, stack.proving->challenge_to_log_in())), Proof::wrong_second);
}

TEST_F(PasskeysTest, ALoginIsListedAndToldAsAnyOther) {
  added(laptop);
  Visit visit;
  visit.device.program = "Firefox";
  visit.device.system = "Linux";
  visit.network = personal("4:c00002");
  visit.origin = kOrigin;
  const auto log_in_at = [&] {
    auto entry =
        stack.proving->log_in(answer(laptop, stack.proving->challenge_to_log_in()), visit).value();
    return std::move(*entry.session);
  };
  const NewSession first = log_in_at();
  const auto listed = stack.sessions->list(first.identity).value();
  ASSERT_EQ(listed.size(), 2u);
  const auto at = std::ranges::find(listed, first.identity.session, &SessionShown::id);
  ASSERT_NE(at, listed.end());
  EXPECT_EQ(opened(at->program), "Firefox");
  EXPECT_EQ(told(MailKind::new_device), 1u);
  // By its cookie the device is known from then on.
  visit.device_token = first.device_token;
  log_in_at();
  EXPECT_EQ(told(MailKind::new_device), 1u);
}

TEST_F(PasskeysTest, AChallengeOfAnAuthenticatorThatDoesNotCountIsUsedOnceToo) {
  ASSERT_TRUE(add(laptop, {.counter = 0}).value());
  const auto challenge = stack.proving->challenge_to_log_in();
  const ByPasskey with{kSite, laptop.get(challenge, handle(), {.counter = 0})};
  EXPECT_EQ(log_in(with), Proof::given);
  EXPECT_EQ(log_in(with), Proof::wrong_second);
  stack.clock.advance(challenge_lives / 2);
  ASSERT_TRUE(stack.challenges->tick(*stack.store).ok());
  EXPECT_EQ(log_in(with), Proof::wrong_second) << "remembered while it could be good";
}

TEST_F(PasskeysTest, OpenForNobodyElse) {
  added(laptop);
  const auto ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  const auto challenge = stack.proving->challenge_to_log_in();
  for (const base::Bytes& whose : {base::copy(ola.identity.user.bytes()), base::Bytes(16, 9),
                                   base::Bytes(), base::Bytes(64, 1)})
    EXPECT_EQ(log_in({kSite, laptop.get(challenge, whose, {.counter = 9})}), Proof::wrong_second);
}

TEST_F(PasskeysTest, OpenNothingOnceTheAccountIsErased) {
  added(laptop);
  ASSERT_TRUE(stack.accounts->cancel(kari.identity).ok());
  EXPECT_EQ(log_in(answer(laptop, stack.proving->challenge_to_log_in())), Proof::wrong_second);
}

TEST_F(PasskeysTest, AreTheSecondStepAfterThePassword) {
  added(laptop);
  const auto half = stack.accounts->log_in(address(kEmail), secret(kPassword)).value().value();
  ASSERT_EQ(half.left, Left::second_step);
  const auto asked = stack.proving->challenge_to_finish(half.token).value().value();
  ASSERT_EQ(asked.passkeys.size(), 1u);
  EXPECT_EQ(asked.passkeys[0].credential, laptop.id());
  const auto finish = [&](const ByPasskey& with) {
    return stack.proving->finish(half.token, with, {}).value().proof;
  };
  EXPECT_EQ(finish(answer(laptop, stack.proving->challenge_to_log_in())), Proof::wrong_second);
  const auto other = stack.accounts->log_in(address(kEmail), secret(kPassword)).value().value();
  const auto others = stack.proving->challenge_to_finish(other.token).value().value();
  EXPECT_EQ(finish(answer(laptop, others.challenge)), Proof::wrong_second);
  const base::Bytes another(16, 9);
  EXPECT_EQ(finish({kSite, laptop.get(asked.challenge, another, {.counter = ++counter})}),
            Proof::wrong_second)
      << "the authenticator names somebody else";
  EXPECT_EQ(finish(answer(laptop, asked.challenge)), Proof::given);
  EXPECT_FALSE(stack.proving->challenge_to_finish(half.token).value());
}

TEST_F(PasskeysTest, AreAStepUp) {
  added(laptop);
  stack.clock.advance(proof_lives);
  ASSERT_FALSE(stack.proving->may(kari.identity, Act::cancel_account).value());
  const auto prove = [&](const ByPasskey& with) {
    return stack.proving->prove(kari.identity, with).value();
  };
  EXPECT_EQ(prove(answer(laptop, stack.proving->challenge_to_log_in())), Proof::wrong_second);
  EXPECT_FALSE(stack.proving->may(kari.identity, Act::cancel_account).value());
  EXPECT_EQ(prove(answer(laptop, stack.proving->challenge_to_prove(kari.identity))), Proof::given);
  EXPECT_TRUE(stack.proving->may(kari.identity, Act::cancel_account).value());
}

TEST_F(PasskeysTest, AChallengeDiesWithTheRunThatMadeIt) {
  added(laptop);
  const auto challenge = stack.proving->challenge_to_log_in();
  stack.reopen();
  EXPECT_EQ(log_in(answer(laptop, challenge)), Proof::wrong_second);
  EXPECT_EQ(log_in(answer(laptop, stack.proving->challenge_to_log_in())), Proof::given);
}

TEST_F(PasskeysTest, NothingOfThemReachesTheLog) {
  added(laptop);
  log_in(answer(laptop, stack.proving->challenge_to_log_in()));
  log_in(answer(phone, stack.proving->challenge_to_log_in()));
  bool said = false;
  for (const std::string& line : stack.log_lines) {
    said = said || line.find("passkey refused") != std::string::npos;
    for (const std::string& canary : {std::string("Her key"), std::string("kari"),
                                      base::base64url(laptop.id()), kari.identity.user.str()})
      EXPECT_EQ(line.find(canary), std::string::npos) << line;
  }
  EXPECT_TRUE(said);
}

TEST(PasskeyName, IsShortAndPrintable) {
  EXPECT_EQ(opened(parse_passkey_name("  Laptop ").value()), "Laptop");
  EXPECT_TRUE(parse_passkey_name(std::string(60, 'x')).ok());
  for (const std::string& bad : {std::string(), std::string("  "), std::string(61, 'x'),
                                 std::string("a\nb"), std::string("\xff")})
    EXPECT_EQ(parse_passkey_name(bad).code(), base::Code::invalid);
}

}  // namespace
}  // namespace accounts

#include "accounts/webauthn.h"

#include <gtest/gtest.h>

#include "accounts/passkey_testing.h"

namespace accounts {
namespace {

using testing::Saying;
using testing::SoftPasskey;
using webauthn::Kind;
using webauthn::Refusal;

const webauthn::Site kSite{"http://localhost", "localhost"};
const base::Bytes kChallenge(40, 7);

std::optional<Refusal> create(const Saying& saying) {
  const auto answer = SoftPasskey().create(kChallenge, saying);
  const auto client = webauthn::parse_client(answer.client_data);
  if (!client) return Refusal::malformed;
  if (const auto refused = webauthn::check_client(*client, Kind::create, kSite)) return refused;
  const auto checked = webauthn::check_registration(answer, kSite);
  if (const auto* refused = std::get_if<Refusal>(&checked)) return *refused;
  return std::nullopt;
}

class Assertion : public ::testing::Test {
 protected:
  Assertion()
      : kept(std::get<webauthn::Credential>(
            webauthn::check_registration(passkey.create(kChallenge), kSite))) {}
  std::optional<Refusal> check(const webauthn::Assertion& answer) {
    const auto client = webauthn::parse_client(answer.client_data);
    if (!client) return Refusal::malformed;
    if (const auto refused = webauthn::check_client(*client, Kind::get, kSite)) return refused;
    const auto checked = webauthn::check_assertion(answer, kSite, kept);
    if (const auto* refused = std::get_if<Refusal>(&checked)) return *refused;
    kept.counter = std::get<std::uint32_t>(checked);
    return std::nullopt;
  }
  std::optional<Refusal> get(Saying saying) {
    saying.counter = kept.counter + 1;
    return check(passkey.get(kChallenge, {}, saying));
  }
  SoftPasskey passkey;
  webauthn::Credential kept;
};

TEST(Registration, GivesTheCredential) {
  const SoftPasskey passkey;
  const auto checked = webauthn::check_registration(passkey.create(kChallenge), kSite);
  const auto* credential = std::get_if<webauthn::Credential>(&checked);
  ASSERT_NE(credential, nullptr);
  EXPECT_EQ(credential->id, passkey.id());
  EXPECT_EQ(credential->algorithm, -7);
  EXPECT_EQ(credential->key.size(), 64u);
  EXPECT_EQ(credential->counter, 1u);
}

TEST(Registration, SaysWhatIsWrong) {
  EXPECT_EQ(create({}), std::nullopt);
  EXPECT_EQ(create({.type = "webauthn.get"}), Refusal::type);
  EXPECT_EQ(create({.origin = "https://localhost"}), Refusal::origin);
  EXPECT_EQ(create({.origin = "http://localhost.example"}), Refusal::origin);
  EXPECT_EQ(create({.more = R"(,"topOrigin":"http://elsewhere")"}), Refusal::origin);
  EXPECT_EQ(create({.rp_id = "example.com"}), Refusal::site);
  EXPECT_EQ(create({.flags = 0x04}), Refusal::presence);
  EXPECT_EQ(create({.flags = 0x01}), Refusal::verification);
  EXPECT_EQ(create({.flags = 0x15}), Refusal::malformed) << "backed up, and never to be";
  EXPECT_EQ(create({.flags = 0x1d}), std::nullopt);
}

TEST(Registration, RefusesEveryCutAndEveryTail) {
  const auto whole = SoftPasskey().create(kChallenge);
  for (std::size_t size = 0; size < whole.attestation.size(); ++size) {
    auto cut = whole;
    cut.attestation.resize(size);
    EXPECT_TRUE(std::holds_alternative<Refusal>(webauthn::check_registration(cut, kSite))) << size;
  }
  auto longer = whole;
  longer.attestation.push_back(0);
  EXPECT_TRUE(std::holds_alternative<Refusal>(webauthn::check_registration(longer, kSite)));
}

TEST(Registration, TakesNoOtherAttestation) {
  auto answer = SoftPasskey().create(kChallenge);
  // "none" becomes "nine".
  const std::string_view text = base::text(answer.attestation);
  answer.attestation[text.find("none") + 1] = 'i';
  EXPECT_EQ(std::get<Refusal>(webauthn::check_registration(answer, kSite)), Refusal::malformed);
}

TEST_F(Assertion, IsTakenOnceItsCounterGoesUp) {
  const auto answer = passkey.get(kChallenge, {}, {.counter = 2});
  EXPECT_EQ(check(answer), std::nullopt);
  EXPECT_EQ(check(answer), Refusal::counter);
  EXPECT_EQ(get({}), std::nullopt);
}

TEST_F(Assertion, MayComeFromAnAuthenticatorThatDoesNotCount) {
  kept.counter = 0;
  const auto answer = passkey.get(kChallenge, {}, {.counter = 0});
  EXPECT_EQ(check(answer), std::nullopt);
  EXPECT_EQ(check(answer), std::nullopt);
}

TEST_F(Assertion, SaysWhatIsWrong) {
  EXPECT_EQ(get({.type = "webauthn.create"}), Refusal::type);
  EXPECT_EQ(get({.origin = "http://localhost:1"}), Refusal::origin);
  EXPECT_EQ(get({.more = R"(,"topOrigin":"http://localhost")"}), Refusal::origin);
  EXPECT_EQ(get({.rp_id = "elsewhere"}), Refusal::site);
  EXPECT_EQ(get({.flags = 0x04}), Refusal::presence);
  EXPECT_EQ(get({.flags = 0x01}), Refusal::verification);
  EXPECT_EQ(get({.more = R"(,"origin":"http://localhost")"}), Refusal::malformed) << "twice";
  EXPECT_EQ(get({}), std::nullopt);
}

TEST_F(Assertion, IsBoundToEveryBit) {
  const auto whole = passkey.get(kChallenge, {}, {.counter = 2});
  const auto flipped = [&](base::Bytes webauthn::Assertion::* part) {
    for (std::size_t i = 0; i < (whole.*part).size() * 8; ++i) {
      auto changed = whole;
      (changed.*part)[i / 8] ^= static_cast<std::uint8_t>(1U << i % 8);
      const auto refused = webauthn::check_assertion(changed, kSite, kept);
      EXPECT_TRUE(std::holds_alternative<Refusal>(refused)) << i;
    }
  };
  flipped(&webauthn::Assertion::authenticator_data);
  flipped(&webauthn::Assertion::client_data);
  flipped(&webauthn::Assertion::signature);
  EXPECT_EQ(check(whole), std::nullopt);
}

TEST_F(Assertion, HasNothingBehindItButExtensionsThatAreToldOf) {
  auto answer = passkey.get(kChallenge, {}, {.flags = 0x85, .counter = 2});
  EXPECT_EQ(check(answer), Refusal::malformed) << "told of, and not there";
  answer = passkey.get(kChallenge, {}, {.flags = 0x45, .counter = 2});
  EXPECT_EQ(check(answer), Refusal::malformed);
  answer = passkey.get(kChallenge, {}, {.counter = 2});
  answer.authenticator_data.push_back(0xa0);
  EXPECT_EQ(check(answer), Refusal::malformed);
}

TEST_F(Assertion, OfAnotherPasskeyIsRefused) {
  EXPECT_EQ(check(SoftPasskey().get(kChallenge, {}, {.counter = 2})), Refusal::signature);
}

TEST(ClientData, IsOneObjectWithItsMembersOnce) {
  for (const char* bad : {"", "[]", "{}", R"({"type":"x","challenge":"AA"})",
                          R"({"type":"x","challenge":"A*","origin":"o"})",
                          R"({"type":1,"challenge":"AA","origin":"o"})",
                          R"({"type":"x","type":"x","challenge":"AA","origin":"o"})",
                          R"({"type":"x","challenge":"AA","origin":"o","crossOrigin":1})",
                          R"({"type":"x","challenge":"AA","origin":"o"}x)",
                          R"({"type":"x","challenge":"AA","origin":"o","a":[[[[[[[]]]]]]]})"})
    EXPECT_FALSE(webauthn::parse_client(base::view(bad))) << bad;
  EXPECT_TRUE(webauthn::parse_client(
      base::view(R"({"type":"x","challenge":"AA","origin":"o","unknown":{"a":1}})")));
  EXPECT_FALSE(webauthn::parse_client(base::Bytes(5000, ' ')));
}

}  // namespace
}  // namespace accounts

#include "accounts/entrance.h"

#include <gtest/gtest.h>

#include "tests/support/stack.h"

namespace accounts {
namespace {

using std::chrono::hours;
using support::address;
using support::personal;
using support::secret;

constexpr const char* kEmail = "kari@example.com";
constexpr const char* kPassword = "correct horse battery";

class EntranceTest : public testing::Test {
 protected:
  EntranceTest() { stack.join("Kari Nordmann", kEmail, kPassword); }

  Visit from(int network, std::string device_token = {}) {
    Visit visit;
    visit.network = personal("4:" + std::to_string(network));
    visit.device_token = std::move(device_token);
    visit.origin = "http://localhost";
    return visit;
  }
  base::Digest digest(int network) {
    return base::hmac_sha256(throttle.key(), base::view(std::to_string(network)));
  }
  /// What becomes of a login, as the faces do it.
  enum class Got : std::uint8_t { in, wrong, wait };
  Got tries(std::string_view password, int network, std::string_view email = kEmail,
            std::string device_token = {}) {
    const Visit visit = from(network, std::move(device_token));
    const auto knock = entrance.knock(address(email), visit, digest(network)).value();
    if (knock.ruling.answer == Ruling::Answer::wait) return Got::wait;
    const auto when_right = [&]() -> base::Result<void> {
      if (entrance.right(knock).answer == Ruling::Answer::go_on) return {};
      return base::Error{base::Code::exhausted, "wait"};
    };
    auto logged_in = stack.accounts->log_in(address(email), secret(password), visit, when_right);
    if (!logged_in.ok()) return Got::wait;
    auto& session = *logged_in;
    if (!session) return Got::wrong;
    throttle.give_back(knock.ruling.charges);
    last = std::move(*session);
    return Got::in;
  }
  /// Strangers try until nobody who is a stranger gets a try any more, for this address.
  void attack(std::string_view email = kEmail) {
    for (int network = 1000; network < 1100; ++network)
      if (tries("guessed", network, email) == Got::wait) return;
    FAIL() << "nothing held them back";
  }

  support::Stack stack;
  Throttle throttle{stack.clock, stack.wait, stack.entropy, 1024};
  Entrance entrance{*stack.vault, *stack.sessions, throttle};
  std::optional<NewSession> last;
};

TEST_F(EntranceTest, StrangersGetTenTriesAnHourForAnAddressFromHoweverManyNetworks) {
  int wrong = 0;
  for (int network = 0; network < 500; ++network)
    wrong += tries("guessed", network) == Got::wrong ? 1 : 0;
  EXPECT_EQ(wrong, 10);
  stack.clock.advance(hours(1));
  for (int network = 0; network < 500; ++network)
    wrong += tries("guessed", network) == Got::wrong ? 1 : 0;
  EXPECT_EQ(wrong, 20);
}

TEST_F(EntranceTest, ANetworkGetsThirtyTriesForHoweverManyAddresses) {
  int wrong = 0;
  for (int i = 0; i < 500; ++i)
    wrong += tries("guessed", 1, "nobody" + std::to_string(i) + "@example.com") == Got::wrong;
  EXPECT_EQ(wrong, 30);
  // What was held back counts against no address.
  EXPECT_EQ(tries("guessed", 2, "nobody499@example.com"), Got::wrong);
}

TEST_F(EntranceTest, RightLoginsOfSomebodyKnownThereMakeUpForNoWrongOnes) {
  ASSERT_EQ(tries(kPassword, 1), Got::in);
  int wrong = 0;
  for (int i = 0; i < 60; ++i) {
    wrong += tries("guessed", 1, "nobody" + std::to_string(i) + "@example.com") == Got::wrong;
    if (i < 35) continue;
    ASSERT_EQ(tries(kPassword, 1), Got::in) << "she is known there, and waits for nobody";
  }
  EXPECT_EQ(wrong, 30);
}

TEST_F(EntranceTest, OfManyPairsFromManyNetworksThirtyANetworkAreTried) {
  ASSERT_EQ(tries(kPassword, 1), Got::in);
  const std::string device = last->device_token;
  int wrong = 0, waits = 0;
  for (int pair = 0; pair < 60; ++pair)
    for (int network = 100; network < 200; ++network) {
      const Got got = tries("hunter2", network,
                            "nobody" + std::to_string(pair * 100 + network) + "@example.com");
      wrong += got == Got::wrong ? 1 : 0;
      waits += got == Got::wait ? 1 : 0;
    }
  EXPECT_EQ(wrong, 100 * 30);
  EXPECT_EQ(waits, 100 * 30);
  EXPECT_EQ(tries(kPassword, 100, kEmail, device), Got::in);
  EXPECT_EQ(tries(kPassword, 1), Got::in);
  EXPECT_EQ(tries(kPassword, 300), Got::in) << "her address was not among them: no need to wait";
}

TEST_F(EntranceTest, AKnownDeviceIsNotLockedOutByOthers) {
  ASSERT_EQ(tries(kPassword, 1), Got::in);
  const std::string device = last->device_token;
  attack();
  EXPECT_EQ(tries(kPassword, 777), Got::wait) << "a stranger to us, for now";
  EXPECT_EQ(tries(kPassword, 777, kEmail, device), Got::in);
  // Nor by what others try from the very network that she is in.
  for (int i = 0; i < 100; ++i)
    tries("guessed", 778, "nobody" + std::to_string(i) + "@example.com");
  EXPECT_EQ(tries(kPassword, 778, kEmail, device), Got::in);
}

TEST_F(EntranceTest, AKnownNetworkIsNotLockedOutByOthers) {
  ASSERT_EQ(tries(kPassword, 1), Got::in);
  attack();
  EXPECT_EQ(tries(kPassword, 777), Got::wait);
  EXPECT_EQ(tries(kPassword, 1), Got::in);
  // Nor by what is tried from there for others.
  for (int i = 0; i < 100; ++i) tries("guessed", 1, "nobody" + std::to_string(i) + "@example.com");
  EXPECT_EQ(tries(kPassword, 1), Got::in);
}

TEST_F(EntranceTest, BeingKnownIsNoFreeHand) {
  ASSERT_EQ(tries(kPassword, 1), Got::in);
  const std::string device = last->device_token;
  int wrong = 0;
  for (int i = 0; i < 100; ++i) wrong += tries("guessed", i, kEmail, device) == Got::wrong ? 1 : 0;
  EXPECT_EQ(wrong, 10) << "a stolen device";
  for (int i = 0; i < 100; ++i) wrong += tries("guessed", 1) == Got::wrong ? 1 : 0;
  EXPECT_EQ(wrong, 20) << "a neighbour in her network";
  // Her own device is no key to another account.
  stack.join("Ola Nordmann", "ola@example.com", kPassword);
  attack("ola@example.com");
  EXPECT_EQ(tries("guessed", 5, "ola@example.com", device), Got::wait);
}

TEST_F(EntranceTest, WhoHasThePasswordLogsInThirtyTimesAnHourAndHerDevicesWaitForNobody) {
  ASSERT_EQ(tries(kPassword, 1), Got::in);
  const std::string device = last->device_token;
  // What strangers do without it uses up nothing of this.
  attack();
  stack.clock.advance(hours(1));
  int in = 0;
  for (int network = 100; network < 150; ++network) in += tries(kPassword, network) == Got::in;
  EXPECT_EQ(in, 30);
  EXPECT_EQ(tries("guessed", 999), Got::wait)
      << "what was one too many is counted, unhashed by now";
  EXPECT_EQ(tries(kPassword, 1), Got::wait);
  EXPECT_EQ(tries(kPassword, 1, kEmail, device), Got::in);
  in = 0;
  for (int i = 0; i < 50; ++i) in += tries(kPassword, i, kEmail, device) == Got::in;
  EXPECT_EQ(in, 29) << "and each has as many";
  stack.clock.advance(hours(1));
  EXPECT_EQ(tries(kPassword, 100), Got::in);
}

TEST_F(EntranceTest, TheAnswerIsTheSameForAnAddressThatNobodyHas) {
  for (int i = 0; i < 30; ++i) {
    const auto hers = entrance.knock(address(kEmail), from(i), digest(i)).value();
    const auto nobodys =
        entrance.knock(address("nobody@example.com"), from(i + 100), digest(i + 100)).value();
    ASSERT_EQ(hers.ruling.answer, nobodys.ruling.answer);
    ASSERT_EQ(hers.ruling.left.size(), nobodys.ruling.left.size());
    for (std::size_t at = 0; at < hers.ruling.left.size(); ++at) {
      EXPECT_STREQ(hers.ruling.left[at].quota.name.c_str(),
                   nobodys.ruling.left[at].quota.name.c_str());
      EXPECT_EQ(hers.ruling.left[at].tries, nobodys.ruling.left[at].tries);
    }
  }
}

TEST_F(EntranceTest, AKnownNetworkShowsNothingToItsNeighbours) {
  ASSERT_EQ(tries(kPassword, 1), Got::in);
  const auto hers = entrance.knock(address(kEmail), from(1), digest(1)).value();
  throttle.give_back(hers.ruling.charges);
  const auto another = entrance.knock(address("nobody@example.com"), from(1), digest(1)).value();
  ASSERT_EQ(hers.ruling.left.size(), another.ruling.left.size());
  for (std::size_t at = 0; at < hers.ruling.left.size(); ++at)
    EXPECT_EQ(hers.ruling.left[at].tries, another.ruling.left[at].tries);
}

TEST_F(EntranceTest, OnThisMachineNoNetworkIsMeant) {
  int wrong = 0;
  for (int i = 0; i < 100; ++i) {
    const auto knock = entrance.knock(address("nobody" + std::to_string(i) + "@example.com"),
                                      from(1), std::nullopt);
    wrong += knock->ruling.answer == Ruling::Answer::go_on ? 1 : 0;
  }
  EXPECT_EQ(wrong, 100);
}

}  // namespace
}  // namespace accounts

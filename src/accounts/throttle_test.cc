#include "accounts/throttle.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "notice/notice.h"

namespace accounts {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Quota kFive{"five", Quota::Of::other, 5, minutes(10)};
constexpr Quota kOfNetworks{"networks", Quota::Of::network, 3, minutes(10)};

base::Digest digest(std::uint64_t number) {
  base::Bytes bytes;
  base::put_u64(bytes, number);
  return base::sha256(bytes);
}

class ThrottleTest : public testing::Test {
 protected:
  bool tries(const std::vector<Count>& counts) {
    return throttle.count(counts).answer == Ruling::Answer::go_on;
  }
  bool tries(std::uint64_t who) { return tries({{kFive, digest(who)}}); }

  base::ManualClock clock{base::parse_rfc3339("2026-11-27T12:00:00Z").value()};
  base::ThreadWait wait;
  base::SeededEntropy entropy{1};
  Throttle throttle{clock, wait, entropy, 1024};
};

TEST_F(ThrottleTest, LetsThroughSoManyAndAgainEvenly) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(tries(1)) << i;
  EXPECT_FALSE(tries(1));
  EXPECT_TRUE(tries(2)) << "another is another";
  clock.advance(minutes(2) - seconds(1));
  EXPECT_FALSE(tries(1));
  clock.advance(seconds(1));
  EXPECT_TRUE(tries(1));
  EXPECT_FALSE(tries(1));
  clock.advance(minutes(60));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(tries(1)) << i;
  EXPECT_FALSE(tries(1)) << "what is not used is not saved up";
  EXPECT_EQ(throttle.figures().let_through, 12u);
  EXPECT_EQ(throttle.figures().held_back, 4u);
}

TEST_F(ThrottleTest, SaysHowMuchIsLeftAndHowLongToWait) {
  const std::vector<Count> counts = {{kFive, digest(1)}};
  const Ruling first = throttle.count(counts);
  ASSERT_EQ(first.left.size(), 1u);
  EXPECT_EQ(first.left[0].tries, 4u);
  EXPECT_EQ(first.left[0].full_in, minutes(2));
  for (int i = 0; i < 4; ++i) throttle.count(counts);
  clock.advance(seconds(30));
  const Ruling over = throttle.count(counts);
  EXPECT_EQ(over.answer, Ruling::Answer::wait);
  EXPECT_EQ(over.left[0].tries, 0u);
  EXPECT_EQ(over.left[0].full_in, minutes(10) - seconds(30));
  EXPECT_EQ(over.wait_for, minutes(2) - seconds(30));
  clock.advance(over.wait_for);
  EXPECT_EQ(throttle.count(counts).answer, Ruling::Answer::go_on) << "exactly as long";
}

TEST_F(ThrottleTest, CountsByAllOrByNone) {
  const std::vector<Count> both = {{kOfNetworks, digest(1)}, {kFive, digest(9)}};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(tries(both));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(tries(both));
  // The network was held back; what was tried for the address is not counted against it.
  EXPECT_EQ(throttle.look(both)[1].tries, 2u);
  EXPECT_TRUE(tries({{kOfNetworks, digest(2)}, {kFive, digest(9)}}));
}

TEST_F(ThrottleTest, WhatDoesNotHoldIsCountedAndRefusesNobody) {
  const std::vector<Count> counts = {{kOfNetworks, digest(1), Count::Holds::no}};
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(tries(counts));
  EXPECT_FALSE(tries({{kOfNetworks, digest(1)}})) << "it holds for others";
  clock.advance(seconds(200));
  EXPECT_TRUE(tries({{kOfNetworks, digest(1)}})) << "and is not counted beyond what it refuses";
}

TEST_F(ThrottleTest, TakesBackWhatWasNoSuchTry) {
  const std::vector<Count> counts = {{kFive, digest(1)}};
  Ruling ruling;
  for (int i = 0; i < 100; ++i) {
    ruling = throttle.count(counts);
    EXPECT_EQ(ruling.answer, Ruling::Answer::go_on);
    throttle.give_back(ruling.charges);
  }
  EXPECT_EQ(throttle.look(counts)[0].tries, 5u);
  throttle.give_back(ruling.charges);  // of nothing: no credit
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(tries(counts));
  EXPECT_FALSE(tries(counts));
}

TEST_F(ThrottleTest, TakesBackNoMoreThanTheTryAdded) {
  const Count holds{kOfNetworks, digest(1)};
  const std::vector<Count> free = {{kOfNetworks, digest(1), Count::Holds::no}};
  while (tries({holds})) {
  }
  for (int i = 0; i < 10; ++i) {
    throttle.give_back(throttle.count(free).charges);
    EXPECT_FALSE(tries({holds})) << "it was full: nothing was added";
  }
  // Of what came back meanwhile, as much as was added.
  clock.advance(seconds(100));
  throttle.give_back(throttle.count(free).charges);
  EXPECT_FALSE(tries({holds})) << "half a try is none";
  clock.advance(seconds(100));
  EXPECT_TRUE(tries({holds}));
}

TEST_F(ThrottleTest, TakesBackNothingThatHasComeBackByItself) {
  const std::vector<Count> counts = {{kFive, digest(1)}};
  const Ruling slow = throttle.count(counts);
  clock.advance(minutes(2));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(tries(counts));
  throttle.give_back(slow.charges);
  EXPECT_FALSE(tries(counts));
  // Nor what stands under the same name since it was refused.
  EXPECT_TRUE(throttle.count(counts).charges.empty());
}

TEST_F(ThrottleTest, ForgetsWhatSaysNothingAnyMore) {
  for (std::uint64_t who = 0; who < 100; ++who) tries(who);
  EXPECT_EQ(throttle.figures().entries, 100u);
  clock.advance(minutes(2));
  throttle.tick();
  EXPECT_EQ(throttle.figures().entries, 0u);
}

TEST_F(ThrottleTest, NothingStaysForMoreThanAnHour) {
  for (const Quota& quota :
       {kLoginByNetwork,      kLoginByAddress,  kRightLogin,      kNewDeviceMail,
        kPasskeyByNetwork,    kSignUpByNetwork, kSignUpByAddress, kSignUpMails,
        kSignUpByLink,        kConfirmByLink,   kCodeByNetwork,   kRecoveryByNetwork,
        kRecoveryByAddress,   kPasswordByUser,  kSecondStep,      kInvitationByAccount,
        kInvitationByAddress, kInvitationMails, kTokenUse,        kBadTokenByNetwork})
    for (int i = 0; i < 2000; ++i) tries({{quota, digest(1)}});
  EXPECT_EQ(throttle.figures().entries, 20u);
  clock.advance(std::chrono::hours(1));
  throttle.tick();
  EXPECT_EQ(throttle.figures().entries, 0u);
  // As the notice has it.
  const auto checked = notice::check(notice::default_file, notice::default_text());
  const notice::Category* category = checked.document->category("attempt_counts");
  ASSERT_NE(category, nullptr);
  const auto* rule = checked.document->retention_rule(category->retention);
  EXPECT_EQ(notice::length_min(rule->keeping.period), std::chrono::hours(1));
}

TEST_F(ThrottleTest, MemoryIsBoundedAndTheOldestGoes) {
  for (int i = 0; i < 5; ++i) tries(7);  // nothing left
  ASSERT_FALSE(tries(7));
  for (std::uint64_t who = 1000; who < 200'000; ++who) tries(who);
  EXPECT_LE(throttle.figures().entries, 1024u);
  // Those who owe one try gave way to each other; the one who owes all of them did not.
  EXPECT_FALSE(tries(7));
}

TEST_F(ThrottleTest, ManyNetworksPushOutNoAddress) {
  tries(7);
  for (std::uint64_t network = 0; network < 100'000; ++network)
    for (int i = 0; i < 3; ++i) tries({{kOfNetworks, digest(network)}});
  EXPECT_EQ(throttle.look(std::vector<Count>{{kFive, digest(7)}})[0].tries, 4u);
}

TEST_F(ThrottleTest, NobodyGetsMoreThanTheQuotaWhateverTheOrder) {
  // Simulated: ten who try at any moment, for a day. In no hour did one get more than its five and
  // what comes back in that hour.
  base::SeededEntropy chance(42);
  std::map<std::uint64_t, std::vector<base::Time>> let_through;
  const base::Time end = clock.now() + std::chrono::hours(24);
  while (clock.now() < end) {
    const std::uint64_t who = chance.number() % 10;
    if (tries(who)) let_through[who].push_back(clock.now());
    clock.advance(base::Duration(chance.number() % 10'000'000));
  }
  ASSERT_EQ(let_through.size(), 10u);
  for (const auto& [who, times] : let_through) {
    EXPECT_GT(times.size(), 600u) << "and nobody got less than what is there";
    for (std::size_t i = 0; i + 35 < times.size(); ++i)
      ASSERT_GE(times[i + 35] - times[i], std::chrono::hours(1)) << who;
  }
}

TEST_F(ThrottleTest, CountsRightFromManyThreads) {
  std::atomic<int> through{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) through += tries(1) ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(through, 5);
}

}  // namespace
}  // namespace accounts

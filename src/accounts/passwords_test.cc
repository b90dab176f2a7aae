#include "accounts/passwords.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace accounts {
namespace {

constexpr base::PasswordCost kCheap{1, 8192};

base::SecretBytes secret(std::string_view text) {
  return base::SecretBytes::copy_of(base::view(text));
}

TEST(Passwords, MatchTheirOwnHashAlone) {
  base::ThreadWait wait;
  Passwords passwords(wait, kCheap, 2, 8);
  const std::string hash = passwords.hash(secret("correct horse")).value();
  EXPECT_TRUE(passwords.matches(hash, secret("correct horse")).value());
  EXPECT_FALSE(passwords.matches(hash, secret("wrong horse")).value());
  EXPECT_FALSE(passwords.try_login({}, secret("anything"), {}).value());
}

TEST(Passwords, WhoComesWhenTooManyWaitIsToldSo) {
  base::ThreadWait wait;
  Passwords passwords(wait, {3, 64UL << 20}, 1, 1);  // slow on purpose
  std::atomic<int> refused = 0;
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      const auto hashed = passwords.hash(secret("correct horse"));
      if (hashed.ok())
        ++done;
      else if (hashed.code() == base::Code::unavailable)
        ++refused;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(done + refused, 8);
  EXPECT_GE(done.load(), 2);
  EXPECT_GE(refused.load(), 1);
  EXPECT_TRUE(passwords.hash(secret("afterwards")).ok());
}

/// A machine on which a MiB takes so long in each pass, and more beyond a cache of `cache_mib`.
MeasureCost machine(std::int64_t mib_us, std::size_t cache_mib = 1000, int* asked = nullptr) {
  return [=](const base::PasswordCost& cost) -> base::Result<base::Duration> {
    if (asked != nullptr) ++*asked;
    const auto mib = static_cast<std::int64_t>(cost.memory_bytes >> 20);
    const std::int64_t slower = cost.memory_bytes > (cache_mib << 20) ? 3 : 1;
    return base::Duration(mib * static_cast<std::int64_t>(cost.passes) * mib_us * slower);
  };
}

constexpr base::Duration kTarget = std::chrono::milliseconds(100);

TEST(ChooseCost, TakesTheDearestThatTakesAboutTheTime) {
  const auto usual = choose_cost(machine(800), kTarget).value();
  EXPECT_EQ(usual.cost.memory_bytes, 46UL << 20);
  EXPECT_EQ(usual.cost.passes, 2U);
  EXPECT_EQ(usual.takes, std::chrono::microseconds(73'600));
  const auto fast = choose_cost(machine(200), kTarget).value();
  EXPECT_EQ(fast.cost.memory_bytes, 64UL << 20);
  EXPECT_EQ(fast.cost.passes, 6U);
}

TEST(ChooseCost, NeverGoesBelowTheLeast) {
  const auto slow = choose_cost(machine(50'000), kTarget).value();
  EXPECT_EQ(slow.cost.memory_bytes, 19UL << 20);
  EXPECT_EQ(slow.cost.passes, 2U);
  EXPECT_EQ(slow.takes, std::chrono::microseconds(1'900'000));
}

TEST(ChooseCost, StepsDownWhereMoreMemoryIsSlowerThanExpected) {
  int asked = 0;
  const auto chosen = choose_cost(machine(800, 32, &asked), kTarget).value();
  EXPECT_EQ(chosen.cost.memory_bytes, 32UL << 20);
  EXPECT_EQ(asked, 3);
}

TEST(ChooseCost, MeasuresThisMachine) {
  base::SteadyClock steady;
  const auto takes = measure_by(steady)(kCheap);
  ASSERT_TRUE(takes.ok());
  EXPECT_GT(takes->count(), 0);
}

TEST(Passwords, KnowHashesThatCostOtherWorkThanTodays) {
  base::ThreadWait wait;
  const base::SecretBytes password = secret("correct horse");
  Passwords before(wait, {1, 8192}, 2, 8);
  Passwords passes(wait, {2, 8192}, 2, 8);
  Passwords memory(wait, {1, 16384}, 2, 8);
  const std::string old = before.hash(password).value();
  EXPECT_FALSE(before.outdated(old));
  EXPECT_TRUE(passes.outdated(old));
  EXPECT_TRUE(memory.outdated(old));
  EXPECT_TRUE(before.outdated(memory.hash(password).value())) << "it tells her address from others";
  for (const char* other : {"", "$2b$12$abc", "$argon2i$v=19$m=65536,t=9,p=1$a$b",
                            "$argon2id$v=19$m=x,t=2,p=1$a$b", "$argon2id$v=19$m=8"})
    EXPECT_TRUE(before.outdated(other)) << other;
}

}  // namespace
}  // namespace accounts

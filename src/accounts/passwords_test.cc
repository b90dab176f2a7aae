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
  EXPECT_TRUE(passwords.pretend(secret("anything")).ok());
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

}  // namespace
}  // namespace accounts

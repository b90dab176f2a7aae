#include <gtest/gtest.h>

#include "base/fiber_wait.h"
#include "vault/testing.h"

// Many change the directory at once: by fibers, whose every interleaving comes from a seed.

namespace vault {
namespace {

using base::Code;
using base::Result;

constexpr std::size_t kPeople = 12;

class DirectoryFibers : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    house_.open().value();
    for (std::size_t i = 0; i < kPeople; ++i) {
      people_.push_back(house_.owner());
      for (const char* kind : {"first", "second"})
        house_.enlist(address(kind, i), {people_[i].as<base::UserTag>(), {}}).value();
    }
  }
  Address address(const char* kind, std::size_t number) {
    return Address::parse(kind + std::to_string(number) + "@example.com").value();
  }
  bool listed(const Address& address) { return house_.vault->find(address).value().has_value(); }
  Result<Erased> erase(std::size_t i, std::vector<Address> addresses) {
    return house_.vault->erase(
        {people_[i], {}, std::move(addresses), Entry{"erasure", R"({"what":"account"})"}}, {});
  }

  base::RealDisk disk_;
  base::ManualClock time_{base::Time{}};
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path(), std::make_unique<base::FiberWait>(GetParam(), time_)};
  base::FiberWait& fibers_ = static_cast<base::FiberWait&>(*house_.waiting);
  std::vector<base::OwnerId> people_;
};

TEST_P(DirectoryFibers, ErasuresOfAccountsShareTreeCommits) {
  const auto before = house_.keys->epoch();
  for (std::size_t i = 0; i < kPeople; ++i) {
    fibers_.spawn([&, i] {
      // In either order: holding several must not make two wait for each other.
      std::vector<Address> hers = {address("first", i), address("second", i)};
      if (i % 2 == 1) std::swap(hers[0], hers[1]);
      EXPECT_TRUE(erase(i, std::move(hers)).ok());
    });
  }
  ASSERT_TRUE(fibers_.run().ok());
  EXPECT_LT(house_.keys->epoch() - before, kPeople);
  for (std::size_t i = 0; i < kPeople; ++i) {
    EXPECT_FALSE(listed(address("first", i)));
    EXPECT_FALSE(listed(address("second", i)));
  }
  EXPECT_EQ(house_.ledger->size(), kPeople);
}

TEST_P(DirectoryFibers, EachTouchesTheBucketsOfAllOthers) {
  // Everybody names everybody's addresses, and is listed under her own two alone: all wait for the
  // same buckets, in orders of their own.
  for (std::size_t i = 0; i < kPeople; ++i) {
    fibers_.spawn([&, i] {
      std::vector<Address> all;
      for (std::size_t k = 0; k < kPeople; ++k) {
        all.push_back(address("first", (i + k) % kPeople));
        all.push_back(address("second", (i + kPeople - k) % kPeople));
      }
      EXPECT_TRUE(erase(i, std::move(all)).ok());
    });
  }
  ASSERT_TRUE(fibers_.run().ok());
  for (std::size_t i = 0; i < kPeople; ++i) EXPECT_FALSE(listed(address("first", i)));
}

TEST_P(DirectoryFibers, WhoeverIsEnlistedMeanwhileStays) {
  for (std::size_t i = 0; i < kPeople; ++i) {
    fibers_.spawn([&, i] { EXPECT_TRUE(erase(i, {address("first", i)}).ok()); });
    fibers_.spawn([&, i] {
      // Into the very bucket that the erasure re-keys, before it or behind it.
      const Vault::Listed other{base::UserId::random(house_.entropy), {}};
      auto done = house_.enlist(address("first", i), other);
      while (!done.ok() && done.code() == Code::conflict) {
        fibers_.yield();
        done = house_.enlist(address("first", i), other);
      }
      EXPECT_TRUE(done.ok()) << done.error().chain();
    });
    fibers_.spawn([&, i] { EXPECT_TRUE(house_.vault->find(address("second", i)).ok()); });
  }
  ASSERT_TRUE(fibers_.run().ok());
  for (std::size_t i = 0; i < kPeople; ++i) EXPECT_TRUE(listed(address("first", i)));
  ASSERT_TRUE(house_.open().ok());
  for (std::size_t i = 0; i < kPeople; ++i) EXPECT_TRUE(listed(address("first", i)));
}

INSTANTIATE_TEST_SUITE_P(Seeds, DirectoryFibers, testing::Range<std::uint64_t>(0, 12));

}  // namespace
}  // namespace vault

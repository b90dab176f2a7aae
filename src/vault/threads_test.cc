#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "vault/testing.h"

// Reading goes on while people are erased: those who stay are found and opened at every moment, in
// buckets too that get a new key meanwhile.

namespace vault {
namespace {

using base::Result;

constexpr int kStaying = 200;
constexpr int kLeaving = 40;

Address address(const char* kind, int number) {
  return Address::parse(kind + std::to_string(number) + "@example.com").value();
}

class VaultThreads : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(house_.open().ok());
    for (int i = 0; i < kLeaving; ++i) leaving_.push_back(house_.owner());
    for (int i = 0; i < kStaying; ++i)
      house_.enlist(address("staying", i), {base::UserId::random(house_.entropy), {}}).value();
    for (int i = 0; i < kLeaving; ++i)
      house_
          .enlist(address("leaving", i),
                  {leaving_[static_cast<std::size_t>(i)].as<base::UserTag>(), {}})
          .value();
  }

  base::RealDisk disk_;
  store::TemporaryDirectory directory_;
  House house_{disk_, directory_.path()};
  std::vector<base::OwnerId> leaving_;
};

TEST_F(VaultThreads, ThoseWhoStayAreFoundWhileOthersAreErased) {
  std::atomic<bool> over = false;
  std::atomic<int> lost = 0;
  std::atomic<int> looks = 0;
  const auto look = [&] {
    for (int i = 0; !over; i = (i + 1) % kStaying, ++looks) {
      const auto found = house_.vault->find(address("staying", i));
      if (!found.ok() || !found->has_value()) ++lost;
    }
  };
  const auto kari = house_.owner();
  const auto id = house_.record_id();
  const auto content = house_.keep(kari, base::Bytes(50000, 'k')).value();
  ASSERT_TRUE(house_.put(kari, id, {}).ok());
  const auto leave = house_.permit(kari);
  const auto use = [&] {
    base::Bytes some(5000);
    while (!over) {
      if (!house_.put(kari, house_.record_id(), {}).ok() || !house_.get(leave, id).ok()) ++lost;
      auto reader = house_.reader(kari, content);
      if (!reader.ok() || !(*reader)->read_at(40000, some).ok()) ++lost;
    }
  };
  std::vector<std::thread> threads;
  threads.emplace_back(look);
  threads.emplace_back(look);
  threads.emplace_back(use);
  std::atomic<int> erased = 0;
  const auto erase = [&](int from) {
    for (int i = from; i < kLeaving; i += 2) {
      const auto done = house_.vault->erase({leaving_[static_cast<std::size_t>(i)],
                                             {},
                                             {address("leaving", i)},
                                             Entry{"erasure", R"({"what":"account"})"}},
                                            [](store::Tx&) { return Result<void>(); });
      if (done.ok()) ++erased;
    }
  };
  std::thread even(erase, 0);
  erase(1);
  even.join();
  over = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(erased, kLeaving);
  EXPECT_EQ(lost, 0);
  EXPECT_GT(looks, 0);
  for (int i = 0; i < kLeaving; ++i)
    EXPECT_FALSE(house_.vault->find(address("leaving", i)).value().has_value());
  EXPECT_EQ(house_.ledger->size(), static_cast<std::uint64_t>(kLeaving));
}

}  // namespace
}  // namespace vault

// Many callers at once: by fibers, whose every interleaving comes from a seed, and by threads.

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "base/fiber_wait.h"
#include "keys/commits.h"
#include "keys/testing.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;

class Fibers : public testing::TestWithParam<std::uint64_t> {
 protected:
  Fibers() : stage_(make_wait(GetParam())), fibers_(static_cast<base::FiberWait&>(*stage_.wait)) {
    stage_.open().value();
  }
  std::unique_ptr<base::Wait> make_wait(std::uint64_t seed) {
    return std::make_unique<base::FiberWait>(seed, clock_);
  }

  base::ManualClock clock_{base::Time{}};
  Stage stage_;
  base::FiberWait& fibers_;
};

TEST_P(Fibers, CreationsAndErasuresShareCommits) {
  const auto owners = stage_.settle(70);
  const auto before = stage_.keys->epoch();
  std::vector<OwnerId> fresh;
  for (int i = 0; i < 16; ++i) fresh.push_back(stage_.owner());
  for (std::size_t i = 0; i < 16; ++i) {
    fibers_.spawn([&, i] { EXPECT_TRUE(stage_.keys->mint(std::array{fresh[i]}).ok()); });
    fibers_.spawn([&, i] { EXPECT_TRUE(stage_.erase(std::array{owners[i * 4]}).ok()); });
    // A reader beside them: a key, or the news that it is gone.
    fibers_.spawn([&, i] {
      for (std::size_t round = 0; round < 8; ++round) {
        const auto key = stage_.keys->derive(owners[i * 4 + round % 4], "test");
        if (key.ok()) continue;
        EXPECT_EQ(key.code(), Code::gone);
        EXPECT_EQ(round % 4, 0U);
      }
    });
  }
  ASSERT_TRUE(fibers_.run().ok());
  EXPECT_LT(stage_.keys->epoch() - before, 32U);  // 32 requests, fewer commits
  std::set<std::string> all;
  for (const OwnerId owner : fresh) all.insert(stage_.subkey(owner));
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const bool erased = i < 64 && i % 4 == 0;
    EXPECT_EQ(stage_.subkey(owners[i]).empty(), erased) << i;
    EXPECT_EQ(stage_.keys->state(owners[i]).value(), erased ? State::erased : State::live);
    if (!erased) all.insert(stage_.subkey(owners[i]));
  }
  EXPECT_EQ(all.size(), 16U + 54U);
  EXPECT_FALSE(all.contains(""));
  // In a fiber: after a crowd a writer waits a moment for others who may come back.
  fibers_.spawn([&] { EXPECT_TRUE(stage_.bind(fresh).ok()); });
  ASSERT_TRUE(fibers_.run().ok());
  ASSERT_TRUE(stage_.crash().ok());
  for (const OwnerId owner : fresh) EXPECT_TRUE(all.contains(stage_.subkey(owner)));
}

TEST_P(Fibers, OnlyOneOfManyErasesAnOwner) {
  const auto owners = stage_.settle(2);
  int erased = 0;
  for (int i = 0; i < 6; ++i)
    fibers_.spawn([&] {
      const auto epoch = stage_.erase(std::array{owners[0]}, std::array{owners[1]});
      if (epoch.ok())
        ++erased;
      else
        EXPECT_TRUE(epoch.code() == Code::conflict || epoch.code() == Code::gone);
    });
  ASSERT_TRUE(fibers_.run().ok());
  EXPECT_EQ(erased, 1);
  EXPECT_EQ(stage_.keys->generation(owners[1]).value(), 1U);
}

// One refused request does not refuse those who share its commit.
TEST_P(Fibers, ARefusedRequestDoesNotRefuseOthers) {
  TreeStage stage(stage_.wait.get());
  stage.create().value();
  stage.change(Change::Kind::mint, 0).value();
  Commits commits(*stage.tree, fibers_);
  std::size_t refused = 0;
  for (std::uint64_t slot = 0; slot < 12; ++slot)
    fibers_.spawn([&, slot] {
      // Slot 0 holds a key: minting over it is refused.
      const auto made = commits.run({{Change::Kind::mint, slot, TreeStage::tag(slot)}});
      EXPECT_EQ(made.ok(), slot != 0);
      if (made.ok()) return;
      EXPECT_EQ(made.code(), Code::corrupt);
      ++refused;
    });
  ASSERT_TRUE(fibers_.run().ok());
  EXPECT_EQ(refused, 1U);
  for (std::uint64_t slot = 0; slot < 12; ++slot)
    EXPECT_EQ(stage.tree->read(slot)->kind, SlotKind::live);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Fibers, testing::Range<std::uint64_t>(1, 7));

TEST(Threads, CreateEraseAndReadAtOnce) {
  Stage stage;
  stage.open().value();
  const auto owners = stage.settle(64);
  const auto before = stage.keys->epoch();
  constexpr std::size_t kThreads = 8;
  constexpr std::size_t kEach = 6;
  std::atomic<std::size_t> wrong = 0;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < kEach; ++i) {
        const OwnerId fresh = stage.owner();
        const OwnerId leaving = owners[t * kEach + i];
        wrong += stage.keys->mint(std::array{fresh}).ok() ? 0 : 1;
        wrong += stage.bind(std::array{fresh}).ok() ? 0 : 1;
        wrong += stage.subkey(fresh).empty() ? 1 : 0;
        wrong += stage.subkey(leaving).empty() ? 1 : 0;
        wrong += stage.erase(std::array{leaving}).ok() ? 0 : 1;
        wrong += stage.keys->derive(leaving, "test").code() == Code::gone ? 0 : 1;
        wrong += stage.subkey(owners[63]).empty() ? 1 : 0;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_LT(stage.keys->epoch() - before, 2 * kThreads * kEach);
  for (std::size_t i = 0; i < 48; ++i)
    EXPECT_EQ(stage.keys->state(owners[i]).value(), State::erased);
}

}  // namespace
}  // namespace keys

// A transaction that was to bind an owner fails, its key is to be destroyed, and the process is
// killed at any call of that. Where the transaction's remains in the database's log could not be
// cut off, the next start takes them for committed.
#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "base/single_fault.h"
#include "keys/testing.h"
#include "store/vfs.h"

namespace keys {
namespace {

using base::OwnerId;
using When = base::SingleFault::When;

/// A process over a disk that both keys and store are on, of which the store's calls may fail.
struct Process {
  explicit Process(const base::FaultyDisk::Files& files = {}) {
    disk.make_directory("data").value();
    disk.put(files);
    store = store::Store::open(wait, {"data/store.db", &vfs}, std::array{Keys::schema()}).value();
    holder = FileRootHolder::open(disk, kRootDirectory).value();
    keys = Keys::open(*store, *holder, disk, wait, entropy, kTreePath).value();
  }
  base::Result<void> bind(OwnerId owner) {
    return store->write([&](store::Tx& tx) { return keys->bind(tx, owner); });
  }

  base::ThreadWait wait;
  base::ManualClock clock{base::Time(std::chrono::days(20'000))};
  base::SystemEntropy entropy;
  base::FaultyDisk disk{wait};
  base::SingleFault fault;
  base::SingleFaultDisk erring{disk, fault};
  store::Vfs vfs{erring, wait, clock, entropy};
  std::unique_ptr<store::Store> store;
  std::unique_ptr<RootHolder> holder;
  std::unique_ptr<Keys> keys;
};

class BindingInDoubt : public testing::TestWithParam<std::tuple<When, std::uint64_t>> {};

TEST_P(BindingInDoubt, TheNextStartFindsKeyAndBindingOrNeither) {
  const auto [when, times] = GetParam();
  std::size_t failed = 0;
  bool met = true;
  for (std::uint64_t calls = 0; met; ++calls) {
    bool ended = false;
    for (std::uint64_t killed = 0; met && !ended; ++killed) {
      SCOPED_TRACE("call " + std::to_string(calls) + ", killed after " + std::to_string(killed));
      Process process;
      const OwnerId owner = OwnerId::random(process.entropy);
      process.keys->mint(std::array{owner}).value();
      process.fault.arm(calls, when, times);
      const bool bound = process.bind(owner).ok();
      met = process.fault.struck();
      const std::uint64_t before = process.disk.operations();
      process.disk.fail_after(killed);
      if (!bound) (void)process.keys->abandon(std::array{owner}).ok();
      ended = process.disk.operations() - before <= killed;
      failed += bound ? 0 : 1;
      Process next(process.disk.live());
      const bool live = next.keys->state(owner).value() == State::live;
      EXPECT_TRUE(live || !bound) << "what was acknowledged is lost";
      EXPECT_EQ(next.keys->derive(owner, "test").ok(), live) << "one without the other";
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(failed, 0U);
}

INSTANTIATE_TEST_SUITE_P(Of, BindingInDoubt,
                         testing::Combine(testing::Values(When::before, When::after),
                                          testing::Values(1, 2, 3, 4, 6)));

}  // namespace
}  // namespace keys

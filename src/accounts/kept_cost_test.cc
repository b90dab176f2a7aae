#include "accounts/kept_cost.h"

#include <gtest/gtest.h>

#include "store/testing.h"

namespace accounts {
namespace {

constexpr std::size_t kMiB = 1UL << 20;
constexpr base::Duration kUsual = std::chrono::milliseconds(100);
constexpr base::PasswordCost kFirst{2, 32 * kMiB};

class Kept : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    store.reset();
    store =
        store::Store::open(wait, directory.file("kept.db"), std::array{KeptCost::schema()}).value();
  }
  /// What is used after a start at which `cost` was chosen.
  base::PasswordCost start(base::PasswordCost cost) {
    const auto measure = [&](const base::PasswordCost& measured) -> base::Result<base::Duration> {
      last_measured = measured;
      return 3 * kUsual;
    };
    takes = KeptCost::settle(*store, {cost, kUsual}, measure).value();
    open();
    return takes.cost;
  }
  base::ThreadWait wait;
  store::TemporaryDirectory directory;
  std::unique_ptr<store::Store> store;
  base::PasswordCost last_measured{};
  MeasuredCost takes;
};

TEST_F(Kept, TheFirstChoiceIsKeptThroughSlowAndQuickStarts) {
  EXPECT_EQ(start(kFirst), kFirst);
  EXPECT_EQ(takes.takes, kUsual);
  EXPECT_EQ(start({2, 19 * kMiB}), kFirst) << "a busy start made it cheaper";
  EXPECT_EQ(last_measured, kFirst) << "how long it takes now was not looked at";
  EXPECT_EQ(takes.takes, 3 * kUsual);
  EXPECT_EQ(start({2, 64 * kMiB}), kFirst) << "not more than twice as dear";
}

TEST_F(Kept, AFarQuickerMachineMakesItDearerForGood) {
  start(kFirst);
  const base::PasswordCost dearer{3, 64 * kMiB};
  EXPECT_EQ(start(dearer), dearer);
  EXPECT_EQ(start(kFirst), dearer);
}

TEST_F(Kept, NonsenseIsSaid) {
  start(kFirst);
  ASSERT_TRUE(store
                  ->write([](store::Tx& tx) -> base::Result<void> {
                    TRY(tx.run("UPDATE password_cost SET pass_count = 0", {}));
                    return {};
                  })
                  .ok());
  const auto settled = KeptCost::settle(*store, {kFirst, kUsual}, {});
  EXPECT_EQ(settled.code(), base::Code::corrupt);
}

}  // namespace
}  // namespace accounts

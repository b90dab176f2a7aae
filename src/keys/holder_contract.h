// What every root holder keeps to, as tests: include it in a test of a holder and instantiate
// RootHolderContract with a maker of it. Owns nothing; never part of the program.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "base/entropy.h"
#include "keys/root_holder.h"

namespace keys {

/// A place where a holder keeps its roots, and the holder over it.
class HolderPlace {
 public:
  virtual ~HolderPlace() = default;
  /// The holder, as after a restart of this process. One at a time.
  virtual std::unique_ptr<RootHolder> open() = 0;
};

struct HolderMaker {
  std::string name;
  std::function<std::unique_ptr<HolderPlace>()> make;
};
inline void PrintTo(const HolderMaker& maker, std::ostream* out) { *out << maker.name; }

class RootHolderContract : public testing::TestWithParam<HolderMaker> {
 protected:
  RootHolderContract() : place(GetParam().make()), holder(place->open()) {}

  void reopen() {
    holder.reset();
    holder = place->open();
  }
  Root root(std::uint64_t epoch) {
    Root made{.epoch = epoch, .key = base::SecretBytes(32), .page = epoch * 3};
    entropy.fill(made.key.mutable_view());
    return made;
  }
  void expect_slot(std::size_t slot, const Root* expected) {
    const auto found = holder->read();
    ASSERT_TRUE(found.ok()) << found.error().chain();
    const auto& there = (*found)[slot];
    ASSERT_EQ(there.has_value(), expected != nullptr);
    if (expected == nullptr) return;
    EXPECT_EQ(there->epoch, expected->epoch);
    EXPECT_EQ(there->page, expected->page);
    EXPECT_TRUE(there->key == expected->key);
  }

  base::SystemEntropy entropy;
  std::unique_ptr<HolderPlace> place;
  std::unique_ptr<RootHolder> holder;
};

TEST_P(RootHolderContract, BeginsEmpty) {
  expect_slot(0, nullptr);
  expect_slot(1, nullptr);
}

TEST_P(RootHolderContract, KeepsEachSlotForItself) {
  const Root first = root(1);
  const Root second = root(2);
  holder->write(0, first).value();
  expect_slot(0, &first);
  expect_slot(1, nullptr);
  holder->write(1, second).value();
  expect_slot(0, &first);
  expect_slot(1, &second);
  reopen();
  expect_slot(0, &first);
  expect_slot(1, &second);
}

TEST_P(RootHolderContract, ForgetsWhatIsDestroyed) {
  const Root first = root(1);
  const Root second = root(2);
  holder->write(0, first).value();
  holder->write(1, second).value();
  holder->destroy(0).value();
  expect_slot(0, nullptr);
  expect_slot(1, &second);
  holder->destroy(0).value();  // content with one that is empty
  reopen();
  expect_slot(0, nullptr);
  expect_slot(1, &second);
  holder->destroy(1).value();
  reopen();
  expect_slot(1, nullptr);
}

TEST_P(RootHolderContract, ReplacesWhatIsThere) {
  const Root first = root(1);
  const Root again = root(9);
  holder->write(1, first).value();
  holder->write(1, again).value();
  expect_slot(1, &again);
  reopen();
  expect_slot(1, &again);
}

// As commits use it, over and over.
TEST_P(RootHolderContract, TurnsForManyEpochs) {
  for (std::uint64_t epoch = 1; epoch <= 40; ++epoch) {
    const Root next = root(epoch);
    holder->write(epoch % 2, next).value();
    holder->destroy(1 - epoch % 2).value();
    if (epoch % 7 == 0) reopen();
    expect_slot(epoch % 2, &next);
    expect_slot(1 - epoch % 2, nullptr);
  }
}

/// Numbers at their bounds come back as they were.
TEST_P(RootHolderContract, KeepsWholeNumbers) {
  Root large = root(~0ULL);
  large.page = ~0ULL;
  holder->write(0, large).value();
  expect_slot(0, &large);
}

}  // namespace keys

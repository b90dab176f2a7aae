// Erasures that are intended durably and cannot be finished: each waits alone.
#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "keys/testing.h"
#include "vault/erase_note.h"
#include "vault/testing.h"

namespace vault {
namespace {

using base::Code;
using base::Result;

class StuckErasures : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(house_.open().ok()); }
  /// Somebody new who is to be erased, and is not.
  base::OwnerId intend(base::View note, std::span<const base::OwnerId> rekeyed = {}) {
    const base::OwnerId erased = house_.owner();
    auto erasure = house_.keys->prepare(std::array{erased}, rekeyed).value();
    house_.write([&](store::Tx& tx) { return house_.keys->intend(tx, erasure, note); }).value();
    return erased;
  }
  std::uint64_t slot_of(base::OwnerId owner) {
    std::uint64_t slot = 0;
    house_.store
        ->read([&](store::Reader& reader) {
          return reader.query("SELECT slot FROM keys_owner WHERE owner = ?", {owner},
                              [&](const store::Row& row) -> Result<void> {
                                slot = static_cast<std::uint64_t>(row.integer(0));
                                return {};
                              });
        })
        .value();
    return slot;
  }

  base::ThreadWait wait_;
  base::FaultyDisk memory_{wait_};
  store::TemporaryDirectory directory_;
  House house_{memory_, directory_.path()};
};

// What cannot be finished keeps neither the others nor the start from anything, and is told.
TEST_F(StuckErasures, AnIntentThatCannotBeFinishedConcernsNobodyElse) {
  const auto state = [&](base::OwnerId owner) { return house_.keys->state(owner).value(); };
  const base::OwnerId no_bucket = house_.owner();
  const auto first = intend(EraseNote{}.encode(), std::array{no_bucket});
  const auto second = intend(base::view("rubbish"));  // a note of no known form
  for (int i = 0; i < 64; ++i) house_.owner();
  const auto third = intend(EraseNote{}.encode());  // on a leaf that will not open
  for (int i = 0; i < 64; ++i) house_.owner();
  const auto last = intend(EraseNote{}.encode());
  const std::uint64_t leaf = slot_of(third) / keys::kFanout;
  ASSERT_NE(leaf, slot_of(last) / keys::kFanout);
  ASSERT_NE(leaf, slot_of(second) / keys::kFanout);
  house_.close();
  keys::damage_leaf(memory_, directory_.path() + "/data/tree.ktn", leaf);
  ASSERT_TRUE(house_.open().ok());
  EXPECT_EQ(state(last), keys::State::erased);
  const auto stuck = [&] {
    std::vector<base::OwnerId> owners;
    for (const StuckErasure& one : house_.vault->stuck_erasures()) {
      EXPECT_EQ(one.why.code(), Code::corrupt);
      owners.push_back(one.owners.at(0));
    }
    return owners;
  };
  EXPECT_EQ(stuck(), (std::vector{first, second, third}));
  EXPECT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(stuck(), (std::vector{first, second, third}));
  EXPECT_EQ(state(third), keys::State::erasing);
  // It is tried again at each tick.
  keys::damage_leaf(memory_, directory_.path() + "/data/tree.ktn", leaf);
  EXPECT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(stuck(), (std::vector{first, second}));
  EXPECT_EQ(state(third), keys::State::erased);
}

// What only cannot be done now is an error of the tick as well.
TEST_F(StuckErasures, AnErasureThatWaitsForADiskIsTold) {
  const base::OwnerId who = intend(EraseNote{}.encode());
  memory_.break_path(directory_.path() + "/data/tree.ktn");
  EXPECT_EQ(house_.vault->tick().code(), Code::io);
  EXPECT_EQ(house_.vault->stuck_erasures().at(0).why.code(), Code::io);
  memory_.mend_path(directory_.path() + "/data/tree.ktn");
  EXPECT_TRUE(house_.vault->tick().ok());
  EXPECT_TRUE(house_.vault->stuck_erasures().empty());
  EXPECT_EQ(house_.keys->state(who).value(), keys::State::erased);
}

}  // namespace
}  // namespace vault

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

// Such as the log's own key: nobody is erased, so the one whose key is changed stands for it.
TEST_F(StuckErasures, AnIntentThatErasesNobodyIsToldByWhomItReKeys) {
  const base::OwnerId no_bucket = house_.owner();
  {
    auto erasure = house_.keys->prepare({}, std::array{no_bucket}).value();
    house_
        .write(
            [&](store::Tx& tx) { return house_.keys->intend(tx, erasure, EraseNote{}.encode()); })
        .value();
  }
  ASSERT_TRUE(house_.open().ok());
  const auto stuck = house_.vault->stuck_erasures();
  ASSERT_EQ(stuck.size(), 1U);
  EXPECT_EQ(stuck[0].owners, std::vector{no_bucket});
  EXPECT_EQ(stuck[0].why.code(), Code::corrupt);
}

TEST_F(StuckErasures, AnIntentOfWhichNothingCanBeReadIsToldOnce) {
  for (int i = 0; i < 64; ++i) house_.owner();  // on another leaf than what the start needs
  base::OwnerId other = house_.owner();
  while (slot_of(other) % keys::kFanout == keys::kFanout - 1) other = house_.owner();
  const auto who = intend(EraseNote{}.encode(), std::array{other});
  const std::uint64_t leaf = slot_of(who) / keys::kFanout;
  ASSERT_EQ(leaf, slot_of(other) / keys::kFanout);
  house_.close();
  keys::damage_leaf(memory_, directory_.path() + "/data/tree.ktn", leaf);
  ASSERT_TRUE(house_.open().ok());
  const auto stuck = house_.vault->stuck_erasures();
  ASSERT_EQ(stuck.size(), 1U);
  EXPECT_EQ(stuck[0].owners, std::vector{who});
  EXPECT_EQ(stuck[0].why.code(), Code::corrupt);
}

/// A replica that is away: each time that it is asked for costs all of the patience.
class AwayFollower final : public keys::Followers {
 public:
  explicit AwayFollower(base::ManualClock& clock) : clock_(clock) {}
  Result<void> intend() override { return {}; }
  std::vector<keys::Following> await(std::uint64_t /*epoch*/, base::Duration patience) override {
    ++asked;
    clock_.advance(patience);
    return {};
  }
  std::size_t asked = 0;

 private:
  base::ManualClock& clock_;
};

class UnclosedErasures : public StuckErasures {
 protected:
  void SetUp() override {
    house_.followers = &follower_;
    StuckErasures::SetUp();
    note_.logged = EraseNote::Logged::yes;
    note_.label = base::sha256(base::view("a label"));
    note_.nonce = house_.entropy.bytes(32);
    note_.content = R"({"what":"account"})";
  }
  void TearDown() override { house_.close(); }  // before its follower goes
  /// As a full disk: everything goes well up to the leaf, behind the tree commit.
  void fill_disk() {
    run("CREATE TRIGGER full BEFORE INSERT ON ledger_leaf BEGIN SELECT RAISE(ABORT, 'full'); END");
  }
  void give_space() { run("DROP TRIGGER full"); }
  void run(base::Literal sql) {
    house_
        .write([&](store::Tx& tx) -> Result<void> {
          TRY(tx.run(sql, {}));
          return {};
        })
        .value();
  }

  AwayFollower follower_{house_.clock};
  EraseNote note_;
};

TEST_F(UnclosedErasures, OneFoundAtTheStartIsTriedOnceATickAndClosedOnce) {
  const base::OwnerId who = intend(note_.encode());
  fill_disk();
  house_.close();
  ASSERT_TRUE(house_.open().ok());  // the crash was behind the intent
  EXPECT_EQ(house_.vault->stuck_erasures().size(), 1U);
  for (std::size_t ticks = 1; ticks <= 3; ++ticks) {
    house_.clock.advance(std::chrono::seconds(1));
    EXPECT_FALSE(house_.vault->tick().ok());
    EXPECT_EQ(house_.vault->stuck_erasures().size(), 1U);
    EXPECT_EQ(follower_.asked, 1 + ticks);
  }
  EXPECT_EQ(house_.keys->state(who).value(), keys::State::erasing);
  give_space();
  house_.clock.advance(std::chrono::seconds(1));
  const auto closed = house_.vault->tick();
  EXPECT_TRUE(closed.ok()) << closed.error().chain();
  EXPECT_EQ(house_.keys->state(who).value(), keys::State::erased);
  EXPECT_EQ(house_.ledger->size(), 1U);
  EXPECT_TRUE(house_.vault->stuck_erasures().empty());
  // And nothing is left to be tried.
  const std::size_t asked = follower_.asked;
  house_.clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(house_.vault->tick().ok());
  EXPECT_EQ(follower_.asked, asked);
  EXPECT_EQ(house_.ledger->size(), 1U);
}

// A commit may be durable although it told of an error.
TEST_F(UnclosedErasures, OneThatIsClosedAlreadyIsNotTriedAgain) {
  const base::OwnerId who = intend(note_.encode());
  fill_disk();
  house_.close();
  ASSERT_TRUE(house_.open().ok());
  give_space();
  ASSERT_TRUE(house_
                  .write([&](store::Tx& tx) -> Result<void> {
                    TRY(house_.keys->finish(tx, std::array{who}));
                    TRY(house_.ledger->append(tx, {note_.label, base::sha256(base::view("1 s"))}));
                    return {};
                  })
                  .ok());
  for (int i = 0; i < 2; ++i) {
    const auto ticked = house_.vault->tick();
    EXPECT_TRUE(ticked.ok()) << ticked.error().chain();
  }
  EXPECT_TRUE(house_.vault->stuck_erasures().empty());
  EXPECT_EQ(house_.count("SELECT 1 FROM ledger_leaf"), 1);
}

}  // namespace
}  // namespace vault

// Everything that the log does, with one error at every call of the disk and every step of a
// statement: the error is told, what was published stands, and the next call goes on from there.
#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "ledger/handover.h"
#include "ledger/leaf_table.h"
#include "ledger/log_files.h"
#include "ledger/mirror.h"
#include "ledger/testing.h"
#include "store/testing.h"
#include "tests/support/every_fault.h"

namespace ledger {
namespace {

using base::Code;
using base::Result;
using When = support::EveryFault::When;

constexpr std::uint64_t kLeaves = 300;

class LedgerSingleFault : public testing::Test {
 protected:
  Result<void> open(std::uint8_t seed = 7, const std::string& origin = kOrigin) {
    ledger_.reset();
    ledger_ = TRY(Ledger::open(*store_, disk_, wait_, clock_, "log", origin, test_signer(seed)));
    return {};
  }
  /// Leaves up to that many, committed and not yet published.
  Result<Ticket> append_to(std::uint64_t to) {
    std::optional<Ticket> last;
    TRY(store_->write([&](store::Tx& tx) -> Result<void> {
      for (std::uint64_t n = 0; n < to; ++n) last = TRY(ledger_->append(tx, test_leaf(n)));
      return {};
    }));
    return *last;
  }
  void begin() {
    open().value();
    ledger_->await(append_to(kLeaves).value()).value();
  }
  /// What is published is the first leaves, whole, and a size never has two roots.
  void expect_log() {
    const auto leaves = read_log(memory_, "log");
    ASSERT_GE(leaves.size(), published_);
    published_ = leaves.size();
    for (std::size_t n = 0; n < leaves.size(); ++n)
      ASSERT_EQ(leaves[n].label, test_leaf(n).label) << n;
  }
  void everywhere(const support::EveryFault::Attempt& attempt,
                  const support::EveryFault::Judge& judge, const support::EveryFault::Way& way) {
    every_.run(attempt, judge, way, [this] { expect_log(); });
  }

  base::ThreadWait wait_;
  base::ManualClock clock_{base::Time(base::Duration(0))};
  base::FaultyDisk memory_{wait_};
  support::EveryFault every_;
  base::SingleFaultDisk disk_{memory_, every_.fault};
  store::TemporaryStore store_{{Ledger::schema()}};
  std::unique_ptr<Ledger> ledger_;
  std::uint64_t published_ = 0;
};

TEST_F(LedgerSingleFault, ALeafIsAppendedOnceOrNot) {
  begin();
  std::uint64_t size = kLeaves;
  everywhere(
      [&]() -> Result<void> {
        TRY(append_to(size + 1));
        ++size;
        return {};
      },
      [&](bool) {
        ASSERT_TRUE(ledger_->tick().ok());
        EXPECT_EQ(ledger_->size(), size);
      },
      {.step = 97});
}

TEST_F(LedgerSingleFault, AWaitErrsOrItsLeafIsPublished) {
  begin();
  std::uint64_t size = kLeaves;
  Ticket ticket{};
  for (const When when : {When::before, When::after}) {
    everywhere(
        [&]() -> Result<void> {
          EXPECT_EQ(TRY(ledger_->await(ticket)), size - 1);
          return {};
        },
        [&](bool done) {
          if (done) EXPECT_EQ(ledger_->size(), size);
          EXPECT_EQ(ledger_->await(ticket).value(), size - 1);
          const auto files = memory_.live();
          EXPECT_EQ(base::text(files.at("log/checkpoint")), ledger_->checkpoint());
        },
        // Past a full tile now and then: its partial forms are dropped.
        {.when = when, .prepare = [&] {
           size += 41;
           ticket = append_to(size).value();
         }});
  }
}

TEST_F(LedgerSingleFault, AStartErrsOrPublishesWhatWasThere) {
  begin();
  for (const When when : {When::before, When::after}) {
    everywhere([&] { return open(); },
               [&](bool done) {
                 if (!done) ASSERT_TRUE(open().ok());
                 EXPECT_EQ(ledger_->size(), kLeaves);
               },
               {.when = when});
    // A crash before the tree was remembered: it is, at the next start.
    everywhere([&] { return open(); },
               [&](bool done) {
                 if (!done) ASSERT_TRUE(open().ok());
                 EXPECT_EQ(LeafTable(*store_).remembered().value()->head.size, kLeaves);
               },
               {.when = when, .prepare = [&] {
                  store_
                      ->write([](store::Tx& tx) -> Result<void> {
                        TRY(tx.run("DELETE FROM ledger_head", {}));
                        return {};
                      })
                      .value();
                }});
    // Where tiles are gone they are made again.
    everywhere([&] { return open(); },
               [&](bool done) {
                 if (!done) ASSERT_TRUE(open().ok());
                 EXPECT_EQ(ledger_->size(), kLeaves);
               },
               {.when = when,
                .prepare = [&] { memory_.remove("log/tile/0/000").value(); },
                .told = {Code::io, Code::corrupt}});
  }
}

TEST_F(LedgerSingleFault, AFirstStartErrsOrMakesAnEmptyLog) {
  every_.run([&] { return open(); },
             [&](bool done) {
               if (!done) ASSERT_TRUE(open().ok());
               EXPECT_EQ(ledger_->size(), 0U);
               expect_log();
             },
             {.prepare = [&] {
               ledger_.reset();
               base::remove_all(memory_, "log").value();
             }});
}

TEST_F(LedgerSingleFault, AProofIsRightOrAnError) {
  begin();
  everywhere(
      [&]() -> Result<void> {
        const auto proof = parse_proof(TRY(ledger_->prove(17))).value();
        EXPECT_TRUE(
            verify_inclusion(17, hash_leaf(test_leaf(17).encode()), head_of(kLeaves), proof.hashes)
                .ok());
        return {};
      },
      [](bool) {}, {});
  everywhere(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(ledger_->key_chain()), "");
        return {};
      },
      [](bool) {}, {});
}

TEST_F(LedgerSingleFault, AStoreIsFilledAgainInTheEnd) {
  begin();
  ledger_.reset();
  std::unique_ptr<store::TemporaryStore> fresh;
  const std::string key = key_of(7).str();
  everywhere(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(Ledger::refill(**fresh, disk_, "log", key)), kLeaves);
        return {};
      },
      [&](bool) { EXPECT_EQ(Ledger::refill(**fresh, disk_, "log", key).value(), kLeaves); },
      {.alike_from = 40, .alike_to = 915, .prepare = [&] {
         fresh =
             std::make_unique<store::TemporaryStore>(std::vector<store::Schema>{Ledger::schema()});
       }});
  // Under another origin it has one entry more.
  change_origin(disk_, "log", "other.example", test_signer()).value();
  const std::string other = key_of(7, "other.example").str();
  everywhere(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(Ledger::refill(**fresh, disk_, "log", other)), kLeaves + 1);
        return {};
      },
      [&](bool) { EXPECT_EQ(Ledger::refill(**fresh, disk_, "log", other).value(), kLeaves + 1); },
      {.alike_from = 20, .alike_to = 920, .prepare = [&] {
         fresh =
             std::make_unique<store::TemporaryStore>(std::vector<store::Schema>{Ledger::schema()});
       }});
}

TEST_F(LedgerSingleFault, AKeyIsHandedOverOrIsTheOldOne) {
  begin();
  const auto before = memory_.live();
  const std::string statement = handed_over(kLeaves);
  every_.run(
      [&]() -> Result<void> {
        TRY(check_handover(disk_, "log", statement));
        TRY(publish_handover(disk_, "log", statement));
        return open(8);
      },
      [&](bool) {
        ASSERT_TRUE(publish_handover(disk_, "log", statement).ok());
        ASSERT_TRUE(open(8).ok());
        EXPECT_EQ(ledger_->verifier_key(), key_of(8).str());
        EXPECT_EQ(ledger_->size(), kLeaves);
        expect_log();
      },
      {.prepare = [&] {
        ledger_.reset();
        base::remove_all(memory_, "log").value();
        memory_.put(before);
      }});
}

TEST_F(LedgerSingleFault, AnOriginIsChangedOrIsTheOldOne) {
  begin();
  ledger_.reset();
  const auto before = memory_.live();
  every_.run([&] { return change_origin(disk_, "log", "other.example", test_signer()); },
             [&](bool done) {
               const std::string now = origin_in_force(disk_, "log", kOrigin).value();
               EXPECT_TRUE(now == "other.example" || (now == kOrigin && !done));
               ASSERT_TRUE(change_origin(disk_, "log", "other.example", test_signer()).ok());
               EXPECT_EQ(origin_in_force(disk_, "log", kOrigin).value(), "other.example");
             },
             {.prepare = [&] {
               base::remove_all(memory_, "log").value();
               memory_.put(before);
             }});
  every_.run(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(origin_in_force(disk_, "log", kOrigin)), "other.example");
        return {};
      },
      [](bool) {}, {});
}

class MirrorSingleFault : public testing::Test {
 protected:
  Result<void> open() {
    mirror_.reset();
    mirror_ = TRY(Mirror::open(disk_, "copy"));
    return {};
  }
  Result<void> follow(std::uint64_t to) {
    const std::uint64_t from = mirror_->staged();
    TRY(mirror_->stage(from, some_leaves(from, to)));
    return mirror_->publish(signed_at(to), key_of(7).str());
  }

  base::ThreadWait wait_;
  base::FaultyDisk memory_{wait_};
  support::EveryFault every_;
  base::SingleFaultDisk disk_{memory_, every_.fault};
  std::unique_ptr<Mirror> mirror_;
};

TEST_F(MirrorSingleFault, FollowsInTheEnd) {
  open().value();
  std::uint64_t size = 10;
  follow(size).value();
  for (const When when : {When::before, When::after}) {
    every_.run([&] { return follow(size); },
               [&](bool done) {
                 if (done) EXPECT_EQ(mirror_->size(), size);
                 // Whatever is published is one of the two, whole.
                 const std::size_t there = read_log(memory_, "copy").size();
                 EXPECT_TRUE(there == size || there == mirror_->size());
                 mirror_->unstage();
                 ASSERT_TRUE(follow(size).ok());
                 EXPECT_EQ(mirror_->checkpoint(), signed_at(size));
                 ASSERT_TRUE(open().ok());
                 EXPECT_EQ(mirror_->size(), size);
               },
               {.when = when, .prepare = [&] { size += 37; }});
  }
}

TEST_F(MirrorSingleFault, BeginsInTheEnd) {
  every_.run(
      [&]() -> Result<void> {
        TRY(open());
        return follow(10);
      },
      [&](bool) {
        ASSERT_TRUE(open().ok());
        ASSERT_TRUE(follow(10).ok());
        EXPECT_EQ(read_log(memory_, "copy").size(), 10U);
      },
      {.prepare = [&] { base::remove_all(memory_, "copy").value(); }});
}

TEST_F(MirrorSingleFault, OpensOrErrs) {
  open().value();
  follow(300).value();
  every_.run([&] { return open(); },
             [&](bool done) {
               if (!done) ASSERT_TRUE(open().ok());
               EXPECT_EQ(mirror_->checkpoint(), signed_at(300));
             },
             {});
}

TEST_F(MirrorSingleFault, KeepsWhatIsStagedBeyondACheckpointOrHasItSentAgain) {
  std::uint64_t size = 10;
  open().value();
  follow(size).value();
  every_.run([&] { return mirror_->publish(signed_at(size), key_of(7).str()); },
             [&](bool done) {
               if (!done) ASSERT_TRUE(follow(size).ok());
               EXPECT_TRUE(mirror_->staged() == size + 3 || mirror_->staged() == size);
               ASSERT_TRUE(follow(size + 3).ok());
               size += 3;
             },
             {.prepare = [&] {
               size += 5;
               mirror_->stage(mirror_->size(), some_leaves(mirror_->size(), size + 3)).value();
             }});
}

TEST_F(MirrorSingleFault, ChangesItsKeyInTheEnd) {
  const auto to_new_key = [&]() -> Result<void> {
    TRY(mirror_->hand_over(handed_over(300)));
    return mirror_->publish(signed_at(300, 8), key_of(8).str());
  };
  open().value();
  follow(300).value();
  const auto before = memory_.live();
  for (const When when : {When::before, When::after}) {
    every_.run(to_new_key,
               [&](bool) {
                 ASSERT_TRUE(open().ok());
                 EXPECT_EQ(mirror_->size(), 300U);
                 ASSERT_TRUE(to_new_key().ok());
                 EXPECT_EQ(mirror_->verifier_key().value(), key_of(8).str());
                 EXPECT_EQ(mirror_->chain().value(), handed_over(300));
               },
               {.when = when, .prepare = [&] {
                  mirror_.reset();
                  base::remove_all(memory_, "copy").value();
                  memory_.put(before);
                  open().value();
                }});
  }
}

TEST_F(MirrorSingleFault, AnswersRightOrAnError) {
  open().value();
  follow(300).value();
  mirror_->hand_over(handed_over(300)).value();
  mirror_->publish(signed_at(300, 8), key_of(8).str()).value();
  every_.run(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(mirror_->compare(signed_at(299))), Shown::older);
        return {};
      },
      [](bool) {}, {});
  every_.run(
      [&]() -> Result<void> {
        const auto leaves = TRY(mirror_->leaves(250, 100));
        EXPECT_EQ(leaves.size(), 50U);
        EXPECT_EQ(leaves.back().label, test_leaf(299).label);
        return {};
      },
      [](bool) {}, {});
  every_.run(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(mirror_->verifier_key()), key_of(8).str());
        EXPECT_EQ(TRY(mirror_->chain()), handed_over(300));
        return {};
      },
      [](bool) {}, {});
}

// Until it can be removed, it is not taken for settled; and there is no second chance in a sync.
TEST(LogFilesSingleFault, WhatASyncHasLostIsRemovedInTheEnd) {
  base::ThreadWait wait;
  base::FaultyDisk memory(wait);
  base::SingleFault fault;
  base::SingleFaultDisk disk(memory, fault);
  LogFiles files(disk, "log");
  files.make_directory().value();
  files.put("tile/0/000", base::Bytes(32)).value();
  fault.arm(0);
  EXPECT_EQ(files.settle().code(), Code::io);
  EXPECT_TRUE(files.lost());
  fault.arm(0);
  EXPECT_EQ(files.settle().code(), Code::io);
  EXPECT_TRUE(files.lost());
  fault.disarm();
  EXPECT_TRUE(memory.exists("log/tile/0/000").value());
  EXPECT_TRUE(files.settle().ok());
  EXPECT_FALSE(files.lost());
  EXPECT_FALSE(memory.exists("log/tile/0/000").value());
}

}  // namespace
}  // namespace ledger

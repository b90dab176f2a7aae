// Everything that keys do, with one error at every call of the disk and every step of a statement:
// the error is told and nothing has happened, or all has, or (an erasure that was intended) it is
// finished later. Whoever had a key keeps it.
#include <gtest/gtest.h>

#include "keys/check.h"
#include "keys/testing.h"
#include "tests/support/every_fault.h"

namespace keys {
namespace {

using base::Code;
using base::OwnerId;
using base::Result;
using When = support::EveryFault::When;
using Way = support::EveryFault::Way;

class KeysSingleFault : public testing::Test {
 protected:
  KeysSingleFault() {
    memory_.make_directory("data").value();
    open_store("store.db").value();
    open().value();
    owners_ = settle(70);
    for (const OwnerId owner : owners_) before_.push_back(subkey(owner));
  }
  ~KeysSingleFault() override { keys_.reset(); }

  Result<void> open_store(const std::string& name) {
    store_.reset();
    store_ = TRY(store::Store::open(wait_, directory_.file(name), std::array{Keys::schema()}));
    return {};
  }
  Result<void> open() {
    keys_.reset();
    holder_ = TRY(FileRootHolder::open(disk_, kRootDirectory));
    keys_ = TRY(Keys::open(*store_, *holder_, disk_, wait_, entropy_, kTreePath));
    return {};
  }
  OwnerId owner() { return OwnerId::random(entropy_); }
  std::vector<OwnerId> settle(std::size_t count) {
    std::vector<OwnerId> owners;
    for (std::size_t i = 0; i < count; ++i) owners.push_back(owner());
    keys_->mint(owners).value();
    bind(owners).value();
    return owners;
  }
  Result<void> bind(std::span<const OwnerId> owners) {
    return store_->write([&](store::Tx& tx) -> Result<void> {
      for (const OwnerId one : owners) TRY(keys_->bind(tx, one));
      return {};
    });
  }
  std::string subkey(OwnerId owner) {
    const auto key = keys_->derive(owner, "test");
    return key.ok() ? base::hex(key->view()) : std::string();
  }
  void expect_all() {
    for (std::size_t i = 0; i < owners_.size(); ++i) ASSERT_EQ(subkey(owners_[i]), before_[i]) << i;
  }
  void everywhere(const support::EveryFault::Attempt& attempt,
                  const support::EveryFault::Judge& judge, const Way& way) {
    every_.run(attempt, judge, way, [this] { expect_all(); });
  }
  /// In a process that remembers nothing, so that everything is asked for.
  Way forgetful() {
    return {.prepare = [this] { open().value(); }};
  }

  base::ThreadWait wait_;
  base::FaultyDisk memory_{wait_};
  support::EveryFault every_;
  base::SingleFaultDisk disk_{memory_, every_.fault};
  base::SystemEntropy entropy_;
  store::TemporaryDirectory directory_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<RootHolder> holder_;
  std::unique_ptr<Keys> keys_;
  std::vector<OwnerId> owners_;
  std::vector<std::string> before_;
};

TEST_F(KeysSingleFault, AStartErrsOrFindsEverybody) {
  const OwnerId unbound = owner();
  for (const When when : {When::before, When::after}) {
    everywhere([&] { return open(); },
               [&](bool done) {
                 if (!done) ASSERT_TRUE(open().ok());
                 EXPECT_EQ(keys_->state(unbound).value(), State::unknown);
               },
               {.when = when, .prepare = [&] {
                  if (keys_->state(unbound).value() == State::unknown)
                    keys_->mint(std::array{unbound}).value();
                }});
  }
}

TEST_F(KeysSingleFault, AnOwnerIsMadeOrCanBeMadeAgain) {
  for (const When when : {When::before, When::after}) {
    std::array<OwnerId, 2> fresh;
    everywhere([&] { return keys_->mint(fresh); },
               [&](bool done) {
                 if (!done) {
                   ASSERT_TRUE(keys_->abandon(fresh).ok());
                   EXPECT_EQ(keys_->state(fresh[0]).value(), State::unknown);
                   ASSERT_TRUE(keys_->mint(fresh).ok());
                 }
                 ASSERT_TRUE(bind(fresh).ok());
                 EXPECT_FALSE(subkey(fresh[0]).empty());
                 EXPECT_NE(subkey(fresh[0]), subkey(fresh[1]));
               },
               {.when = when, .prepare = [&] { fresh = {owner(), owner()}; }});
  }
  const auto report = check(*store_, *holder_, memory_, kTreePath, kSilent).value();
  EXPECT_TRUE(report.whole());
}

// Free slots on a leaf that does not open are passed over, or the error is told.
TEST_F(KeysSingleFault, AnOwnerComesToALeafThatOpens) {
  std::uint64_t slot = 0;
  const auto damage_the_last_leaf = [&] {
    const OwnerId last = settle(1)[0];
    store_
        ->read([&](store::Reader& reader) {
          return reader.query("SELECT slot FROM keys_owner WHERE owner = ?", {last},
                              [&](const store::Row& row) -> Result<void> {
                                slot = static_cast<std::uint64_t>(row.integer(0));
                                return {};
                              });
        })
        .value();
    damage_leaf(memory_, kTreePath, slot / kFanout);
    open().value();
  };
  OwnerId fresh;
  every_.run(
      [&] {
        fresh = owner();
        return keys_->mint(std::array{fresh});
      },
      [&](bool done) {
        if (done) EXPECT_EQ(keys_->state(fresh).value(), State::live);
        if (done) EXPECT_TRUE(keys_->readable(fresh).value());
      },
      {.prepare = damage_the_last_leaf, .told = {Code::io, Code::corrupt}});
}

TEST_F(KeysSingleFault, AnOwnerIsGivenUpInTheEnd) {
  std::array<OwnerId, 2> fresh;
  everywhere([&] { return keys_->abandon(fresh); },
             [&](bool done) {
               if (!done) ASSERT_TRUE(keys_->abandon(fresh).ok());
               EXPECT_EQ(keys_->state(fresh[0]).value(), State::unknown);
               EXPECT_EQ(keys_->derive(fresh[1], "test").code(), Code::missing);
             },
             {.prepare = [&] {
               fresh = {owner(), owner()};
               keys_->mint(fresh).value();
             }});
  EXPECT_TRUE(check(*store_, *holder_, memory_, kTreePath, kSilent)->whole());
}

TEST_F(KeysSingleFault, AnOwnerIsBoundOrNot) {
  OwnerId fresh;
  everywhere([&] { return bind(std::array{fresh}); },
             [&](bool done) {
               ASSERT_TRUE(open().ok());  // who is not bound is forgotten
               EXPECT_EQ(keys_->state(fresh).value(), done ? State::live : State::unknown);
             },
             {.prepare = [&] {
               fresh = owner();
               keys_->mint(std::array{fresh}).value();
             }});
}

TEST_F(KeysSingleFault, WhatIsAskedIsRightOrAnError) {
  const std::string hers = before_[3];
  everywhere(
      [&]() -> Result<void> {
        const auto key = TRY(keys_->derive(owners_[3], "test"));
        EXPECT_EQ(base::hex(key.view()), hers);
        return {};
      },
      [](bool) {}, forgetful());
  everywhere(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(keys_->generation(owners_[3])), 0U);
        return {};
      },
      [](bool) {}, forgetful());
  everywhere(
      [&]() -> Result<void> {
        EXPECT_TRUE(TRY(keys_->readable(owners_[3])));
        return {};
      },
      [](bool) {}, forgetful());
  everywhere(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(keys_->known({}, 100)).size(), owners_.size());
        EXPECT_EQ(TRY(keys_->dormant()), 0U);
        return {};
      },
      [](bool) {}, forgetful());
  // Who cannot be looked up is not taken for nobody: a restore would remove what she has.
  every_.fault.arm(0);
  EXPECT_FALSE(keys_->state(owner()).ok());
  EXPECT_TRUE(every_.fault.struck());
}

TEST_F(KeysSingleFault, AFollowerGetsAllPagesOrAnError) {
  everywhere(
      [&]() -> Result<void> {
        std::size_t pages = 0;
        const Root root = TRY(keys_->follow(0, [&](std::uint64_t, base::View) -> Result<void> {
          ++pages;
          return {};
        }));
        EXPECT_EQ(root.epoch, keys_->epoch());
        EXPECT_EQ(pages, 3U);
        return {};
      },
      [](bool) {}, forgetful());
}

TEST_F(KeysSingleFault, ACheckErrsOrFindsAWholeTree) {
  everywhere(
      [&]() -> Result<void> {
        const auto report = TRY(check(*store_, *holder_, disk_, kTreePath, kSilent));
        if (!every_.fault.struck()) EXPECT_TRUE(report.whole());
        EXPECT_EQ(report.flaws, report.owners_unreadable == 0 ? 0U : 1U);
        return {};
      },
      [](bool) {}, {});
}

class ErasureSingleFault : public KeysSingleFault {
 protected:
  /// One to be erased and one to be re-keyed, who are nobody else's in the test.
  void take_two() {
    const auto two = settle(2);
    erased_ = two[0];
    rekeyed_ = two[1];
    key_ = subkey(rekeyed_);
  }
  Result<Erasure> prepare() { return keys_->prepare(std::array{erased_}, std::array{rekeyed_}); }
  Result<void> intend(const Erasure& erasure) {
    return store_->write(
        [&](store::Tx& tx) { return keys_->intend(tx, erasure, base::view("note")); });
  }
  Result<void> finish() {
    return store_->write([&](store::Tx& tx) { return keys_->finish(tx, std::array{erased_}); });
  }
  /// Finishes what stands unfinished; whether there was anything.
  Result<bool> finish_all() {
    const auto left = TRY(keys_->unfinished());
    for (const Keys::Unfinished& each : left) {
      EXPECT_EQ(base::text(each.note), "note");
      if (!each.destroyed) {
        Erasure again = TRY(keys_->resume(each));
        TRY(intend(again));
        TRY(keys_->commit(std::move(again)));
      }
      TRY(finish());
    }
    return !left.empty();
  }
  void expect_gone() {
    EXPECT_EQ(keys_->state(erased_).value(), State::erased);
    EXPECT_EQ(keys_->derive(erased_, "test").code(), Code::gone);
    EXPECT_EQ(keys_->generation(rekeyed_).value(), 1U);
    EXPECT_NE(subkey(rekeyed_), key_);
    EXPECT_TRUE(keys_->unfinished()->empty());
    EXPECT_TRUE(keys_->open_intents()->empty());
  }
  void expect_untouched() {
    EXPECT_EQ(keys_->state(erased_).value(), State::live);
    EXPECT_EQ(subkey(rekeyed_), key_);
    EXPECT_FALSE(subkey(erased_).empty());
  }

  OwnerId erased_;
  OwnerId rekeyed_;
  std::string key_;
};

TEST_F(ErasureSingleFault, IsPreparedOrNobodyIsTaken) {
  everywhere(
      [&]() -> Result<void> {
        TRY(prepare());
        return {};
      },
      [&](bool) { expect_untouched(); }, {.prepare = [&] { take_two(); }});
}

TEST_F(ErasureSingleFault, IsIntendedOrNot) {
  everywhere(
      [&]() -> Result<void> {
        const Erasure erasure = TRY(prepare());
        return intend(erasure);
      },
      [&](bool done) {
        const auto left = finish_all();
        ASSERT_TRUE(left.ok());
        EXPECT_EQ(*left, done);
        done ? expect_gone() : expect_untouched();
      },
      {.prepare = [&] { take_two(); }});
}

TEST_F(ErasureSingleFault, OnceIntendedIsFinishedWhateverErrs) {
  int refused = 0;
  for (const When when : {When::before, When::after}) {
    std::optional<Erasure> erasure;
    everywhere(
        [&]() -> Result<void> {
          TRY(keys_->commit(std::move(*erasure)));
          return {};
        },
        [&](bool done) {
          erasure.reset();
          refused += done ? 0 : 1;
          const auto left = finish_all();
          ASSERT_TRUE(left.ok()) << left.error().chain();
          EXPECT_TRUE(*left || done);
          if (!*left) ASSERT_TRUE(finish().ok());
          expect_gone();
          const auto roots = holder_->read().value();
          EXPECT_NE(roots[0].has_value(), roots[1].has_value());
        },
        {.when = when, .prepare = [&] {
           take_two();
           erasure = prepare().value();
           intend(*erasure).value();
         }});
  }
  EXPECT_GT(refused, 10);
  ASSERT_TRUE(open().ok());
  expect_all();
  EXPECT_TRUE(check(*store_, *holder_, memory_, kTreePath, kSilent)->whole());
}

// How the commit ended is unknown, and finding out errs as well.
TEST_F(ErasureSingleFault, InDoubtIsSettledInTheEnd) {
  std::uint64_t turn = 0;
  const auto leave_in_doubt = [&] {
    take_two();
    auto erasure = prepare().value();
    intend(erasure).value();
    ++turn;
    every_.fault.arm(turn % 12, turn % 2 == 0 ? When::before : When::after);
    (void)keys_->commit(std::move(erasure)).ok();
    every_.fault.disarm();
  };
  everywhere(
      [&]() -> Result<void> {
        TRY(finish_all());
        return finish();
      },
      [&](bool) {
        ASSERT_TRUE(finish_all().ok());
        ASSERT_TRUE(finish().ok());
        expect_gone();
      },
      {.prepare = leave_in_doubt, .told = {Code::io, Code::unavailable}});
}

TEST_F(ErasureSingleFault, IsResumedOrStillStands) {
  everywhere(
      [&]() -> Result<void> {
        TRY(finish_all());
        return {};
      },
      [&](bool) {
        ASSERT_TRUE(finish_all().ok());
        expect_gone();
      },
      {.prepare = [&] {
        take_two();
        {
          const Erasure erasure = prepare().value();
          intend(erasure).value();
        }
        open().value();
        EXPECT_EQ(keys_->open_intents()->size(), 1U);
      }});
}

TEST_F(ErasureSingleFault, ItsIntentIsToldOrAnError) {
  take_two();
  const Erasure erasure = prepare().value();
  intend(erasure).value();
  everywhere(
      [&]() -> Result<void> {
        EXPECT_EQ(TRY(keys_->open_intents()).size(), 1U);
        return {};
      },
      [](bool) {}, {});
}

TEST_F(ErasureSingleFault, IsBuriedOrStillErasing) {
  everywhere([&] { return finish(); },
             [&](bool done) {
               EXPECT_EQ(keys_->state(erased_).value(), done ? State::erased : State::erasing);
               if (!done) ASSERT_TRUE(finish().ok());
               expect_gone();
             },
             {.prepare = [&] {
               take_two();
               auto erasure = prepare().value();
               intend(erasure).value();
               keys_->commit(std::move(erasure)).value();
             }});
}

class MapSingleFault : public KeysSingleFault {
 protected:
  void lose_map() {
    keys_.reset();
    open_store("new" + std::to_string(++stores_) + ".db").value();
    open().value();
  }
  Result<void> claim(std::span<const OwnerId> owners) {
    return store_->write([&](store::Tx& tx) { return keys_->claim(tx, owners); });
  }
  int stores_ = 0;
};

TEST_F(MapSingleFault, IsMadeAgainInTheEnd) {
  {
    const std::vector<OwnerId> gone = settle(1);
    auto erasure = keys_->prepare(gone, {}).value();
    store_->write([&](store::Tx& tx) { return keys_->intend(tx, erasure, {}); }).value();
    keys_->commit(std::move(erasure)).value();
    store_->write([&](store::Tx& tx) { return keys_->finish(tx, gone); }).value();
  }
  everywhere([&] { return keys_->rebuild_map(kSilent); },
             [&](bool done) {
               if (!done) ASSERT_TRUE(keys_->rebuild_map(kSilent).ok());
               EXPECT_EQ(keys_->dormant().value(), owners_.size());
               ASSERT_TRUE(claim(owners_).ok());
             },
             {.prepare = [&] { lose_map(); }});
}

TEST_F(MapSingleFault, AKeyIsClaimedOrDormant) {
  everywhere([&] { return claim(owners_); },
             [&](bool done) {
               EXPECT_EQ(keys_->dormant().value(), done ? 0U : owners_.size());
               if (!done) ASSERT_TRUE(claim(owners_).ok());
             },
             {.step = 7, .prepare = [&] {
                lose_map();
                keys_->rebuild_map(kSilent).value();
              }});
}

TEST_F(MapSingleFault, WhatNobodyClaimsIsDestroyedInTheEnd) {
  everywhere([&] { return keys_->destroy_dormant(kSilent); },
             [&](bool done) {
               if (!done) ASSERT_TRUE(keys_->destroy_dormant(kSilent).ok());
               EXPECT_EQ(keys_->dormant().value(), 0U);
               EXPECT_TRUE(check(*store_, *holder_, memory_, kTreePath, kSilent)->whole());
             },
             {.prepare = [&] {
               settle(5);
               lose_map();
               keys_->rebuild_map(kSilent).value();
               claim(owners_).value();
               EXPECT_EQ(keys_->dormant().value(), 5U);
             }});
}

}  // namespace
}  // namespace keys

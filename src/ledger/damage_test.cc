// Files and rows of the log that are not what was written: each is told as damage, or made again,
// and nothing is published over it.
#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "ledger/handover.h"
#include "ledger/leaf_table.h"
#include "ledger/mirror.h"
#include "ledger/testing.h"
#include "store/testing.h"

namespace ledger {
namespace {

using base::Code;
using base::Result;

base::Bytes bytes_of(std::string_view text) { return base::copy(base::view(text)); }

/// A disk that does not give one file back, whatever is written to it.
class LosingDisk final : public base::Disk {
 public:
  explicit LosingDisk(base::Disk& disk) : disk_(disk) {}
  std::string lost;

  Result<std::unique_ptr<base::File>> open(const std::string& path, base::Open how) override {
    if (path == lost) return base::Error{Code::missing, "no such file"};
    return disk_.open(path, how);
  }
  Result<void> make_directory(const std::string& path) override {
    return disk_.make_directory(path);
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return disk_.rename(from, to);
  }
  Result<void> remove(const std::string& path) override { return disk_.remove(path); }
  Result<void> remove_directory(const std::string& path) override {
    return disk_.remove_directory(path);
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return disk_.list(path);
  }
  Result<bool> exists(const std::string& path) override { return disk_.exists(path); }
  Result<void> sync_directory(const std::string& path) override {
    return disk_.sync_directory(path);
  }
  Result<void> sync_all(const std::string& path) override { return disk_.sync_all(path); }

 private:
  base::Disk& disk_;
};

class LedgerDamage : public testing::Test {
 protected:
  Result<void> open(std::uint8_t seed = 7) {
    ledger_.reset();
    ledger_ = TRY(Ledger::open(*store_, disk_, wait_, clock_, "log", kOrigin, test_signer(seed)));
    return {};
  }
  void grow(std::uint64_t to) {
    if (!ledger_) open().value();
    Ticket last{};
    store_
        ->write([&](store::Tx& tx) -> Result<void> {
          for (const Leaf& leaf : some_leaves(0, to)) last = TRY(ledger_->append(tx, leaf));
          return {};
        })
        .value();
    ledger_->await(last).value();
  }
  void run(base::Literal sql, std::initializer_list<store::Value> values = {}) {
    store_
        ->write([&](store::Tx& tx) -> Result<void> {
          EXPECT_GE(TRY(tx.run(sql, values)), 1);
          return {};
        })
        .value();
  }
  void put(const std::string& path, std::string_view text) {
    memory_.put({{path, bytes_of(text)}});
  }

  base::ThreadWait wait_;
  base::ManualClock clock_{base::Time(base::Duration(0))};
  base::FaultyDisk memory_{wait_};
  LosingDisk disk_{memory_};
  store::TemporaryStore store_{{Ledger::schema()}};
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerDamage, RowsOfAnotherFormAreDamageAndNothingIsPublished) {
  grow(5);
  const std::string before = ledger_->checkpoint();
  run("INSERT INTO ledger_leaf (label, digest) VALUES (x'00', x'01')");
  EXPECT_EQ(ledger_->tick().code(), Code::corrupt);
  run("UPDATE ledger_leaf SET label = ? WHERE id = 6", {test_leaf(5).label});
  EXPECT_EQ(ledger_->tick().code(), Code::corrupt);
  // Asked for again, its entry cannot be compared.
  EXPECT_EQ(store_
                ->write([&](store::Tx& tx) -> Result<void> {
                  TRY(ledger_->append(tx, test_leaf(5)));
                  return {};
                })
                .code(),
            Code::corrupt);
  EXPECT_EQ(ledger_->checkpoint(), before);
  run("UPDATE ledger_leaf SET digest = ? WHERE id = 6", {test_leaf(5).commit});
  EXPECT_TRUE(ledger_->tick().ok());
  EXPECT_EQ(read_log(memory_, "log").size(), 6U);
  run("UPDATE ledger_head SET root = x'00'");
  EXPECT_EQ(open().code(), Code::corrupt);
}

TEST_F(LedgerDamage, AnAbsentLeafLeavesNoGap) {
  grow(5);
  run("INSERT INTO ledger_leaf (id, label, digest) VALUES (7, ?, ?)",
      {test_leaf(6).label, test_leaf(6).commit});
  EXPECT_EQ(ledger_->tick().code(), Code::corrupt);
  EXPECT_EQ(ledger_->size(), 5U);
}

TEST_F(LedgerDamage, SaysWhatWasAppended) {
  grow(2);
  ASSERT_TRUE(store_
                  ->read([&](store::Reader& reader) -> Result<void> {
                    EXPECT_TRUE(TRY(Ledger::has(reader, test_leaf(1).label)));
                    EXPECT_FALSE(TRY(Ledger::has(reader, test_leaf(2).label)));
                    return {};
                  })
                  .ok());
  EXPECT_EQ(ledger_->origin(), kOrigin);
}

// The remembered tree ends where the tiles were made durable, and is another one.
TEST_F(LedgerDamage, ARememberedTreeThatTheTilesDoNotHaveIsRefused) {
  grow(256);
  grow(300);
  const base::Digest wrong = base::sha256(base::view("wrong"));
  run("UPDATE ledger_head SET size = 256, settled_size = 256, root = ?", {wrong});
  EXPECT_EQ(open().code(), Code::corrupt);
  run("UPDATE ledger_head SET root = ?", {head_of(256).root});
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(read_log(memory_, "log").size(), 300U);
}

TEST_F(LedgerDamage, WithoutTheTilesToBeginWithAllAreMadeAgain) {
  grow(300);
  run("UPDATE ledger_head SET settled_size = 256");
  memory_.remove("log/tile/1/000.p/1").value();
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(read_log(memory_, "log").size(), 300U);
}

TEST_F(LedgerDamage, ADiskThatKeepsNoTileIsSaid) {
  grow(300);
  disk_.lost = "log/tile/0/001.p/44";
  const auto opened = open();
  EXPECT_EQ(opened.code(), Code::io);
  disk_.lost.clear();
  EXPECT_TRUE(open().ok());
}

TEST_F(LedgerDamage, AHandoverThatTheCheckpointDoesNotBearOutIsRefused) {
  grow(300);
  ASSERT_TRUE(publish_handover(disk_, "log", handed_over(300)).ok());
  ASSERT_TRUE(publish_handover(disk_, "log", handed_over(300)).ok()) << "twice is once";
  EXPECT_EQ(memory_.live().at("log/keys"), bytes_of(handed_over(300)));
  EXPECT_EQ(publish_handover(disk_, "log", handed_over(300, 9, 10)).code(), Code::invalid);
  EXPECT_EQ(check_handover(disk_, "log", handed_over(300, 9, 10)).code(), Code::invalid);
  EXPECT_TRUE(check_handover(disk_, "log", handed_over(300, 8, 9)).ok());
  EXPECT_EQ(open(7).code(), Code::corrupt) << "the older key signs no more";
  for (const std::string& note : {signed_at(299), signed_at(300, 9), std::string("rubbish\n")}) {
    put("log/checkpoint", note);
    EXPECT_EQ(open(8).code(), Code::corrupt) << note;
  }
  put("log/checkpoint", signed_at(300));
  put("log/keys", "rubbish\n");
  EXPECT_EQ(open(8).code(), Code::invalid);
  EXPECT_EQ(origin_in_force(disk_, "log", kOrigin).code(), Code::invalid);
  put("log/keys", handed_over(300));
  ASSERT_TRUE(open(8).ok());
  EXPECT_EQ(ledger_->key_chain().value(), handed_over(300));
}

// Into an empty store, which remembers no newer tree: only the handover says that entries are gone.
TEST_F(LedgerDamage, ALogFromBeforeItsHandoverIsNotTakenBack) {
  grow(256);
  const auto before = memory_.live("log/");
  grow(300);
  const std::string handover = handed_over(300);
  ASSERT_TRUE(publish_handover(disk_, "log", handover).ok());
  const auto refill = [&] {
    store::TemporaryStore fresh({Ledger::schema()});
    return Ledger::refill(*fresh, disk_, "log", key_of(8).str());
  };
  EXPECT_EQ(refill().value(), 300U)
      << "the handover was cut short: the checkpoint is the older key's";
  memory_.put(before);
  EXPECT_EQ(refill().code(), Code::corrupt);
}

TEST_F(LedgerDamage, AnOriginIsChangedOfALogThatIsThere) {
  const auto change = [&] { return change_origin(disk_, "log", "other.example", test_signer()); };
  EXPECT_EQ(change().code(), Code::missing) << "no key";
  EXPECT_EQ(origin_in_force(disk_, "log", kOrigin).value(), kOrigin);
  open().value();
  EXPECT_EQ(change().code(), Code::missing) << "no entries";
  grow(3);
  const auto files = memory_.live();
  put("log/key", key_of(7).str());
  EXPECT_EQ(change().code(), Code::missing) << "half a key";
  put("log/key", "rubbish\n");
  EXPECT_EQ(change().code(), Code::invalid);
  memory_.put(files);
  put("log/checkpoint", signed_at(3, 9));
  EXPECT_EQ(change().code(), Code::corrupt);
  memory_.put(files);
  memory_.remove("log/checkpoint").value();
  EXPECT_EQ(change().code(), Code::missing);
  memory_.put(files);
  put("log/keys", "rubbish\n");
  EXPECT_EQ(change().code(), Code::invalid);
  memory_.remove("log/keys").value();
  EXPECT_TRUE(change_origin(disk_, "log", kOrigin, test_signer()).ok()) << "it is that already";
  EXPECT_TRUE(change().ok());
}

TEST_F(LedgerDamage, ALogIsTakenBackIntoAStoreWhereItIsWhole) {
  for (const std::uint64_t size : {256UL, 300UL}) {
    grow(size);
    ledger_.reset();
    const auto files = memory_.live();
    const auto refill = [&](std::uint8_t seed = 7) {
      store::TemporaryStore fresh({Ledger::schema()});
      return Ledger::refill(*fresh, disk_, "log", key_of(seed).str());
    };
    EXPECT_EQ(refill().value(), size);
    store::TemporaryStore fresh({Ledger::schema()});
    EXPECT_EQ(Ledger::refill(*fresh, disk_, "log", "rubbish").code(), Code::invalid);
    const std::string bundle = "log/tile/entries/000";
    memory_.put({{bundle, base::Bytes(100, 0)}});
    EXPECT_EQ(refill().code(), Code::corrupt) << "no bundle";
    base::Bytes strangers;
    for (unsigned i = 0; i < kTileWidth; ++i) put_entry(strangers, base::view("no leaf"));
    memory_.put({{bundle, strangers}});
    EXPECT_EQ(refill().code(), Code::corrupt) << "no leaves";
    memory_.put(files);
    put("log/keys", "rubbish\n");
    EXPECT_EQ(refill().code(), Code::invalid);
    // A key that was handed over asks for no entry; a changed origin would.
    put("log/keys", handed_over(size));
    EXPECT_EQ(refill(8).value(), size);
    memory_.remove("log/keys").value();
  }
}

class MirrorDamage : public testing::Test {
 protected:
  MirrorDamage() { open().value(); }
  Result<void> open() {
    mirror_.reset();
    mirror_ = TRY(Mirror::open(disk_, "copy"));
    return {};
  }
  Result<void> publish(std::uint64_t size, std::uint8_t seed = 7) {
    return mirror_->publish(signed_at(size, seed), key_of(seed).str());
  }
  Result<void> follow(std::uint64_t to) {
    TRY(mirror_->stage(mirror_->staged(), some_leaves(mirror_->staged(), to)));
    return publish(to);
  }
  void put(const std::string& path, std::string_view text) { disk_.put({{path, bytes_of(text)}}); }

  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  std::unique_ptr<Mirror> mirror_;
};

TEST_F(MirrorDamage, IsFoundInEachOfItsFiles) {
  follow(300).value();
  const auto files = disk_.live();
  const auto damaged = [&](const std::string& path, std::string_view text) {
    put(path, text);
    EXPECT_EQ(open().code(), Code::corrupt) << path << " " << text;
    disk_.put(files);
  };
  damaged("copy/key", "");
  damaged("copy/key", key_of(7).str());
  damaged("copy/key", "rubbish\n");
  damaged("copy/key", key_of(9).str() + "\n");
  damaged("copy/checkpoint", signed_at(300, 9));
  damaged("copy/tile/0/001.p/44", "too short");
  disk_.remove("copy/key").value();
  EXPECT_EQ(open().code(), Code::corrupt);
  disk_.put(files);
  base::remove_all(disk_, "copy/tile/0").value();
  EXPECT_EQ(open().code(), Code::corrupt);
  disk_.put(files);
  // Its checkpoint is by none of the chain's keys.
  put("copy/keys", handed_over(300));
  damaged("copy/checkpoint", signed_at(300, 9));
  put("copy/keys", "rubbish\n");
  damaged("copy/checkpoint", signed_at(300, 9));
  ASSERT_TRUE(disk_.remove("copy/keys").ok());
  EXPECT_TRUE(open().ok());
}

// Killed between the tiles and the checkpoint: the tiles are ahead, and full where they were
// partial.
TEST_F(MirrorDamage, TilesAheadOfTheCheckpointAreNone) {
  follow(300).value();
  follow(600).value();
  put("copy/checkpoint", signed_at(300));
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(mirror_->size(), 300U);
  EXPECT_EQ(mirror_->leaves(0, 1000)->size(), 300U);
  // The tile, or the bundle, from which the last, partial one is to be taken is damaged or gone.
  const auto files = disk_.live();
  put("copy/tile/entries/001", "rubbish");
  EXPECT_EQ(open().code(), Code::corrupt);
  EXPECT_EQ(mirror_, nullptr);
  disk_.put(files);
  for (const char* gone : {"copy/tile/entries/001", "copy/tile/0/001"}) {
    ASSERT_TRUE(open().ok());
    disk_.remove(gone).value();
    EXPECT_EQ(gone == std::string_view("copy/tile/0/001") ? mirror_->compare(signed_at(299)).code()
                                                          : mirror_->leaves(280, 10).code(),
              Code::missing);
    EXPECT_EQ(open().code(), Code::corrupt);
    disk_.put(files);
  }
  // A whole bundle has no other form.
  ASSERT_TRUE(open().ok());
  disk_.remove("copy/tile/entries/000").value();
  EXPECT_EQ(mirror_->leaves(0, 10).code(), Code::missing);
  disk_.put(files);
  ASSERT_TRUE(open().ok());
  ASSERT_TRUE(follow(600).ok());
  EXPECT_EQ(read_log(disk_, "copy").size(), 600U);
}

TEST_F(MirrorDamage, AFullTileNeedsNoTail) {
  follow(256).value();
  ASSERT_TRUE(open().ok());
  ASSERT_TRUE(follow(257).ok());
  EXPECT_EQ(read_log(disk_, "copy").size(), 257U);
}

TEST_F(MirrorDamage, WhatIsNotALeafIsNotHandedOut) {
  follow(300).value();
  const auto files = disk_.live();
  put("copy/tile/entries/001.p/44", "rubbish");
  EXPECT_EQ(mirror_->leaves(280, 10).code(), Code::corrupt);
  base::Bytes strangers;
  for (int i = 0; i < 44; ++i) put_entry(strangers, base::view("no leaf"));
  disk_.put({{"copy/tile/entries/001.p/44", strangers}});
  EXPECT_EQ(mirror_->leaves(280, 10).code(), Code::corrupt);
  EXPECT_EQ(mirror_->leaves(0, 10)->size(), 10U);
  disk_.put(files);
  EXPECT_EQ(mirror_->leaves(280, 10)->size(), 10U);
}

TEST_F(MirrorDamage, StagedLeavesThatAreGoneAreAskedForAgain) {
  follow(10).value();
  mirror_->stage(10, some_leaves(10, 20)).value();
  disk_.open("copy/staged", base::Open::update).value()->truncate(100).value();
  EXPECT_EQ(publish(20).code(), Code::io);
  EXPECT_EQ(mirror_->size(), 10U);
  mirror_->unstage();
  EXPECT_TRUE(follow(20).ok());
}

TEST_F(MirrorDamage, ACheckpointIsTakenFromTheKeyInForceAndThoseAfterIt) {
  EXPECT_EQ(mirror_->compare(signed_at(10)).value(), Shown::other) << "it knows no key";
  EXPECT_EQ(mirror_->verifier_key().value(), "");
  EXPECT_EQ(mirror_->publish(signed_at(0), "rubbish").code(), Code::invalid);
  put("copy/key", "rubbish\n");
  EXPECT_EQ(mirror_->compare(signed_at(10)).code(), Code::corrupt);
  disk_.remove("copy/key").value();
  // Before the first checkpoint any chain will do.
  ASSERT_TRUE(mirror_->hand_over(handed_over(3, 4, 5)).ok());
  disk_.remove("copy/keys").value();
  follow(10).value();
  EXPECT_EQ(publish(10, 8).code(), Code::conflict) << "nobody handed it over";
  ASSERT_TRUE(mirror_->hand_over("").ok());
  EXPECT_EQ(mirror_->hand_over(handed_over(10, 8, 9)).code(), Code::conflict);
  EXPECT_EQ(mirror_->hand_over("rubbish").code(), Code::conflict);
  ASSERT_TRUE(mirror_->hand_over(handed_over(10)).ok());
  ASSERT_TRUE(mirror_->hand_over(handed_over(10)).ok()) << "twice is once";
  EXPECT_EQ(mirror_->hand_over(handed_over(9)).code(), Code::conflict) << "another chain";
  EXPECT_EQ(publish(10, 9).code(), Code::conflict) << "not in the chain";
  ASSERT_TRUE(publish(10, 8).ok());
  EXPECT_EQ(publish(10, 7).code(), Code::conflict) << "the key before";
  EXPECT_EQ(mirror_->chain().value(), handed_over(10));
  mirror_->stage(10, some_leaves(10, 20)).value();
  ASSERT_TRUE(publish(20, 8).ok());
  EXPECT_EQ(mirror_->compare(signed_at(9, 7)).value(), Shown::older);
  EXPECT_EQ(mirror_->compare(signed_at(15, 7)).value(), Shown::other) << "behind its end";
  EXPECT_EQ(mirror_->compare(signed_at(9, 8)).value(), Shown::other) << "before its beginning";
  EXPECT_EQ(mirror_->compare(signed_at(20, 8)).value(), Shown::same);
  EXPECT_EQ(mirror_->compare(signed_at(21, 8)).value(), Shown::newer);
  // What it goes by is damaged.
  const auto files = disk_.live();
  put("copy/keys", "rubbish\n");
  EXPECT_EQ(mirror_->compare(signed_at(9)).code(), Code::corrupt);
  EXPECT_EQ(publish(20, 9).code(), Code::corrupt);
  disk_.put(files);
  disk_.remove("copy/key").value();
  EXPECT_EQ(publish(20, 9).code(), Code::conflict);
  EXPECT_EQ(mirror_->hand_over(handed_over(10) + handed_over(20, 8, 9)).code(), Code::conflict);
  put("copy/key", "rubbish\n");
  EXPECT_EQ(mirror_->verifier_key().code(), Code::corrupt);
  EXPECT_EQ(mirror_->hand_over(handed_over(10) + handed_over(20, 8, 9)).code(), Code::corrupt);
}

}  // namespace
}  // namespace ledger

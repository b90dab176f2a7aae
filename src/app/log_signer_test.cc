#include "app/log_signer.h"

#include <gtest/gtest.h>

#include <map>

#include "base/faulty_disk.h"
#include "keys/reserved.h"
#include "ledger/handover.h"
#include "ledger/testing.h"
#include "store/testing.h"

namespace app {
namespace {

using base::Code;
using base::Result;

constexpr const char* kOrigin = "log.example";

/// Store, key tree and log as app opens them, over a disk that may lose its power.
class World {
 public:
  explicit World(std::uint64_t seed = 1) : entropy_(seed) {}

  Result<void> open() {
    close();
    store_.reopen();
    holder_ = TRY(keys::FileRootHolder::open(disk, "root"));
    keys = TRY(keys::Keys::open(*store_, *holder_, disk, wait_, entropy_, "keys.ktn"));
    auto signer = TRY(open_log_signer(*store_, *keys, disk, "log"));
    ledger =
        TRY(ledger::Ledger::open(*store_, disk, wait_, clock_, "log", kOrigin, std::move(signer)));
    look();
    auto resumed = TRY(resume_rotation({*store_, *keys, disk, wait_, clock_, *ledger, "log"}));
    if (resumed) ledger = std::move(resumed);
    look();
    return {};
  }
  void close() {
    ledger.reset();
    keys.reset();
    holder_.reset();
  }
  Result<std::string> rotate() {
    return rotate_log_signer(
        {*store_, *keys, disk, wait_, clock_, *ledger, "log", nullptr, followers});
  }
  Result<void> add(std::uint64_t n) {
    ledger::Ticket ticket{};
    TRY(store_->write([&](store::Tx& tx) -> Result<void> {
      ticket = TRY(ledger->append(tx, ledger::test_leaf(n)));
      return {};
    }));
    TRY(ledger->await(ticket));
    return {};
  }
  void crash() {
    close();
    look();
    disk.crash(entropy_);
    look();
  }
  ledger::KeyHistory history() {
    const auto files = disk.live();
    const auto found = files.find("log/keys");
    if (found == files.end()) return {};
    return ledger::parse_chain(base::text(found->second)).value();
  }
  std::size_t intents() { return keys->unfinished().value().size(); }

  base::FaultyDisk disk{wait_};
  std::unique_ptr<keys::Keys> keys;
  std::unique_ptr<ledger::Ledger> ledger;
  keys::Followers* followers = nullptr;

 private:
  /// Notes the root of each size that was ever published, by whichever key.
  void look() {
    const auto files = disk.live();
    const auto found = files.find("log/checkpoint");
    if (found == files.end()) return;
    const auto note = ledger::parse_note(base::text(found->second)).value();
    const auto head = ledger::parse_checkpoint(note).value().head;
    EXPECT_EQ(roots_.emplace(head.size, head.root).first->second, head.root)
        << "two roots were signed for one size";
  }

  base::SeededEntropy entropy_;
  base::ThreadWait wait_;
  base::ManualClock clock_{base::Time(base::Duration(0))};
  store::TemporaryStore store_{{ledger::Ledger::schema(), keys::Keys::schema()}};
  std::unique_ptr<keys::FileRootHolder> holder_;
  std::map<std::uint64_t, base::Digest> roots_;

  friend class LogSigner;
};

/// A replica that follows another host.
class Gone final : public keys::Followers {
 public:
  Result<void> intend() override { return base::replaced_host(); }
  std::vector<keys::Following> await(std::uint64_t, base::Duration) override { return {}; }
};

TEST(LogSigner, AHostThatWasReplacedKeepsItsKey) {
  World world;
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.add(0).ok());
  const std::uint64_t epoch = world.keys->epoch();
  Gone gone;
  world.followers = &gone;
  EXPECT_EQ(world.rotate().code(), Code::unavailable);
  EXPECT_EQ(world.keys->epoch(), epoch);
  EXPECT_EQ(world.history().keys.size(), 0U);
  EXPECT_EQ(world.intents(), 1U);
  // Where that was not true, the next start carries it through.
  world.followers = nullptr;
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.history().keys.size(), 2U);
}

TEST(LogSigner, RotationDestroysTheOldKeyAndIsSaidByBoth) {
  World world;
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.add(0).ok());
  const auto first = ledger::parse_verifier_key(world.ledger->verifier_key()).value();
  EXPECT_EQ(world.history().keys.size(), 0U);

  const std::string renewed = world.rotate().value();
  EXPECT_NE(renewed, first.str());
  const auto history = world.history();
  ASSERT_EQ(history.keys.size(), 2U);
  EXPECT_EQ(history.keys[0].str(), first.str());
  EXPECT_EQ(history.keys[1].str(), renewed);
  EXPECT_EQ(history.ends[0].size, 2U);
  const auto leaves = ledger::read_log(world.disk, "log");
  ASSERT_EQ(leaves.size(), 2U);
  EXPECT_EQ(leaves[1].encode(), ledger::handover_leaf(history.keys[0], history.keys[1]).encode());

  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.ledger->verifier_key(), renewed);
  EXPECT_EQ(world.intents(), 0U);
  ASSERT_TRUE(world.add(1).ok());
  ASSERT_TRUE(world.rotate().ok());
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.history().keys.size(), 3U);
  EXPECT_EQ(world.history().current().str(), world.ledger->verifier_key());
}

TEST(LogSigner, AnOlderKeyIsRefusedByTheChain) {
  World world;
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.rotate().ok());
  base::ThreadWait wait;
  base::ManualClock clock{base::Time(base::Duration(0))};
  store::TemporaryStore store{{ledger::Ledger::schema()}};
  EXPECT_EQ(
      ledger::Ledger::open(*store, world.disk, wait, clock, "log", kOrigin, ledger::test_signer())
          .code(),
      Code::corrupt);
}

// Each call of the disk from some moment on fails, without a crash: the root's holder is away, the
// log's files cannot be written, or both.
TEST(LogSigner, AFailureAtAnyStepIsCarriedThrough) {
  std::map<std::size_t, int> ends;
  for (const char* broken : {"root/root.ktn", "keys.ktn", "log/keys", "log/checkpoint"}) {
    World world;
    ASSERT_TRUE(world.open().ok());
    ASSERT_TRUE(world.add(0).ok());
    world.disk.break_path(broken);
    EXPECT_FALSE(world.rotate().ok()) << broken;
    world.disk.mend_path(broken);
    ASSERT_TRUE(world.open().ok()) << broken;
    const auto history = world.history();
    ++ends[history.keys.size()];
    EXPECT_EQ(ledger::read_log(world.disk, "log").size(), 1 + history.ends.size()) << broken;
    EXPECT_EQ(world.intents(), 0U) << broken;
    if (history.keys.size() == 2)
      EXPECT_EQ(history.current().str(), world.ledger->verifier_key()) << broken;
  }
  EXPECT_GE(ends[2], 3);
}

// The power goes at every single operation of the disk while the key is rotated.
TEST(LogSignerCrash, IsCarriedThroughOnceItsEntryIsDurable) {
  std::uint64_t operations = 0;
  std::map<std::size_t, int> ends;
  for (bool whole = false; !whole; ++operations) {
    World world(operations + 1);
    ASSERT_TRUE(world.open().ok());
    ASSERT_TRUE(world.add(0).ok());
    const auto first = ledger::parse_verifier_key(world.ledger->verifier_key()).value();
    world.disk.fail_after(operations);
    whole = world.rotate().ok();
    world.crash();
    const auto opened = world.open();
    ASSERT_TRUE(opened.ok()) << operations << ": " << opened.error().chain();
    const auto history = world.history();
    ++ends[history.keys.size()];
    // Exactly when the new key is in force there is its statement.
    EXPECT_EQ(world.ledger->verifier_key() != first.str(), history.keys.size() == 2) << operations;
    if (history.keys.size() == 2)
      EXPECT_EQ(history.current().str(), world.ledger->verifier_key()) << operations;
    EXPECT_EQ(world.intents(), 0U) << operations;
    // An entry for each handover, and none of one that was not.
    EXPECT_EQ(ledger::read_log(world.disk, "log").size(), 1 + history.ends.size()) << operations;
    ASSERT_TRUE(world.add(1).ok()) << operations;
    ASSERT_TRUE(world.rotate().ok()) << operations;
    ASSERT_TRUE(world.open().ok()) << operations;
    ledger::read_log(world.disk, "log");
    ASSERT_FALSE(HasNonfatalFailure()) << operations;
  }
  // Intent and entry are durable in the store before the first of these operations.
  EXPECT_EQ(ends[0], 0);
  EXPECT_GT(ends[2], 5);
}

}  // namespace
}  // namespace app

// A log whose key was rotated, as those see it who pinned an old key, a new one, or none.
#include <gtest/gtest.h>

#include "client/prove_entry.h"
#include "client/testing.h"
#include "client/verify.h"

namespace client {
namespace {

using base::Code;

class HandoverTest : public testing::Test {
 protected:
  HandoverTest() {
    log_.fill(0, 5);
    keys_.push_back(log_.ledger().verifier_key());
    receipt_ = log_.receipt().dump();
    rotate(7, 8);
    log_.fill(10, 15);
    later_ = log_.receipt("the later receipt's label").dump();
    rotate(8, 9);
    log_.fill(20, 25);
  }
  void rotate(std::uint8_t from, std::uint8_t to) {
    log_.rotate(from, to);
    keys_.push_back(log_.ledger().verifier_key());
  }
  void expect_all_hold(const std::optional<std::string>& key) {
    const auto source = log_.source();
    const auto ledger = verify_ledger(*source, key, {}).value();
    EXPECT_TRUE(ledger.holds()) << ledger.text();
    EXPECT_EQ(ledger.outcome("keys"), Outcome::holds);
    for (const std::string& receipt : {receipt_, later_}) {
      const auto report = verify_receipt(receipt, *source, key).value();
      EXPECT_TRUE(report.holds()) << report.text();
    }
    EXPECT_TRUE(prove_entry(*source, 3, key).value().report.holds());
  }
  base::Bytes chain() { return base::read_file(log_.disk(), log_.file("keys"), 1 << 20).value(); }
  void put_chain(base::View bytes) {
    base::write_file_atomically(log_.disk(), log_.file("keys"), bytes).value();
  }

  TestLog log_;
  std::vector<std::string> keys_;
  std::string receipt_;
  std::string later_;
};

TEST_F(HandoverTest, WhoeverPinnedAnyOfItsKeysFollowsTheChain) {
  ASSERT_EQ(keys_.size(), 3U);
  for (const std::string& key : keys_) expect_all_hold(key);
  expect_all_hold(std::nullopt);
  const auto source = log_.source();
  const auto unpinned = verify_ledger(*source, std::nullopt, {}).value();
  EXPECT_EQ(unpinned.pinning, Pinning::unpinned);
  EXPECT_EQ(unpinned.verifier_key, keys_.back());
}

TEST_F(HandoverTest, WithoutItsChainOnlyTheNewestKeyHolds) {
  const auto whole = chain();
  for (const std::size_t kept : {std::size_t{0}, whole.size() / 2}) {
    put_chain(base::View(whole).first(kept));
    const auto source = log_.source();
    const auto report = verify_ledger(*source, keys_.front(), {});
    EXPECT_TRUE(!report.ok() || !report->holds()) << kept;
  }
  put_chain({});
  const auto source = log_.source();
  EXPECT_TRUE(verify_ledger(*source, keys_.back(), {}).value().holds());
  EXPECT_FALSE(verify_receipt(receipt_, *source, keys_.back()).value().holds());
}

TEST_F(HandoverTest, AForgedChainIsRefused) {
  const auto whole = chain();
  auto changed = whole;
  changed[whole.size() / 3] ^= 1;
  put_chain(changed);
  EXPECT_EQ(verify_ledger(*log_.source(), keys_.front(), {}).code(), Code::denied);
  // One of somebody else's keys tells nothing about this log's.
  ledger::Handover other;
  other.from = ledger::VerifierKey::of(TestLog::kOrigin, ledger::test_signer(20).public_key());
  other.to = ledger::VerifierKey::of(TestLog::kOrigin, ledger::test_signer(21).public_key());
  const auto forged =
      ledger::sign_handover(other, ledger::test_signer(20), ledger::test_signer(21));
  put_chain(base::view(forged));
  EXPECT_FALSE(verify_ledger(*log_.source(), keys_.front(), {}).value().holds());
}

// A restore from a copy that lags: the lost host had signed more under the old name.
TEST_F(HandoverTest, ALogThatGoesOnUnderAnotherOriginIsFollowed) {
  log_.move("log.example/test/2", 9);
  keys_.push_back(log_.ledger().verifier_key());
  EXPECT_EQ(log_.ledger().origin(), "log.example/test/2");
  log_.fill(30, 35);
  const std::string last = log_.receipt("the last receipt's label").dump();
  for (const std::string& key : keys_) {
    expect_all_hold(key);
    EXPECT_TRUE(verify_receipt(last, *log_.source(), key).value().holds());
  }
  rotate(9, 10);
  for (const std::string& key : keys_) expect_all_hold(key);
}

TEST_F(HandoverTest, WhatTheOldOriginSignedBeyondTheChangeIsNotTheLogs) {
  base::Bytes before = base::read_file(log_.disk(), log_.file("checkpoint"), 1 << 16).value();
  log_.receipt("an entry that the copy never got");
  const std::string lost = log_.receipt("another, whose receipt is out").dump();
  // The files as the copy had them: the tree before.
  base::write_file_atomically(log_.disk(), log_.file("checkpoint"), before).value();
  log_.move("log.example/test/2", 9);
  log_.fill(30, 35);
  const auto report = verify_receipt(lost, *log_.source(), keys_.front()).value();
  EXPECT_EQ(report.outcome("signature"), Outcome::fails) << report.text();
  const auto ledger = verify_ledger(*log_.source(), keys_.front(), {}).value();
  EXPECT_TRUE(ledger.holds()) << ledger.text();
}

TEST_F(HandoverTest, AChangeOfTheOriginNeedsItsEntry) {
  // Both names sign that the log went on elsewhere; the entry behind that tree is another.
  const auto history = ledger::parse_chain(base::text(chain())).value();
  const auto old_head =
      ledger::parse_checkpoint(ledger::parse_note(log_.ledger().checkpoint()).value()).value().head;
  log_.fill(40, 45);
  const auto signer = ledger::test_signer(9);
  ledger::Handover change{history.current(),
                          ledger::VerifierKey::of("log.example/test/2", signer.public_key()),
                          old_head};
  const std::string whole =
      std::string(base::text(chain())) + ledger::sign_handover(change, signer, signer);
  const auto now =
      ledger::parse_checkpoint(ledger::parse_note(log_.ledger().checkpoint()).value()).value().head;
  const std::string checkpoint = ledger::sign_checkpoint({change.to.name, now}, signer);
  put_chain(base::view(whole));
  base::write_file_atomically(log_.disk(), log_.file("checkpoint"), base::view(checkpoint)).value();
  const auto report = verify_ledger(*log_.source(), keys_.front(), {}).value();
  EXPECT_EQ(report.outcome("log"), Outcome::holds) << report.text();
  EXPECT_EQ(report.outcome("keys"), Outcome::fails) << report.text();
}

TEST_F(HandoverTest, AHandoverOfAnotherTreeIsFound) {
  // Both keys sign that the first ended elsewhere: the signatures hold, the log says otherwise.
  const auto history = ledger::parse_chain(base::text(chain())).value();
  ledger::Handover other{history.keys[0], history.keys[1], {3, base::Digest{}}};
  std::string chain = ledger::sign_handover(other, ledger::test_signer(7), ledger::test_signer(8));
  chain += ledger::sign_handover({history.keys[1], history.keys[2], history.ends[1]},
                                 ledger::test_signer(8), ledger::test_signer(9));
  put_chain(base::view(chain));
  const auto report = verify_ledger(*log_.source(), keys_.front(), {}).value();
  EXPECT_EQ(report.outcome("keys"), Outcome::fails);
  // The first key's receipt is of a larger tree than that key may have signed.
  EXPECT_EQ(verify_receipt(receipt_, *log_.source(), keys_.front()).value().outcome("signature"),
            Outcome::fails);
}

}  // namespace
}  // namespace client

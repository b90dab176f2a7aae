#include "client/prove_entry.h"

#include <gtest/gtest.h>

#include "client/testing.h"

namespace client {
namespace {

using base::Code;

/// A log that answers no longer once its checkpoint was read.
class Silent final : public LogSource {
 public:
  explicit Silent(LogSource& log) : log_(log) {}
  base::Result<base::Bytes> get(const std::string& path, std::size_t bytes_max) override {
    if (path.starts_with("tile/")) return base::Error{Code::unavailable, "nobody answers"};
    return log_.get(path, bytes_max);
  }

 private:
  LogSource& log_;
};

class ProveEntry : public testing::Test {
 protected:
  EntryProof prove(std::uint64_t index) {
    auto proof = prove_entry(*log_.source(), index, log_.ledger().verifier_key());
    EXPECT_TRUE(proof.ok()) << (proof.ok() ? "" : proof.error().chain());
    return std::move(proof).value();
  }

  TestLog log_;
};

TEST_F(ProveEntry, IsTheLogsOwnProofByteForByte) {
  std::uint64_t size = 0;
  for (const std::uint64_t next : {1U, 2U, 255U, 256U, 257U, 700U}) {
    log_.fill(size, next);
    size = next;
    for (const std::uint64_t index : {std::uint64_t{0}, size / 2, size - 1}) {
      const EntryProof entry = prove(index);
      EXPECT_TRUE(entry.report.holds()) << entry.report.text();
      EXPECT_EQ(entry.proof, log_.ledger().prove(index).value()) << index << " of " << size;
    }
  }
}

TEST_F(ProveEntry, VerifiesAgainstTheEntry) {
  log_.fill(0, 300);
  const auto key = ledger::parse_verifier_key(log_.ledger().verifier_key()).value();
  const auto proof = ledger::parse_proof(prove(270).proof).value();
  const auto head = ledger::open_checkpoint(proof.checkpoint, key).value().head;
  const base::Digest leaf = ledger::hash_leaf(ledger::test_leaf(270).encode());
  EXPECT_TRUE(ledger::verify_inclusion(proof.index, leaf, head, proof.hashes).ok());
  EXPECT_FALSE(ledger::verify_inclusion(269, leaf, head, proof.hashes).ok());
}

TEST_F(ProveEntry, WhatIsNotThereHasNoProof) {
  EXPECT_EQ(prove(0).report.outcome("entry"), Outcome::fails);
  log_.fill(0, 3);
  for (const std::uint64_t index : {std::uint64_t{3}, ~std::uint64_t{0}}) {
    const EntryProof entry = prove(index);
    EXPECT_EQ(entry.report.outcome("log"), Outcome::holds);
    EXPECT_EQ(entry.report.outcome("entry"), Outcome::fails);
    EXPECT_EQ(entry.report.outcome("proof"), Outcome::skipped);
    EXPECT_EQ(entry.proof, "");
    EXPECT_EQ(entry.json().find("\"proof\":"), std::string::npos);
  }
}

TEST_F(ProveEntry, ADamagedLogGivesNone) {
  log_.fill(0, 600);
  log_.flip("tile/0/001", 77);  // the third hash of the tile: in every other entry's proof
  EXPECT_EQ(prove(300).report.outcome("proof"), Outcome::fails);
  EXPECT_EQ(prove(300).proof, "");
  log_.flip("tile/0/001", 77);
  log_.flip("tile/entries/001", 4);  // the first entry of the bundle
  EXPECT_EQ(prove(256).report.outcome("proof"), Outcome::fails);
  EXPECT_TRUE(prove(300).report.holds());
  log_.flip("tile/entries/001", 4);
  ASSERT_TRUE(log_.disk().remove(log_.file("tile/1/000.p/2")).ok());
  EXPECT_EQ(prove(300).report.outcome("proof"), Outcome::fails);
  ASSERT_TRUE(log_.disk().remove(log_.file("tile/entries/001")).ok());
  EXPECT_EQ(prove(300).report.outcome("entry"), Outcome::fails);
}

TEST_F(ProveEntry, AnotherKeyFails) {
  log_.fill(0, 3);
  const std::string other =
      ledger::VerifierKey::of(TestLog::kOrigin, ledger::test_signer(9).public_key()).str();
  const auto entry = prove_entry(*log_.source(), 1, other);
  EXPECT_EQ(entry->report.outcome("log"), Outcome::fails);
  EXPECT_EQ(entry->report.pinning, Pinning::pinned);
  EXPECT_EQ(entry->proof, "");
  EXPECT_EQ(prove_entry(*log_.source(), 1, "no key").code(), Code::invalid);
}

TEST_F(ProveEntry, SaysThatTheKeyIsUnpinned) {
  log_.fill(0, 3);
  const auto entry = prove_entry(*log_.source(), 1, std::nullopt);
  EXPECT_TRUE(entry->report.holds());
  EXPECT_EQ(entry->report.pinning, Pinning::unpinned);
  const auto json = nlohmann::json::parse(entry->json());
  EXPECT_EQ(json.at("pinned"), false);
  EXPECT_EQ(json.at("index"), 1U);
  EXPECT_EQ(json.at("proof"), entry->proof);
}

TEST_F(ProveEntry, SilenceIsAnErrorAndNotAnAnswer) {
  log_.fill(0, 3);
  const auto source = log_.source();
  Silent silent(*source);
  EXPECT_EQ(prove_entry(silent, 1, std::nullopt).code(), Code::unavailable);
  ASSERT_TRUE(log_.disk().remove(log_.file("checkpoint")).ok());
  EXPECT_EQ(prove_entry(*source, 1, std::nullopt).code(), Code::missing);
}

}  // namespace
}  // namespace client

#include <gtest/gtest.h>

#include "client/testing.h"
#include "client/verify.h"

namespace client {
namespace {

using base::Code;

void quiet(std::uint64_t, std::uint64_t) {}

class VerifyLedger : public testing::Test {
 protected:
  Report verify() {
    auto report = verify_ledger(*log_.source(), log_.ledger().verifier_key(), {});
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().chain());
    return std::move(report).value();
  }

  TestLog log_;
};

TEST_F(VerifyLedger, LogsOfAllSizesHold) {
  std::uint64_t size = 0;
  for (const std::uint64_t next : {0U, 1U, 255U, 256U, 257U, 700U}) {
    log_.fill(size, next);
    size = next;
    const Report report = verify();
    EXPECT_TRUE(report.holds()) << report.text();
    EXPECT_EQ(report.head.size, size);
  }
}

TEST_F(VerifyLedger, SaysHowFarItIs) {
  log_.fill(0, 600);
  std::vector<std::uint64_t> seen;
  const auto report =
      verify_ledger(*log_.source(), std::nullopt, [&](std::uint64_t done, std::uint64_t total) {
        EXPECT_EQ(total, 600U);
        seen.push_back(done);
      });
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->holds());
  EXPECT_EQ(report->pinning, Pinning::unpinned);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{256, 512, 600}));
}

TEST_F(VerifyLedger, AFlippedBitIsFoundWhereItIs) {
  log_.fill(0, 600);
  log_.flip("tile/0/001", 77);
  EXPECT_EQ(verify().outcome("tiles"), Outcome::fails);
  EXPECT_EQ(verify().outcome("root"), Outcome::holds);
  EXPECT_NE(verify().text().find("tile/0/001 "), std::string::npos);
  log_.flip("tile/0/001", 77);
  log_.flip("tile/1/000.p/2", 3);
  EXPECT_EQ(verify().outcome("tiles"), Outcome::fails);
  log_.flip("tile/1/000.p/2", 3);
  EXPECT_TRUE(verify().holds());
  log_.flip("tile/entries/000", 3);  // within the first entry
  EXPECT_EQ(verify().outcome("tiles"), Outcome::fails);
  EXPECT_EQ(verify().outcome("root"), Outcome::fails);
  log_.flip("tile/entries/000", 3);
  log_.flip("tile/entries/000", 2);  // an entry's version
  EXPECT_EQ(verify().outcome("entries"), Outcome::fails);
  log_.flip("tile/entries/000", 2);
  log_.flip("tile/entries/001", 1);  // an entry's length
  EXPECT_EQ(verify().outcome("entries"), Outcome::fails);
  log_.flip("tile/entries/001", 1);
  log_.flip("checkpoint", 20);
  EXPECT_EQ(verify().outcome("log"), Outcome::fails);
  EXPECT_EQ(verify().outcome("root"), Outcome::skipped);
  EXPECT_FALSE(verify().holds());
}

TEST_F(VerifyLedger, AMissingFileIsFound) {
  log_.fill(0, 600);
  for (const char* name : {"tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2"}) {
    const base::Bytes bytes = base::read_file(log_.disk(), log_.file(name), 1 << 20).value();
    ASSERT_TRUE(log_.disk().remove(log_.file(name)).ok());
    EXPECT_EQ(verify().outcome("tiles"), Outcome::fails) << name;
    ASSERT_TRUE(base::write_file_atomically(log_.disk(), log_.file(name), bytes).ok());
    EXPECT_TRUE(verify().holds());
  }
  ASSERT_TRUE(log_.disk().remove(log_.file("tile/entries/001")).ok());
  EXPECT_EQ(verify().outcome("entries"), Outcome::fails);
  ASSERT_TRUE(log_.disk().remove(log_.file("key")).ok());
  EXPECT_EQ(verify_ledger(*log_.source(), std::nullopt, quiet).code(), Code::missing);
}

TEST_F(VerifyLedger, AFullerTileServesForAPartialOne) {
  // A reader who holds an older checkpoint finds the full files alone.
  log_.fill(0, 100);
  const auto old = base::read_file(log_.disk(), log_.file("checkpoint"), 1 << 20).value();
  log_.fill(100, 300);
  ASSERT_FALSE(log_.disk().exists(log_.file("tile/0/000.p/100")).value());
  ASSERT_TRUE(base::write_file_atomically(log_.disk(), log_.file("checkpoint"), old).ok());
  const Report report = verify();
  EXPECT_TRUE(report.holds()) << report.text();
  EXPECT_EQ(report.head.size, 100U);
}

TEST_F(VerifyLedger, AnotherKeyFails) {
  log_.fill(0, 3);
  const std::string other =
      ledger::VerifierKey::of(TestLog::kOrigin, ledger::test_signer(9).public_key()).str();
  const auto report = verify_ledger(*log_.source(), other, quiet);
  EXPECT_EQ(report->outcome("log"), Outcome::fails);
  EXPECT_FALSE(report->holds());
}

TEST(LogSource, WhatIsNoLogIsRefused) {
  base::RealDisk disk;
  EXPECT_EQ(open_log_source(disk, "ftp://log.example").code(), Code::invalid);
  EXPECT_EQ(open_log_source(disk, "file:///etc").code(), Code::invalid);
  EXPECT_EQ(open_log_source(disk, "/nowhere/at/all").code(), Code::missing);
}

}  // namespace
}  // namespace client

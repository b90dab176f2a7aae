#include <gtest/gtest.h>

#include <set>

#include "client/testing.h"
#include "client/verify.h"

namespace client {
namespace {

using base::Code;
using nlohmann::json;

class VerifyReceipt : public testing::Test {
 protected:
  VerifyReceipt() {
    log_.fill(0, 300);
    good_ = log_.receipt();
    log_.fill(300, 700);
    source_ = log_.source();
  }
  Report verify(const std::string& text) {
    auto report = verify_receipt(text, *source_, log_.ledger().verifier_key());
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().chain());
    return std::move(report).value();
  }
  Report verify(const json& receipt) { return verify(receipt.dump(2)); }
  /// The names of the checks that fail.
  static std::set<std::string> failing(const Report& report) {
    std::set<std::string> names;
    for (const Check& check : report.checks) {
      EXPECT_FALSE(check.says.empty());
      if (check.outcome == Outcome::fails) names.insert(check.name);
    }
    return names;
  }
  /// The good receipt with one member replaced.
  json with(const char* member, json value) const {
    json receipt = good_;
    receipt[member] = std::move(value);
    return receipt;
  }
  /// The good receipt with one character of its proof's line `line` changed.
  json with_proof_line(std::size_t line, std::string text) const {
    std::string proof = good_["proof"];
    std::size_t begin = 0;
    for (std::size_t i = 0; i < line; ++i) begin = proof.find('\n', begin) + 1;
    proof.replace(begin, proof.find('\n', begin) - begin, text);
    return with("proof", proof);
  }

  TestLog log_;
  json good_;
  std::unique_ptr<LogSource> source_;
};

using Names = std::set<std::string>;

TEST_F(VerifyReceipt, AGoodReceiptHolds) {
  const Report report = verify(good_);
  EXPECT_TRUE(report.holds()) << report.text();
  EXPECT_EQ(report.pinning, Pinning::pinned);
  EXPECT_EQ(report.head.size, 701U);
  std::vector<std::string> names;
  for (const Check& check : report.checks) names.push_back(check.name);
  EXPECT_EQ(names, (std::vector<std::string>{"form", "key", "signature", "log", "entry", "label",
                                             "commitment", "history"}));
}

TEST_F(VerifyReceipt, TheSpellingOfTheJsonIsFree) {
  EXPECT_TRUE(verify(good_.dump()).holds());
  EXPECT_TRUE(verify(good_.dump(8, ' ', /*ensure_ascii=*/true)).holds());
  nlohmann::ordered_json reversed;
  for (auto at = good_.rbegin(); at != good_.rend(); ++at) reversed[at.key()] = at.value();
  EXPECT_TRUE(verify(reversed.dump()).holds());
}

TEST_F(VerifyReceipt, WithoutAKeyTheLogsOwnIsUsedAndSaidToBeUnpinned) {
  const auto report = verify_receipt(good_.dump(), *source_, std::nullopt);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->holds());
  EXPECT_EQ(report->pinning, Pinning::unpinned);
  EXPECT_EQ(report->verifier_key, log_.ledger().verifier_key());
  EXPECT_NE(report->text().find("unpinned"), std::string::npos);
  EXPECT_EQ(json::parse(report->json())["pinned"], false);
}

TEST_F(VerifyReceipt, AnotherKeyFails) {
  const std::string other =
      ledger::VerifierKey::of(TestLog::kOrigin, ledger::test_signer(9).public_key()).str();
  const auto report = verify_receipt(good_.dump(), *source_, other);
  ASSERT_TRUE(report.ok());
  EXPECT_FALSE(report->holds());
  EXPECT_EQ(failing(*report), (Names{"key", "signature", "log"}));
  EXPECT_EQ(report->outcome("commitment"), Outcome::skipped);
  EXPECT_EQ(verify_receipt(good_.dump(), *source_, "no key").code(), Code::invalid);
}

TEST_F(VerifyReceipt, EveryChangedMemberOfThePayloadBreaksTheCommitment) {
  const std::vector<std::pair<const char*, json>> changes = {
      {"operator", "Example ASA"},
      {"account", "abcdefghijklmnopqrstuvwxyq"},
      {"erased_at", "2026-11-23T14:02:12Z"},
      {"epoch", 8},
      {"statement", "The key that opened this account was lost."},
      {"stays", json::array()},
      {"stays", {"Invoices of 2026, for bookkeeping, until 2031-12-31.", ""}},
      {"replicas", {{{"name", "2"}, {"state", "pending"}, {"behind", 3}}}},
      {"unknown", 1}};
  for (const auto& [member, value] : changes)
    EXPECT_EQ(failing(verify(with(member, value))), Names{"commitment"}) << member;
  json log = good_["log"];
  log["also"] = 1;
  EXPECT_EQ(failing(verify(with("log", log))), Names{"commitment"});
}

TEST_F(VerifyReceipt, NamesTheReplicasThatWerePending) {
  const auto of = [&](const char* state, int behind) {
    const json replica = {{"name", "south-2"}, {"state", state}, {"behind", behind}};
    return verify(with("replicas", json::array({replica}))).text();
  };
  EXPECT_NE(of("pending", 3).find("destroyed: south-2."), std::string::npos);
  EXPECT_EQ(of("destroyed", 0).find("south-2"), std::string::npos);
}

TEST_F(VerifyReceipt, EveryOtherChangeHasItsOwnCheck) {
  EXPECT_EQ(failing(verify(with("format", "erasure-receipt/v2"))), Names{"form"});
  EXPECT_EQ(failing(verify(with("index", 299))), Names{"entry"});
  EXPECT_EQ(failing(verify(with("index", 5'000'000))), Names{"entry"});
  EXPECT_EQ(failing(verify(with("label", std::string(64, 'a')))), Names{"label"});
  EXPECT_EQ(failing(verify(with("nonce", base::base64(base::Bytes(32, 0x43))))),
            Names{"commitment"});
  json log = good_["log"];
  log["origin"] = "log.example/tes";
  EXPECT_EQ(failing(verify(with("log", log))), (Names{"key", "commitment"}));
  log = good_["log"];
  log["key"] = ledger::VerifierKey::of(TestLog::kOrigin, ledger::test_signer(9).public_key()).str();
  EXPECT_EQ(failing(verify(with("log", log))), (Names{"key", "commitment"}));
}

TEST_F(VerifyReceipt, EveryLineOfTheProofCounts) {
  EXPECT_EQ(failing(verify(with_proof_line(0, "c2sp.org/tlog-proof@v2"))), Names{"signature"});
  EXPECT_EQ(failing(verify(with_proof_line(1, "index 299"))), Names{"entry"});
  EXPECT_EQ(failing(verify(with_proof_line(2, base::base64(base::Bytes(32))))), Names{"entry"});
  const ledger::InclusionProof proof =
      ledger::parse_proof(good_["proof"].get<std::string>()).value();
  const std::size_t note = 2 + proof.hashes.size() + 1;
  for (const std::size_t line : {note, note + 1, note + 2, note + 4})
    EXPECT_EQ(failing(verify(with_proof_line(line, "x"))), Names{"signature"}) << line;
  EXPECT_EQ(failing(verify(with_proof_line(note + 1, "302"))), Names{"signature"});
  // Signatures of others are no harm to a note, but a receipt has none.
  const std::string cosigned = ledger::sign_note("x\n", "witness.example", ledger::test_signer(3));
  EXPECT_EQ(failing(verify(with("proof", good_["proof"].get<std::string>() + cosigned.substr(3)))),
            Names{"signature"});
}

// Each byte of the file in turn, changed in several ways: either the JSON still says the very same,
// or the receipt is refused.
TEST_F(VerifyReceipt, AnyChangedByteIsRefused) {
  const std::string text = good_.dump(1);
  std::size_t refused = 0;
  std::size_t same = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char to : {static_cast<char>(text[at] ^ 1), static_cast<char>(text[at] ^ 0x20), '0',
                          'A', '"', '\\', ' ', '\n', '\0', '\xc3'}) {
      if (to == text[at]) continue;
      std::string changed = text;
      changed[at] = to;
      const json value = json::parse(changed, nullptr, /*allow_exceptions=*/false);
      if (value == good_) {
        ++same;
        continue;
      }
      const Report report = verify(changed);
      ASSERT_FALSE(report.holds()) << at << ": " << changed.substr(at > 20 ? at - 20 : 0, 40);
      ASSERT_FALSE(failing(report).empty());
      ++refused;
    }
  }
  EXPECT_GT(refused, text.size() * 8);
  EXPECT_GT(same, 10U);  // white space
}

TEST_F(VerifyReceipt, AnyRemovedByteIsRefused) {
  const std::string text = good_.dump();
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed.erase(at, 1);
    ASSERT_FALSE(verify(changed).holds()) << at;
  }
}

TEST_F(VerifyReceipt, AMemberThatStandsTwiceIsRefused) {
  const std::string text = good_.dump();
  for (const char* again : {R"({"epoch":9,)", R"({"epoch":7,)", R"({"index":300,)"}) {
    std::string twice = text;
    twice.replace(0, 1, again);
    EXPECT_EQ(failing(verify(twice)), Names{"form"});
  }
}

TEST_F(VerifyReceipt, ARewrittenLogIsDetected) {
  // Another log under the same key, as long as the first one or shorter.
  for (const std::uint64_t size : {100U, 301U, 900U}) {
    TestLog other;
    other.fill(1000, 1000 + size);
    const auto source = other.source();
    const auto report = verify_receipt(good_.dump(), *source, log_.ledger().verifier_key());
    ASSERT_TRUE(report.ok());
    EXPECT_FALSE(report->holds());
    EXPECT_EQ(failing(*report), (Names{"entry", "history"})) << size;
  }
  // One that has the entry at its index, but another past.
  TestLog other;
  other.fill(1, 301);
  other.receipt();
  const auto source = other.source();
  const auto report = verify_receipt(good_.dump(), *source, log_.ledger().verifier_key());
  EXPECT_EQ(failing(*report), Names{"history"});
}

TEST_F(VerifyReceipt, MissingOrDamagedFilesFailTheirChecks) {
  ASSERT_TRUE(log_.disk().remove(log_.file("tile/0/001")).ok());
  EXPECT_EQ(failing(verify(good_)), Names{"history"});
  ASSERT_TRUE(
      base::write_file_atomically(log_.disk(), log_.file("tile/entries/001"), base::view("x"))
          .ok());
  EXPECT_EQ(failing(verify(good_)), (Names{"entry", "history"}));
  ASSERT_TRUE(log_.disk().remove(log_.file("checkpoint")).ok());
  EXPECT_EQ(verify_receipt(good_.dump(), *source_, std::nullopt).code(), Code::missing);
  ASSERT_TRUE(log_.disk().remove(log_.file("key")).ok());
  EXPECT_EQ(verify_receipt(good_.dump(), *source_, std::nullopt).code(), Code::missing);
}

TEST_F(VerifyReceipt, TheReportIsForPeopleAndForPrograms) {
  const Report good = verify(good_);
  EXPECT_NE(good.text().find("All checks hold."), std::string::npos);
  const json parsed = json::parse(good.json());
  EXPECT_EQ(parsed["holds"], true);
  EXPECT_EQ(parsed["pinned"], true);
  EXPECT_EQ(parsed["checks"].size(), 8U);
  EXPECT_EQ(parsed["checks"][0]["name"], "form");
  EXPECT_EQ(parsed["checks"][0]["outcome"], "holds");
  const Report bad = verify(with("epoch", 9));
  EXPECT_NE(bad.text().find("Not verified."), std::string::npos);
  EXPECT_EQ(json::parse(bad.json())["holds"], false);
  EXPECT_FALSE(Report{}.holds());
}

}  // namespace
}  // namespace client

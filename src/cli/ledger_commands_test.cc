#include "cli/ledger_commands.h"

#include <gtest/gtest.h>

#include "client/testing.h"

namespace cli {
namespace {

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
};

Answer prove(const ProveOptions& options) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = ledger_prove(options);
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

TEST(LedgerProve, PrintsTheProofAlone) {
  client::TestLog log;
  log.fill(0, 300);
  const Answer answer = prove({7, log.directory(), log.ledger().verifier_key(), false});
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.out, log.ledger().prove(7).value());
  EXPECT_NE(answer.err.find("All checks hold."), std::string::npos);
  EXPECT_EQ(answer.err.find("unpinned"), std::string::npos);
  EXPECT_NE(prove({7, log.directory(), "", false}).err.find("unpinned"), std::string::npos);
}

TEST(LedgerProve, AnswersAsJson) {
  client::TestLog log;
  log.fill(0, 3);
  const Answer answer = prove({2, log.directory(), "", true});
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.err, "");
  const auto json = nlohmann::json::parse(answer.out);
  EXPECT_EQ(json.at("holds"), true);
  EXPECT_EQ(json.at("proof"), log.ledger().prove(2).value());
}

TEST(LedgerProve, AnEntryThatIsNotThereIsANo) {
  client::TestLog log;
  log.fill(0, 3);
  const Answer answer = prove({3, log.directory(), "", false});
  EXPECT_EQ(answer.code, 1);
  EXPECT_EQ(answer.out, "");
  EXPECT_NE(answer.err.find("no entry 3"), std::string::npos);
  const Answer json = prove({3, log.directory(), "", true});
  EXPECT_EQ(json.code, 1);
  EXPECT_EQ(nlohmann::json::parse(json.out).at("holds"), false);
}

TEST(LedgerProve, ALogThatCannotBeReadIsNoAnswer) {
  client::TestLog log;
  EXPECT_EQ(prove({0, "/nowhere/at/all", "", false}).code, 2);
  EXPECT_EQ(prove({0, log.directory(), "no key", false}).code, 2);
}

}  // namespace
}  // namespace cli

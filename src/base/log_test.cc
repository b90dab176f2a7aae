#include "base/log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "base/personal.h"
#include "base/secret_bytes.h"

namespace base {
namespace {

using namespace std::chrono_literals;

// Only what is named in log.h can be logged (that misuse does not compile is shown again, line by
// line, in tests/compile_fail).
template <class T>
constexpr bool can_be_logged = std::is_constructible_v<LogValue, T>;
static_assert(can_be_logged<int> && can_be_logged<std::uint64_t> && can_be_logged<bool>);
static_assert(can_be_logged<Literal> && can_be_logged<Code> && can_be_logged<Error>);
static_assert(can_be_logged<Time> && can_be_logged<Duration> && can_be_logged<AccountId>);
static_assert(!can_be_logged<std::string> && !can_be_logged<std::string_view>);
static_assert(!can_be_logged<const char*> && !can_be_logged<char*>);
static_assert(!can_be_logged<Bytes> && !can_be_logged<View> && !can_be_logged<SecretBytes>);
static_assert(!can_be_logged<Personal<std::string>> && !can_be_logged<Personal<int>>);
static_assert(!can_be_logged<double> && !can_be_logged<std::nullptr_t>);

class LogTest : public testing::Test {
 protected:
  nlohmann::json last() { return nlohmann::json::parse(lines_.back()); }

  ManualClock clock_{Time(1'795'442'531s)};
  std::vector<std::string> lines_;
  Log log_{clock_, [this](std::string_view line) { lines_.emplace_back(line); }};
};

TEST_F(LogTest, ALineIsOneJsonObject) {
  log_.info("started");
  EXPECT_EQ(lines_.back(), R"({"time":"2026-11-23T14:02:11Z","level":"info","event":"started"})");
}

TEST_F(LogTest, FieldsKeepTheirTypes) {
  SeededEntropy entropy(1);
  const auto id = AccountId::random(entropy);
  const Error error{Code::io, "cannot write", Error{Code::full, "no space"}};
  log_.warn("everything", {{"number", -5},
                           {"large", UINT64_MAX},
                           {"flag", true},
                           {"word", Literal("plain")},
                           {"code", Code::denied},
                           {"when", clock_.now()},
                           {"took", Duration(1500us)},
                           {"error", error},
                           {"account", id}});
  const auto line = last();
  EXPECT_EQ(line["level"], "warn");
  EXPECT_EQ(line["number"], -5);
  EXPECT_EQ(line["large"], UINT64_MAX);
  EXPECT_EQ(line["flag"], true);
  EXPECT_EQ(line["word"], "plain");
  EXPECT_EQ(line["code"], "denied");
  EXPECT_EQ(line["when"], "2026-11-23T14:02:11Z");
  EXPECT_EQ(line["took"], 1500);
  EXPECT_EQ(line["error"], "cannot write: no space");
  EXPECT_EQ(line["account"], id.str());
}

TEST_F(LogTest, AnyLiteralStaysOneValidLine) {
  log_.error("quote \" backslash \\ newline \n tab \t bell \a end",
             {{"na\"me\n", Literal("va\"l\\ue\r\n")}});
  EXPECT_EQ(lines_.back().find('\n'), std::string::npos);
  const auto line = last();
  EXPECT_EQ(line["event"], "quote \" backslash \\ newline \n tab \t bell \a end");
  EXPECT_EQ(line["na\"me\n"], "va\"l\\ue\r\n");
  EXPECT_EQ(line["level"], "error");
}

TEST_F(LogTest, GoesToStandardErrorLineByLine) {
  testing::internal::CaptureStderr();
  Log log(clock_, stderr_sink());
  log.info("first");
  log.info("a {} that is no format");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_NE(text.find("\"a {} that is no format\"}\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace base

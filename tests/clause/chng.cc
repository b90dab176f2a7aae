// CHNG-1, as far as versions go: what is in force has a number and a date, and people can see them.
#include <gtest/gtest.h>

#include "tests/support/served.h"

using namespace support;

namespace {

TEST(CHNG_1, VersionAndDateStandOnThePageAndInTheData) {
  Served server({.notice = notice_with("\nversion: 1\neffective: 2026-11-23\n",
                                       "\nversion: 7\neffective: 2027-01-15\n")});
  Browser anybody = server.browser();
  const Reply json = anybody.get("/notice.json"), page = anybody.get("/notice");
  EXPECT_EQ(json.at("/version"), "7");
  EXPECT_EQ(json.at("/effective"), "2027-01-15");
  EXPECT_TRUE(page.says("Version 7"));
  EXPECT_TRUE(page.says("2027-01-15"));
  EXPECT_TRUE(page.says("15 January 2027"));
  EXPECT_TRUE(page.says("id=\"CHNG-1\""));
  EXPECT_EQ(anybody.get("/.well-known/gpc.json").at("/lastUpdate"), "2027-01-15");
}

TEST(CHNG_1, EveryChangedWordChangesTheDigest) {
  Browser anybody = common().browser();
  const std::string before = anybody.get("/notice.json").at("/digest");
  EXPECT_TRUE(before.starts_with("sha256:"));
  Served server({.notice = notice_with("everything goes at once", "everything goes soon")});
  Browser other = server.browser();
  const Reply after = other.get("/notice.json");
  EXPECT_TRUE(after.at("/digest").starts_with("sha256:"));
  EXPECT_NE(after.at("/digest"), before);
  EXPECT_TRUE(other.get("/notice").says("everything goes soon"));
}

TEST(CHNG_1, ANoticeWithoutVersionDateOrClauseIsNotServed) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  const auto refused = [&](const std::string& notice, const std::string& why) {
    write_file(file, notice);
    const Outcome outcome = run({"serve", "--data", directory.path() + "/data", "--listen",
                                 "127.0.0.1:0", "--notice", file});
    EXPECT_EQ(outcome.code, 1) << why;
    EXPECT_NE(outcome.err.find(why), std::string::npos) << outcome.err;
  };
  refused(notice_with("\nversion: 1\n", "\n"), "`version`");
  refused(notice_with("\neffective: 2026-11-23\n", "\n"), "`effective`");
  refused(notice_with("\neffective: 2026-11-23\n", "\neffective: soon\n"), "effective");
  refused(notice_with("- id: CHNG-1", "- id: CHNG-2"), "clause `CHNG-1` is missing");
}

}  // namespace

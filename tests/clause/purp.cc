// PURP-1: each use of personal data names a purpose of the notice; without it nothing starts.
#include <gtest/gtest.h>

#include "tests/support/served.h"

using namespace support;

namespace {

/// Serves that notice, which must be refused at once.
Outcome refused(const std::string& notice) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  write_file(file, notice);
  Outcome outcome = run(
      {"serve", "--data", directory.path() + "/data", "--listen", "127.0.0.1:0", "--notice", file});
  EXPECT_EQ(outcome.out, "");
  return outcome;
}

TEST(PURP_1, WithoutAPurposeThatItNeedsItDoesNotStart) {
  for (const std::string purpose : {"manage_accounts", "provide_service", "notify"}) {
    // Declared under another name, everywhere: the notice is as it should be, but for that.
    std::string notice = notice_with("  " + purpose + ":\n", "  renamed_" + purpose + ":\n");
    for (const std::string before : {"[", ", ", "purpose: "})
      for (const std::string after : {"]", ",", "\n"})
        notice = replaced(notice, before + purpose + after, before + "renamed_" + purpose + after,
                          Times::any);
    const Outcome outcome = refused(notice);
    EXPECT_EQ(outcome.code, 1) << purpose;
    EXPECT_NE(outcome.err.find("error: purpose `" + purpose + "` is missing"), std::string::npos)
        << outcome.err;
  }
}

TEST(PURP_1, WithTheLogSwitchedOffItDoesNotStart) {
  const Outcome outcome =
      refused(notice_with("    categories: [log_openings, staff_log, attestation]\n",
                          "    categories: [log_openings, staff_log, attestation]\n"
                          "    enabled: false\n"));
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_NE(outcome.err.find("does not switch on the purpose accountability"), std::string::npos)
      << outcome.err;
}

TEST(PURP_1, WithoutACategoryThatItNeedsItDoesNotStart) {
  for (const std::string category :
       {"identity", "credentials", "attestation", "workspace_content", "mail", "log_openings"}) {
    std::string notice = notice_with("\n  " + category + ":\n", "\n  renamed_" + category + ":\n");
    for (const std::string before : {"[", ", ", "                 "})
      for (const std::string after : {"]", ","})
        notice = replaced(notice, before + category + after, before + "renamed_" + category + after,
                          Times::any);
    notice =
        replaced(notice, "announced: [site, renamed_mail]", "announced: [site, mail]", Times::any);
    const Outcome outcome = refused(notice);
    EXPECT_EQ(outcome.code, 2) << category << outcome.err;
    EXPECT_NE(outcome.err.find("not declared in the notice: " + category), std::string::npos)
        << outcome.err;
  }
}

TEST(PURP_1, APurposeThatIsUsedByNothingIsRefused) {
  const Outcome outcome = refused(notice_with("purposes:\n  manage_accounts:",
                                              "purposes:\n"
                                              "  curiosity:\n"
                                              "    number: 40\n"
                                              "    title:\n"
                                              "      en: Curiosity\n"
                                              "    text:\n"
                                              "      en: To know\n"
                                              "    basis: contract\n"
                                              "    categories: [identity]\n"
                                              "  manage_accounts:"));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("purpose `curiosity` is unused"), std::string::npos) << outcome.err;
}

TEST(PURP_1, WhatIsNotSwitchedOnIsNotDone) {
  // Files and their links, and nothing else, rest on provide_service.
  const std::string notice =
      notice_with("    basis: contract\n    categories: [workspace_content, workspace_trash, ",
                  "    basis: contract\n    enabled: false\n"
                  "    categories: [workspace_content, workspace_trash, ");
  Served server({.notice = replaced(
                     notice, "    class: necessary\n    purpose: provide_service\n",
                     "    enabled: false\n    class: necessary\n    purpose: provide_service\n")});
  const Person kari{"Kari Nordmann", "kari@example.com"};
  Browser her = server.account(kari);
  for (const char* method : {"PUT", "GET", "DELETE"}) {
    const Reply reply = her.request(method, "/v1/files/a.txt", "text");
    EXPECT_EQ(reply.status, 403) << method;
    EXPECT_EQ(reply.problem(), "/problems/denied") << method;
    EXPECT_NE(reply.at("/detail").find("not switched on"), std::string::npos) << reply.body;
  }
  EXPECT_TRUE(files_below(server.data() + "/content").empty());
  EXPECT_EQ(her.get("/v1/account").status, 200);
  EXPECT_EQ(Served::cancel(her, kari).status, 200);
}

TEST(PURP_1, ACategoryOutsideThePurposeIsNotUsed) {
  // The purpose is there and switched on, but no longer names what files are.
  const std::string notice = notice_with("    categories: [workspace_content, workspace_trash",
                                         "    categories: [workspace_trash");
  Served server({.notice = replaced(notice, "activity, workspace_content, mail, mail_outcomes",
                                    "activity, mail, mail_outcomes")});
  Browser her = server.account({"Kari Nordmann", "kari@example.com"});
  const Reply reply = her.request("PUT", "/v1/files/a.txt", "text");
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.problem(), "/problems/denied");
  EXPECT_TRUE(files_below(server.data() + "/content").empty());
}

TEST(PURP_1, PurposesAndRecipientsStandOnThePage) {
  Browser anybody = common().browser();
  const Reply notice = anybody.get("/notice.json"), page = anybody.get("/notice");
  for (const std::string& id : notice.keys("/purposes")) {
    const std::string title = notice.at("/purposes/" + id + "/title/en");
    EXPECT_TRUE(page.says(title)) << title;
  }
  const auto recipients = notice.keys("/recipients");
  EXPECT_GE(recipients.size(), 2U);
  for (const std::string& id : recipients)
    EXPECT_TRUE(page.says(notice.at("/recipients/" + id + "/title/en"))) << id;
}

}  // namespace

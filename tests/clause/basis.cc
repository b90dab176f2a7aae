// BASIS-3: what the contract needs rests on the contract; on another basis it needs what that asks.
#include <gtest/gtest.h>

#include "tests/support/served.h"

using namespace support;

namespace {

TEST(BASIS_3, ThePurposesOfTheContractSaySo) {
  Browser anybody = common().browser();
  const Reply notice = anybody.get("/notice.json"), page = anybody.get("/notice");
  // As the operator's notice says: provide the service, manage accounts, process payments.
  for (const char* purpose : {"provide_service", "manage_accounts", "payments"})
    EXPECT_EQ(notice.at(std::string("/purposes/") + purpose + "/basis"), "contract") << purpose;
  EXPECT_TRUE(page.says("Article 6(1)(b)"));
  EXPECT_TRUE(page.says("id=\"BASIS-3\""));
}

TEST(BASIS_3, OnConsentTheSameWouldWaitForConsent) {
  // The contract is what lets files be kept without asking: with consent as the basis they are not.
  std::string notice =
      notice_with("    basis: contract\n    categories: [workspace_content, workspace_trash, ",
                  "    basis: consent\n    categories: [workspace_content, workspace_trash, ");
  notice = replaced(
      notice,
      "fields: [legal_name, email, language, former_email]\n    source: person\n    also_from:\n"
      "      en: where your account was moved here, from the service where you had it before\n"
      "    needed:\n"
      "      for: contract\n      otherwise:\n"
      "        en: Without both, an account cannot be completed.\n    basis: [",
      "fields: [legal_name, email, language, former_email]\n    source: person\n    also_from:\n"
      "      en: where your account was moved here, from the service where you had it before\n"
      "    needed:\n"
      "      for: contract\n      otherwise:\n"
      "        en: Without both, an account cannot be completed.\n    basis: [consent, ");
  notice = replaced(notice, "fields: [plan]\n    source: service\n    basis: [contract, ",
                    "fields: [plan]\n    source: service\n    basis: [consent, ");
  notice = replaced(notice, "    class: necessary\n    purpose: provide_service\n",
                    "    enabled: false\n    class: consent\n    mode: first-party\n"
                    "    event_properties: [page]\n    purpose: provide_service\n");
  Served server({.notice = notice});
  const Person kari{"Kari Nordmann", "kari@example.com"};
  Browser her = server.account(kari);
  const Reply reply = her.request("PUT", "/v1/files/a.txt", "text");
  EXPECT_EQ(reply.status, 403);
  EXPECT_NE(reply.at("/detail").find("consent"), std::string::npos) << reply.body;
  // The account itself still rests on the contract.
  EXPECT_EQ(her.get("/v1/account").status, 200);
  EXPECT_EQ(Served::cancel(her, kari).status, 200);
}

TEST(BASIS_3, ABasisThatItsDataLackIsRefused) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  write_file(
      file,
      notice_with("    basis: contract\n    categories: [workspace_content, workspace_trash, ",
                  "    basis: consent\n    categories: [workspace_content, workspace_trash, "));
  const Outcome outcome = run(
      {"serve", "--data", directory.path() + "/data", "--listen", "127.0.0.1:0", "--notice", file});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("`provide_service` rests on consent, category `identity` does not"),
            std::string::npos)
      << outcome.err;
}

}  // namespace

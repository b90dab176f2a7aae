// OPER-1: one named operator stands behind service and site, wherever a person meets it.
#include <gtest/gtest.h>

#include "tests/support/served.h"

using namespace support;

namespace {

struct Facts {
  std::string name, number, street, postal_code, city, contact;
};
// As the operator's notice was given to us; not read from the file under test.
const Facts kOurs{"Scalign AS", "934 915 755", "Edvard Storms gate 2",
                  "0166",       "Oslo",        "hello@scalign.ai"};

std::vector<std::string> all(const Facts& facts) {
  return {facts.name, facts.number, facts.street, facts.postal_code, facts.city, facts.contact};
}

void expect_on_page(Browser& anybody, const Facts& facts) {
  const Reply page = anybody.get("/notice"), json = anybody.get("/notice.json");
  for (const std::string& fact : all(facts)) EXPECT_TRUE(page.says(fact)) << fact;
  EXPECT_EQ(json.at("/operator/name"), facts.name);
  EXPECT_EQ(json.at("/operator/organisation_number"), facts.number);
  EXPECT_EQ(json.at("/operator/address/street"), facts.street);
  EXPECT_EQ(json.at("/operator/address/postal_code"), facts.postal_code);
  EXPECT_EQ(json.at("/operator/address/city"), facts.city);
  EXPECT_EQ(json.at("/operator/contact"), facts.contact);
}

void expect_in_mail(const Mail& mail, const Facts& facts) {
  EXPECT_EQ(mail.header("From"), "\"" + facts.name + "\" <" + facts.contact + ">");
  for (const std::string& fact : all(facts))
    EXPECT_NE(mail.text.find(fact), std::string::npos) << fact << "\n" << mail.text;
}

TEST(OPER_1, StandsOnThePageInMailsAndOnTheReceipt) {
  Browser anybody = common().browser();
  expect_on_page(anybody, kOurs);
  // Every page a person meets first leads to the notice.
  for (const char* path : {"/", "/signup", "/login", "/verify", "/receipt"})
    EXPECT_TRUE(anybody.get(path).says("href=\"/notice\"")) << path;

  const Person kari{"Kari Nordmann", "kari.oper@example.com"};
  Browser her = common().browser();
  ASSERT_EQ(Served::sign_up(her, kari).status, 202);
  const Mail asked = common().next_mail("verify", kari.email);
  expect_in_mail(asked, kOurs);
  ASSERT_EQ(Served::verify(her, asked.token(), kari).status, 200);
  ASSERT_EQ(Served::sign_up(her, kari).status, 202);
  expect_in_mail(common().next_mail("known-address", kari.email), kOurs);
  ASSERT_EQ(Served::log_in(her, kari).status, 200);
  EXPECT_EQ(Served::cancel(her, kari).at("/operator"), kOurs.name);
}

TEST(OPER_1, IsWhoTheNoticeSays) {
  const Facts other{"Fjord Works AS", "999 888 777", "Havnegata 9",
                    "5003",           "Bergen",      "post@fjordworks.example"};
  std::string notice = notice_with(kOurs.name, other.name);
  notice = replaced(notice, kOurs.number, other.number);
  notice = replaced(notice, kOurs.street, other.street);
  notice = replaced(notice, kOurs.postal_code, other.postal_code);
  notice = replaced(notice, "city: Oslo", "city: Bergen");
  notice = replaced(notice, "0166 Oslo", "5003 Bergen", Times::any);
  notice = replaced(notice, "5003 Oslo", "5003 Bergen", Times::any);
  notice = replaced(notice, kOurs.contact, other.contact);
  Served server({.notice = notice});
  Browser her = server.browser();
  expect_on_page(her, other);

  const Person kari{"Kari Nordmann", "kari@example.com"};
  ASSERT_EQ(Served::sign_up(her, kari).status, 202);
  const Mail mail = server.next_mail("verify", kari.email);
  expect_in_mail(mail, other);
  ASSERT_EQ(Served::verify(her, mail.token(), kari).status, 200);
  ASSERT_EQ(Served::log_in(her, kari).status, 200);
  const Reply receipt = Served::cancel(her, kari);
  EXPECT_EQ(receipt.at("/operator"), other.name);
  // The first operator is nowhere: not on a page, not in a mail, not on the receipt.
  for (const std::string& text :
       {mail.head + mail.text, receipt.body, her.get("/").body, her.get("/notice").body,
        her.get("/signup").body, her.get("/.well-known/security.txt").body})
    for (const std::string& fact : {kOurs.name, kOurs.number, kOurs.street, kOurs.contact})
      EXPECT_EQ(text.find(fact), std::string::npos) << fact;
}

TEST(OPER_1, ANoticeWithoutOneOfTheFactsIsNotServed) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  for (const std::string line :
       {"  name: Scalign AS\n", "  organisation_number: \"934 915 755\"\n",
        "    street: Edvard Storms gate 2\n", "    postal_code: \"0166\"\n", "    city: Oslo\n",
        "  contact: hello@scalign.ai\n  service"}) {
    write_file(file, notice_with(line, line.ends_with('\n') ? "" : "  service"));
    const Outcome outcome = run({"serve", "--data", directory.path() + "/data", "--listen",
                                 "127.0.0.1:0", "--notice", file});
    EXPECT_EQ(outcome.code, 1) << line;
    EXPECT_NE(outcome.err.find("notice.yaml:"), std::string::npos) << outcome.err;
  }
}

}  // namespace

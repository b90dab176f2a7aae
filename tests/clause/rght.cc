// RGHT-7: rights are exercised by writing to the operator's address. RGHT-8: and complaints go to
// the authority where the person lives.
#include <gtest/gtest.h>

#include "tests/support/served.h"

using namespace support;

namespace {

// The European Economic Area: 27 members of the Union, Iceland, Liechtenstein and Norway.
constexpr std::array<const char*, 30> kCountries = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"};

/// The clause's own part of the page.
std::string clause(const Reply& page, const std::string& id) {
  const auto from = page.body.find("id=\"" + id + "\"");
  EXPECT_NE(from, std::string::npos) << id;
  if (from == std::string::npos) return "";
  return page.body.substr(from, page.body.find("</article>", from) - from);
}

TEST(RGHT_7, TheAddressToWriteToStandsInTheClauseAndIsTheOperators) {
  Browser anybody = common().browser();
  const Reply page = anybody.get("/notice"), json = anybody.get("/notice.json");
  const std::string contact = "hello@scalign.ai";
  EXPECT_EQ(json.at("/rights/contact"), contact);
  EXPECT_EQ(json.at("/operator/contact"), contact);
  EXPECT_NE(clause(page, "RGHT-7").find("href=\"mailto:" + contact + "\""), std::string::npos);
  // The clock of Article 12(3) GDPR.
  EXPECT_EQ(json.at("/rights/answer_within"), "1 month");
  EXPECT_EQ(json.at("/rights/extension"), "2 months");
  EXPECT_EQ(json.keys("/rights/kinds").size(), 6U);
}

TEST(RGHT_7, ANoticeWithoutTheAddressIsNotServed) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  write_file(file,
             notice_with("  contact: hello@scalign.ai\n  answer_within:", "  answer_within:"));
  const Outcome outcome = run(
      {"serve", "--data", directory.path() + "/data", "--listen", "127.0.0.1:0", "--notice", file});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("`rights` lacks `contact`"), std::string::npos) << outcome.err;
}

TEST(RGHT_8, EveryAuthorityOfTheEeaIsLinkedTheOperatorsOwnFirst) {
  Browser anybody = common().browser();
  const Reply page = anybody.get("/notice"), json = anybody.get("/notice.json");
  std::vector<std::string> listed;
  for (const std::string& at : json.keys("/authority/eea")) {
    const std::string authority = "/authority/eea/" + at;
    listed.push_back(json.at(authority + "/country"));
    const std::string url = json.at(authority + "/url");
    EXPECT_TRUE(url.starts_with("https://")) << url;
    EXPECT_TRUE(page.says("<a href=\"" + url + "\"")) << url;
    EXPECT_FALSE(json.at(authority + "/name").empty()) << url;
  }
  std::sort(listed.begin(), listed.end());
  EXPECT_EQ(listed, std::vector<std::string>(kCountries.begin(), kCountries.end()));

  // Its own is in the clause itself, and leads the list.
  EXPECT_EQ(json.at("/authority/country"), "NO");
  const std::string own = "<a href=\"https://www.datatilsynet.no/\"";
  EXPECT_NE(clause(page, "RGHT-8").find(own), std::string::npos);
  const auto list = page.body.find("class=\"own\"");
  ASSERT_NE(list, std::string::npos);
  EXPECT_EQ(page.body.find("<a href=\"https://", list), page.body.find(own, list));
  EXPECT_LT(list, page.body.find("https://dsb.gv.at/"));
}

TEST(RGHT_8, ANoticeThatLacksAnAuthorityIsNotServed) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  write_file(file, notice_with("    - {country: SE, name: Integritetsskyddsmyndigheten, url: "
                               "\"https://www.imy.se/\"}\n",
                               ""));
  const Outcome outcome = run(
      {"serve", "--data", directory.path() + "/data", "--listen", "127.0.0.1:0", "--notice", file});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("the list of authorities lacks SE"), std::string::npos) << outcome.err;
}

}  // namespace

// TECH-4: a host that delivers the site in the server's place does it from inside the EU, keeps
// nothing, and says what the server says. That nginx does so with its configuration is in
// tests/site_export_test.py.
#include <gtest/gtest.h>

#include <regex>

#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;

namespace {

constexpr const char* kServer = "https://server.example";

/// `site export` under a notice; what it wrote is in `place`/site.
Outcome exported(const TemporaryDirectory& place, const std::string& notice = {}) {
  std::vector<std::string> words = {"site",         "export", place.path() + "/site",
                                    "--api-origin", kServer,  "--json"};
  if (!notice.empty()) {
    write_file(place.path() + "/notice.yaml", notice);
    words.insert(words.end(), {"--notice", place.path() + "/notice.yaml"});
  }
  return run(words);
}

TEST(TECH_4, TheSiteIsDeliveredFromInsideTheUnionAlone) {
  const TemporaryDirectory here;
  EXPECT_EQ(exported(here).code, 0);
  for (const char* region : {"US", "worldwide", "EU and, where it is quicker, outside the EU"}) {
    const TemporaryDirectory place;
    const Outcome refused = exported(
        place,
        notice_with("    hosts: []\n    country: EEA\n    region: EEA\n",
                    "    hosts: []\n    country: EEA\n    region: " + std::string(region) + "\n"));
    EXPECT_EQ(refused.code, 1) << region;
    EXPECT_NE(refused.err.find("TECH-4"), std::string::npos) << refused.err;
    EXPECT_FALSE(exists(place.path() + "/site"));
  }
}

TEST(TECH_4, NobodyDeliversItWhomTheNoticeDoesNotName) {
  const TemporaryDirectory place;
  const Outcome refused =
      exported(place, notice_with("manage_accounts, deliver_site,", "manage_accounts,"));
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("names no recipient that delivers"), std::string::npos);
  EXPECT_FALSE(exists(place.path() + "/site"));
}

TEST(TECH_4, WhatIsDeliveredIsWhatTheServerSays) {
  const TemporaryDirectory place;
  ASSERT_EQ(exported(place).code, 0);
  const std::string files = place.path() + "/site/files";
  Browser anybody = common().browser();
  std::size_t compared = 0;
  for (const std::string& file : files_below(files)) {
    std::string address = file.substr(files.size());
    if (address.ends_with(".br") || address.ends_with(".gz") || address.starts_with("/_")) continue;
    if (address.ends_with(".html")) address.resize(address.size() - 5);
    const Reply reply = anybody.get(address);
    EXPECT_EQ(reply.status, 200) << address;
    EXPECT_TRUE(reply.body == read_file(file)) << address;
    EXPECT_TRUE(reply.all("set-cookie").empty()) << address << ": nothing lasts on the device";
    ++compared;
  }
  EXPECT_GT(compared, 15U);
  const std::string headers = read_file(files + "/_headers");
  for (const char* address : {"/app", "/notice", "/terms"})
    for (const char* name : {"content-security-policy", "permissions-policy", "referrer-policy"})
      EXPECT_NE(headers.find(": " + anybody.get(address).header(name) + "\n"), std::string::npos)
          << address << " " << name;
}

TEST(TECH_4, TheEdgeKeepsNothingAndNamesNobodyElse) {
  const TemporaryDirectory place;
  ASSERT_EQ(exported(place).code, 0);
  const std::string nginx = read_file(place.path() + "/site/nginx.conf");
  for (const char* said : {"access_log off;", "error_log /dev/null;", "proxy_buffering off;",
                           "proxy_ssl_verify on;", "proxy_pass https://server.example;"})
    EXPECT_NE(nginx.find(said), std::string::npos) << said;
  const std::string site = common().browser().get("/notice.json").at("/operator/site");
  static const std::regex other("https?://([a-z0-9.-]+)");
  for (std::sregex_iterator at(nginx.begin(), nginx.end(), other), end; at != end; ++at)
    EXPECT_TRUE((*at)[1] == "server.example" || (*at)[0] == site) << (*at)[0];
}

}  // namespace

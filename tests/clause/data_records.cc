// DATA-3 for records: sealed under the account's key, nothing of theirs in plain, gone with the
// account; by person for the customer's own duties; within the role, the scope and the plan.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/support/json.h"
#include "tests/support/members.h"
#include "tests/support/served.h"

using namespace support;

namespace {

const Person kKari{"Kari Nordmann", "kari@example.com"};
const Person kOla{"Ola Nordmann", "ola@example.com"};

Reply put(Browser& browser, const std::string& at, const std::string& body) {
  return browser.json("PUT", "/v1/collections/" + at, body);
}
/// A collection with a record in it about somebody.
void keep(Browser& browser) {
  ASSERT_EQ(put(browser, "Trawlerlag", "{}").status, 201);
  ASSERT_EQ(put(browser, "Trawlerlag/records/Havbris",
                R"({"document":{"skipper":"Synnøve Fiskersen"},"subject":"kunde-4711"})")
                .status,
            201);
}
const std::string kHavbris = "/v1/collections/Trawlerlag/records/Havbris";

TEST(DATA_3, NothingOfARecordStandsInPlain) {
  Served server;
  Browser her = server.account(kKari);
  keep(her);
  EXPECT_EQ(her.get(kHavbris).at("/document/skipper"), "Synnøve Fiskersen");
  her.json("POST", "/v1/records/about", R"({"subject":"kunde-4711"})");
  // Refusals write nothing down either.
  put(her, "Trawlerlag/records/Havbris2", R"({"document":{"skipper":"Gro Sjøberg"},)");
  her.get("/v1/collections/Trawlerlag/records/Nordlys");
  server.stop();
  for (const std::string& file : files_below(server.data())) {
    const std::string bytes = read_file(file);
    for (const char* word : {"Trawlerlag", "Havbris", "Synn", "Fiskersen", "skipper", "kunde-4711",
                             "Gro Sj", "Nordlys"})
      EXPECT_EQ(bytes.find(word), std::string::npos) << word << " in " << file;
  }
  for (const char* word : {"Trawlerlag", "Havbris", "Fiskersen", "kunde-4711", "Nordlys"})
    EXPECT_EQ(server.log().find(word), std::string::npos) << word;
}

TEST(DATA_3, RecordsAreDurableWhenTheyAreAnswered) {
  Served server;
  Browser her = server.account(kKari);
  keep(her);
  server.kill();
  server.start();
  EXPECT_EQ(her.get(kHavbris).at("/document/skipper"), "Synnøve Fiskersen");
}

TEST(DATA_3, RecordsGoWithTheAccountAndNobodyElses) {
  Served server;
  Browser her = server.account(kKari), his = server.account(kOla);
  keep(her);
  keep(his);
  ASSERT_EQ(Served::cancel(his, kOla).status, 200);
  EXPECT_EQ(his.get(kHavbris).status, 401);
  EXPECT_EQ(her.get(kHavbris).status, 200);
  // Whoever comes anew under the same address finds nothing.
  Browser anew = server.account(kOla);
  EXPECT_EQ(anew.get("/v1/collections").body, R"({"collections":[]})");
  EXPECT_EQ(anew.get(kHavbris).status, 404);
}

TEST(DATA_3, WhatIsAboutAPersonIsFoundAndDeletedByTheCustomersOwnName) {
  Served server;
  Browser her = server.account(kKari), his = server.account(kOla);
  keep(her);
  keep(his);
  const std::string subject = R"({"subject":"kunde-4711"})";
  const Reply found = her.json("POST", "/v1/records/about", subject);
  EXPECT_EQ(found.at("/records/0/id"), "Havbris");
  EXPECT_EQ(found.at("/records/0/collection"), "Trawlerlag");
  EXPECT_EQ(her.json("POST", "/v1/records/about/delete", subject).at("/deleted"), "1");
  EXPECT_EQ(her.get(kHavbris).status, 404);
  EXPECT_EQ(her.json("POST", "/v1/records/about", subject).body, R"({"records":[]})");
  EXPECT_EQ(his.get(kHavbris).status, 200) << "his customer is another person";
}

TEST(DATA_3, ARecordThatExpiresIsGone) {
  Served server;
  Browser her = server.account(kKari);
  ASSERT_EQ(put(her, "Trawlerlag", "{}").status, 201);
  ASSERT_EQ(
      put(her, "Trawlerlag/records/Havbris", R"({"document":{},"expires":"2000-01-01T00:00:00Z"})")
          .status,
      400);
  const auto soon = std::chrono::floor<base::Duration>(server.now() + std::chrono::hours(24));
  ASSERT_EQ(put(her, "Trawlerlag/records/Havbris",
                R"({"document":{},"expires":")" + base::rfc3339(base::Time(soon)) + "\"}")
                .status,
            201);
  EXPECT_EQ(her.get(kHavbris).status, 200);
  server.jump(std::chrono::hours(25));
  Browser again = server.browser();
  ASSERT_EQ(Served::log_in(again, kKari).status, 200);
  EXPECT_EQ(again.get(kHavbris).status, 404);
}

TEST(SECU_1, RolesAndScopesHoldForRecords) {
  Served server;
  Browser owner = server.account(kKari);
  keep(owner);
  Browser reader = joined(server, owner, {"Rune Leser", "rune@example.com"}, "reader");
  EXPECT_EQ(reader.get(kHavbris).status, 200);
  EXPECT_EQ(put(reader, "Trawlerlag/records/Havbris", R"({"document":{}})").status, 403);
  EXPECT_EQ(reader.json("POST", "/v1/records/about/delete", R"({"subject":"kunde-4711"})").status,
            403);
  const auto token = [&](const std::string& scope) {
    return "Bearer " + owner
                           .json("POST", "/v1/tokens",
                                 R"({"name":"Shop","expires_in_days":1,"scopes":[")" + scope +
                                     R"("],"password":")" + kKari.password + "\"}")
                           .at("/token");
  };
  Browser program = server.browser();
  const auto asks = [&](const char* method, const std::string& bearer) {
    return program
        .request(method, kHavbris, std::string(method) == "PUT" ? R"({"document":{}})" : "",
                 {{"Authorization", bearer}, {"Content-Type", "application/json"}})
        .status;
  };
  const std::string reads = token("records:read"), writes = token("records:write"),
                    files = token("files:write");
  EXPECT_EQ(asks("GET", reads), 200);
  EXPECT_EQ(asks("PUT", reads), 403);
  EXPECT_EQ(asks("GET", writes), 403);
  EXPECT_EQ(asks("PUT", writes), 200);
  EXPECT_EQ(asks("PUT", files), 403);
  EXPECT_EQ(asks("DELETE", writes), 204);
}

}  // namespace

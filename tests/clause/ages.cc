// AGES-1: professional users of 18 or more; each says so at sign-up, and that she did is kept.
#include <gtest/gtest.h>

#include "app/core.h"
#include "notice/notice.h"
#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;

namespace {

std::string sign_up_body(const std::string& email, const std::string& attested) {
  return R"({"legal_name":"Kari Nordmann","email":")" + email +
         R"(","password":"correct horse battery")" +
         (attested.empty() ? "" : R"(,"adult_professional":)" + attested) +
         R"(,"terms":"1","notice":"1"})";
}

TEST(AGES_1, WithoutTheAttestationThereIsNoAccount) {
  Browser kari = common().browser();
  const std::string email = "kari.ages@example.com";
  for (const char* said : {"", "false", "null", "\"true\"", "1", "18"}) {
    const Reply reply = kari.json("POST", "/v1/signup", sign_up_body(email, said));
    EXPECT_EQ(reply.status, 400) << said;
    EXPECT_NE(reply.at("/detail").find("adult_professional"), std::string::npos) << reply.body;
  }
  const std::string fields =
      "legal_name=Kari+Nordmann&email=kari.ages%40example.com&password=correct+horse+battery&terms="
      "1&notice=1";
  for (const char* said : {"", "&adult_professional=", "&adult_professional=no"})
    EXPECT_EQ(kari.form("/signup", fields + said).status, 400) << said;
  ASSERT_EQ(kari.json("POST", "/v1/signup", sign_up_body(email, "true")).status, 202);
  common().next_mail("verify", email);
  EXPECT_FALSE(common().mail_comes("verify", email, {}));
}

TEST(AGES_1, TheFormAsksForItAndNothingIsTickedBefore) {
  Browser anybody = common().browser();
  const Reply page = anybody.get("/signup"), json = anybody.get("/notice.json");
  const auto at = page.body.find("name=\"adult_professional\"");
  ASSERT_NE(at, std::string::npos);
  const auto from = page.body.rfind('<', at);
  const std::string box = page.body.substr(from, page.body.find('>', at) - from);
  EXPECT_NE(box.find("type=\"checkbox\""), std::string::npos) << box;
  EXPECT_EQ(box.find("checked"), std::string::npos) << box;
  EXPECT_EQ(json.at("/minimum_age"), "18");
  EXPECT_TRUE(page.says("18"));
  // Diligence, not proof: a date of birth is never asked for.
  EXPECT_FALSE(page.says("birth"));
  for (const std::string& category : json.keys("/categories"))
    EXPECT_EQ(json.at("/categories/" + category + "/fields").find("birth"), std::string::npos);
}

/// What the account's own record says, opened as the program opens it.
struct Attested {
  int users = 0;
  base::Time at;
  std::string version;
  std::string terms;
};

base::Result<Attested> read_attestation(const app::ServeOptions& options) {
  const auto checked =
      notice::check(std::string(notice::default_file), std::string(notice::default_text()));
  const auto core = TRY(app::Core::open(options, *checked.document));
  const auto category = core->policy->current().category("attestation");
  const auto purpose = core->policy->current().purpose("manage_accounts");
  Attested found;
  TRY(core->store->read([&](store::Reader& reader) -> base::Result<void> {
    std::vector<base::UserId> users;
    TRY(reader.query("SELECT user FROM accounts_member", {},
                     [&](const store::Row& row) -> base::Result<void> {
                       users.push_back(TRY(row.id<base::UserId>(0)));
                       return {};
                     }));
    for (const base::UserId& user : users) {
      const auto permit =
          TRY(core->gate->ask(gate::Actor::person, base::owner_of(user), *category, *purpose));
      const auto record = TRY(core->vault->get(reader, permit, {"attestation", {}, {}}));
      ++found.users;
      found.at = TRY(record.fields.time("adult_professional_at"));
      const base::Bytes version = TRY(record.fields.bytes("notice_version"));
      found.version = base::text(version);
      const base::Bytes terms = TRY(record.fields.bytes("terms_version"));
      found.terms = base::text(terms);
    }
    return {};
  }));
  return found;
}

TEST(AGES_1, ThatSheSaidSoIsRecordedWithItsTimeTheNoticeAndTheTerms) {
  // Other numbers than each other's, so that neither is taken for the other.
  Served server({.notice = notice_with("terms:\n  version: 1\n", "terms:\n  version: 4\n")});
  const auto before = server.now();
  Browser kari = server.browser();
  const Person person{"Kari Nordmann", "kari@example.com"};
  ASSERT_EQ(kari.json("POST", "/v1/signup",
                      json_object({{"legal_name", person.name},
                                   {"email", person.email},
                                   {"password", person.password},
                                   {"adult_professional", "true"},
                                   {"terms", "4"},
                                   {"notice", "1"}}))
                .status,
            202);
  ASSERT_EQ(Served::verify(kari, server.next_mail("verify", person.email).token(), person).status,
            200);
  const auto after = server.now();
  server.stop();
  app::ServeOptions options;
  options.data = server.data();
  const auto attested = read_attestation(options);
  ASSERT_TRUE(attested.ok()) << attested.error().chain();
  EXPECT_EQ(attested->users, 1);
  EXPECT_GE(attested->at, before - std::chrono::seconds(1));
  EXPECT_LE(attested->at, after + std::chrono::seconds(1));
  EXPECT_EQ(attested->version, "1");
  EXPECT_EQ(attested->terms, "4");
}

}  // namespace

// DATA-1: what sign-up asks for, and when an account is complete. DATA-3: content in the account.
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;

namespace {

using Members = std::vector<std::pair<std::string_view, std::string_view>>;

const Members kWhole = {{"legal_name", "Kari Nordmann"},
                        {"email", "kari.data@example.com"},
                        {"password", "correct horse battery"},
                        {"adult_professional", "true"},
                        {"terms", "1"},
                        {"notice", "1"}};

Members with(std::string_view name, std::string_view value) {
  Members changed = kWhole;
  for (auto& member : changed)
    if (member.first == name) member.second = value;
  return changed;
}

Members without(std::string_view name) {
  Members changed = kWhole;
  std::erase_if(changed, [&](const auto& member) { return member.first == name; });
  return changed;
}

std::vector<std::string> contents(const Served& server) {
  return files_below(server.data() + "/content");
}

/// Waits for the server's own sweep.
bool emptied(const Served& server) {
  for (int i = 0; i < 500 && !contents(server).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return contents(server).empty();
}

TEST(DATA_1, SignUpRefusesAnythingLess) {
  Browser kari = common().browser();
  const std::vector<std::pair<const char*, Members>> less = {
      {"no name", without("legal_name")},
      {"no address", without("email")},
      {"terms not accepted", without("terms")},
      {"nothing said of the notice", without("notice")},
      {"an empty name", with("legal_name", "")},
      {"a name of blanks", with("legal_name", "   ")},
      {"a name without a letter", with("legal_name", "123")},
      {"a name of two lines", with("legal_name", "Kari\nNordmann")},
      {"no address at all", with("email", "kari")},
      {"an address without a domain", with("email", "kari@")},
      {"two addresses", with("email", "kari.data@example.com,ola@example.com")},
      {"an address with a header in it", with("email", "kari.data@example.com\r\nBcc: a@b.c")}};
  for (const auto& [what, members] : less) {
    const Reply reply = kari.json("POST", "/v1/signup", json_object(members));
    EXPECT_EQ(reply.status, 400) << what;
    EXPECT_EQ(reply.problem(), "/problems/invalid") << what;
  }
  // All of the above differ from this one in the named thing alone.
  EXPECT_EQ(kari.json("POST", "/v1/signup", json_object(kWhole)).status, 202);
  common().next_mail("verify", "kari.data@example.com");
  // Mails go in the order in which they were asked for: there was none before.
  EXPECT_FALSE(common().mail_comes("verify", "kari.data@example.com", {}));
}

TEST(DATA_1, TheTermsAreAcceptedInTheVersionThatIsInForce) {
  Browser kari = common().browser();
  const std::string in_force = kari.get("/notice.json").at("/terms/version");
  std::string email = "a.terms@example.com";  // each its own: an address has five tries
  for (const char* other : {"", "0", "2", "1 ", "one"}) {
    ++email.front();
    Members members = with("terms", other);
    members.at(1).second = email;
    const Reply reply = kari.json("POST", "/v1/signup", json_object(members));
    EXPECT_EQ(reply.status, 409) << other;
    EXPECT_EQ(reply.problem(), "/problems/conflict") << other;
    EXPECT_EQ(kari.form("/signup", std::string("legal_name=Kari+Nordmann&email=kari%40example.com"
                                               "&password=correct+horse+battery"
                                               "&adult_professional=yes&notice=1&terms=") +
                                       other)
                  .status,
              400)
        << other;
  }
  // They can be read by anybody, and hold what a processor owes its customer.
  const Reply terms = kari.get("/terms");
  EXPECT_EQ(terms.status, 200);
  EXPECT_TRUE(terms.says("Version " + in_force));
  EXPECT_TRUE(terms.says("id=\"data-processing\""));
  EXPECT_TRUE(kari.get("/signup").says("href=\"/terms#data-processing\""));
}

TEST(DATA_1, TheNoticeIsTheOneThatWasShown) {
  Served server({.notice = notice_with("\nversion: 1\n", "\nversion: 7\n")});
  Browser kari = server.browser();
  // The form says which it shows; one that was opened before another came into force says the old.
  EXPECT_TRUE(kari.get("/signup").says(R"(<input type="hidden" name="notice" value="7">)"));
  const std::string fields =
      "legal_name=Kari+Nordmann&email=kari%40example.com&password=correct+horse+battery"
      "&adult_professional=yes&terms=1";
  for (const char* other : {"", "&notice=", "&notice=1", "&notice=8"}) {
    const Reply reply = kari.form("/signup", fields + other);
    EXPECT_EQ(reply.status, 400) << other;
    EXPECT_TRUE(reply.says("The notice has changed")) << other;
  }
  for (const char* other : {"", "1", "8"}) {
    const Reply reply = kari.json("POST", "/v1/signup", json_object(with("notice", other)));
    EXPECT_EQ(reply.status, 409) << other;
    EXPECT_NE(reply.at("/detail").find("notice"), std::string::npos) << reply.body;
  }
  EXPECT_EQ(kari.form("/signup", fields + "&notice=7").status, 200);
  EXPECT_EQ(kari.json("POST", "/v1/signup", json_object(with("notice", "7"))).status, 202);
  server.next_mail("verify", "kari.data@example.com");
}

TEST(DATA_1, TheFormRefusesTheSame) {
  Browser kari = common().browser();
  const std::string rest =
      "&password=correct+horse+battery&adult_professional=yes&terms=1&notice=1";
  for (const std::string fields :
       {"email=kari.form%40example.com", "legal_name=&email=kari.form%40example.com",
        "legal_name=Kari+Nordmann", "legal_name=Kari+Nordmann&email=kari"})
    EXPECT_EQ(kari.form("/signup", fields + rest).status, 400) << fields;
  EXPECT_EQ(
      kari.form("/signup", "legal_name=Kari+Nordmann&email=kari.form%40example.com" + rest).status,
      200);
  common().next_mail("verify", "kari.form@example.com");
  EXPECT_FALSE(common().mail_comes("verify", "kari.form@example.com", {}));
}

TEST(DATA_1, AnAccountIsNotCompleteBeforeTheMailedLink) {
  const Person kari{"Kari Nordmann", "kari.link@example.com"};
  Browser her = common().browser();
  ASSERT_EQ(Served::sign_up(her, kari).status, 202);
  const std::string token = common().next_mail("verify", kari.email).token();
  ASSERT_FALSE(token.empty());
  EXPECT_EQ(Served::log_in(her, kari).status, 401);
  EXPECT_TRUE(her.cookies().empty());
  EXPECT_EQ(her.get("/v1/account").status, 401);

  EXPECT_EQ(Served::verify(her, token + "x", kari).status, 404);
  EXPECT_EQ(Served::log_in(her, kari).status, 401);
  EXPECT_EQ(Served::verify(her, token, kari).status, 200);
  EXPECT_EQ(Served::log_in(her, kari).status, 200);
  const Reply account = her.get("/v1/account");
  EXPECT_EQ(account.at("/legal_name"), kari.name);
  EXPECT_EQ(account.at("/email"), kari.email);
}

TEST(DATA_1, TheLinkWorksOnceAndRunsOut) {
  Served server;
  const Person kari{"Kari Nordmann", "kari@example.com"}, ola{"Ola Nordmann", "ola@example.com"};
  Browser anybody = server.browser();
  ASSERT_EQ(Served::sign_up(anybody, kari).status, 202);
  ASSERT_EQ(Served::sign_up(anybody, ola).status, 202);
  const std::string hers = server.next_mail("verify", kari.email).token();
  const std::string his = server.next_mail("verify", ola.email).token();
  EXPECT_EQ(Served::verify(anybody, hers, kari).status, 200);
  EXPECT_EQ(Served::verify(anybody, hers, kari).status, 404);
  server.jump(std::chrono::hours(7 * 24 + 1));
  EXPECT_EQ(Served::verify(anybody, his, ola).status, 404);
  EXPECT_EQ(Served::log_in(anybody, ola).status, 401);
}

TEST(DATA_3, ContentIsSealedUnderTheAccountAndGoesWithIt) {
  Served server;
  const Person kari{"Kari Nordmann", "kari@example.com"}, ola{"Ola Nordmann", "ola@example.com"};
  Browser her = server.account(kari), his = server.account(ola);
  const std::string letter = "Dear Ola, the lease of Storgata 17 ends in March. " +
                             std::string(100'000, 'x') + " Yours, Kari";
  ASSERT_EQ(her.request("PUT", "/v1/files/Letters/lease.txt", letter).status, 201);
  EXPECT_EQ(her.get("/v1/files/Letters/lease.txt").body, letter);

  // On disk there is a file of that size, and nothing in it can be read.
  ASSERT_EQ(contents(server).size(), 1U);
  const std::string sealed = read_file(contents(server)[0]);
  EXPECT_GE(sealed.size(), letter.size());
  EXPECT_EQ(sealed.find("Storgata"), std::string::npos);
  EXPECT_EQ(sealed.find("xxxxxxxx"), std::string::npos);

  // The same bytes of another account are other bytes on disk: each has a key of its own.
  ASSERT_EQ(his.request("PUT", "/v1/files/Letters/lease.txt", letter).status, 201);
  ASSERT_EQ(contents(server).size(), 2U);
  const std::string one = read_file(contents(server)[0]), other = read_file(contents(server)[1]);
  EXPECT_NE(one.substr(one.size() / 2, 64), other.substr(other.size() / 2, 64));
  ASSERT_EQ(Served::cancel(his, ola).status, 200);

  EXPECT_EQ(her.get("/v1/files/Letters/lease.txt").body, letter);
  EXPECT_EQ(Served::cancel(her, kari).status, 200);
  EXPECT_EQ(her.get("/v1/files/Letters/lease.txt").status, 401);
  EXPECT_TRUE(emptied(server));
}

TEST(DATA_3, SwappedContentIsNotGivenToAnotherAccount) {
  Served server;
  Browser her = server.account({"Kari Nordmann", "kari@example.com"});
  ASSERT_EQ(her.request("PUT", "/v1/files/a.txt", "Dear Ola").status, 201);
  const std::string hers = contents(server).at(0);
  Browser his = server.account({"Ola Nordmann", "ola@example.com"});
  ASSERT_EQ(his.request("PUT", "/v1/files/a.txt", "Dear Liv").status, 201);
  std::string path;
  for (const std::string& each : contents(server))
    if (each != hers) path = each;
  write_file(path, read_file(hers));
  const Reply reply = his.get("/v1/files/a.txt");
  EXPECT_NE(reply.status, 200);
  EXPECT_FALSE(reply.says("Dear Ola"));
}

TEST(DATA_3, WhatIsReplacedOrDeletedLeavesTheDisk) {
  Served server;
  Browser her = server.account({"Kari Nordmann", "kari@example.com"});
  ASSERT_EQ(her.request("PUT", "/v1/files/Letters/a.txt", "one").status, 201);
  const std::string first = contents(server).at(0);
  ASSERT_EQ(her.request("PUT", "/v1/files/Letters/a.txt", "two").status, 200);
  // It is an earlier version first, and in the trash, until she removes it there or it is over.
  const std::string versions = "/v1/versions/Letters/a.txt";
  const std::string older = her.get(versions).at("/versions/0/version");
  EXPECT_TRUE(exists(first));
  ASSERT_EQ(her.request("DELETE", versions + "?version=" + older).status, 204);
  for (int i = 0; i < 500 && exists(first); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(exists(first));
  ASSERT_EQ(her.request("DELETE", "/v1/files/Letters").status, 204);
  EXPECT_EQ(contents(server).size(), 1U);
  ASSERT_EQ(her.request("DELETE", "/v1/trash").status, 204);
  EXPECT_TRUE(emptied(server));
}

TEST(DATA_3, TheOperatorIsProcessorForItAndControllerForTheRest) {
  Browser anybody = common().browser();
  const Reply notice = anybody.get("/notice.json");
  EXPECT_EQ(notice.at("/categories/workspace_content/role"), "processor");
  EXPECT_EQ(notice.at("/categories/identity/role"), "controller");
  // A processor has instructions, and no basis of its own; a notice that claims otherwise is
  // refused.
  EXPECT_EQ(notice.at("/categories/workspace_content/basis"), R"(["instructions"])");
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  write_file(file, notice_with("role: processor\n  mail:", "role: controller\n  mail:"));
  const Outcome outcome = run(
      {"serve", "--data", directory.path() + "/data", "--listen", "127.0.0.1:0", "--notice", file});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("`workspace_content`"), std::string::npos) << outcome.err;
}

}  // namespace

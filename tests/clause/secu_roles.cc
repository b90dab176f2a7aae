// SECU-1: what somebody may do follows from her role in the account, and from nothing else. One
// walk over all routes for everybody who may come: nobody, somebody who has not proved her address,
// each role, whoever was taken out, whoever is restricted, whoever is erased.
#include <gtest/gtest.h>

#include "app/core.h"
#include "notice/notice.h"
#include "tests/clause/routes.h"
#include "tests/support/members.h"

using namespace support;

namespace {

using clause::kRoutes;
using clause::Least;
using clause::Restricted;
using clause::Route;
using clause::Who;

/// Empty where nobody is logged in.
std::string account_of(Browser& browser) {
  const Reply account = browser.get("/v1/account");
  return account.status == 200 ? account.at("/account") : std::string();
}

/// With a body that little is done by: what lets somebody in mostly answers that it is not enough.
Reply ask(Browser& browser, const Route& route) {
  const std::string pattern = route.pattern;
  // What looks at its form before it looks at files.
  if (pattern == "/files/delete")
    return browser.form(
        pattern, "account=" + account_of(browser) + "&path=Letters%2Fnone.txt&folder=Letters");
  if (pattern == "/files/upload")
    return browser.request("POST", pattern,
                           "--x\r\nContent-Disposition: form-data; name=\"account\"\r\n\r\n" +
                               account_of(browser) +
                               "\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; "
                               "filename=\"b.txt\"\r\n\r\nDear Ola\r\n--x--\r\n",
                           {{"Content-Type", "multipart/form-data; boundary=x"}});
  return browser.request(route.method, route.example, "{}", {{"Content-Type", "application/json"}});
}

/// What an answer says of whoever asked: that she is nobody here, that she may not, or neither.
enum class Answer { who_are_you, denied, let_in };
Answer answer_of(const Route& route, const Reply& reply) {
  if (reply.status == 401) return Answer::who_are_you;
  if (reply.status == 303 && reply.header("location").starts_with("/login"))
    return Answer::who_are_you;
  const bool bare = std::string(route.method) == "HEAD";
  if (reply.status == 403 && (bare || reply.problem() == "/problems/denied")) return Answer::denied;
  // The page of files shows what is wrong with an upload itself.
  if (reply.status == 403 && std::string(route.pattern) == "/files/upload") return Answer::denied;
  return Answer::let_in;
}
const char* name_of(Answer answer) {
  if (answer == Answer::who_are_you) return "is asked who she is";
  return answer == Answer::denied ? "is denied" : "is let in";
}

bool ends_session(const Route& route) {
  return std::string(route.pattern) == "/v1/logout" || std::string(route.pattern) == "/logout";
}

/// Walks all routes that are not for anybody, those that end the session last.
template <class Expected>
void walk(const std::string& who, Browser& browser, const Expected& expected) {
  for (const bool last : {false, true})
    for (const Route& route : kRoutes) {
      if (route.who == Who::anybody || ends_session(route) != last) continue;
      const Reply reply = ask(browser, route);
      ASSERT_GT(reply.status, 0);
      EXPECT_LT(reply.status, 500) << route.method << " " << route.example;
      const Answer got = answer_of(route, reply), wanted = expected(route);
      EXPECT_EQ(got, wanted) << who << " " << name_of(got) << " and not " << name_of(wanted) << ": "
                             << route.method << " " << route.example << " " << reply.status << " "
                             << reply.body;
    }
}

Answer nobody(const Route&) { return Answer::who_are_you; }

TEST(SECU_1, WhatSomebodyMayFollowsFromHerRole) {
  Served server;
  Browser owner = server.account({"Olga Owner", "olga@example.com"});
  for (const auto& [role, least] :
       {std::pair{"reader", Least::reader}, std::pair{"member", Least::member},
        std::pair{"admin", Least::admin}}) {
    Browser her = joined(server, owner, {"Somebody", std::string(role) + "@example.com"}, role);
    walk(role, her, [&](const Route& route) {
      return route.least <= least ? Answer::let_in : Answer::denied;
    });
  }
  walk("owner", owner, [](const Route&) { return Answer::let_in; });
}

TEST(SECU_1, WhoeverIsNobodyInTheAccountIsRefusedEverywhere) {
  Served server;
  Browser anonymous = server.browser();
  walk("anonymous", anonymous, nobody);

  Browser unverified = server.browser();
  const Person una{"Una Proven", "una@example.com"};
  ASSERT_EQ(Served::sign_up(unverified, una).status, 202);
  ASSERT_EQ(Served::log_in(unverified, una).status, 401);
  walk("unverified", unverified, nobody);

  Browser owner = server.account({"Olga Owner", "olga@example.com"});
  Browser removed = joined(server, owner, {"Rune Removed", "rune@example.com"}, "admin");
  const std::string id = removed.get("/v1/members").at("/members/1/id");
  ASSERT_EQ(owner.request("DELETE", "/v1/members/" + id).status, 204);
  walk("removed", removed, nobody);

  Browser member = joined(server, owner, {"Mona Member", "mona@example.com"}, "member");
  ASSERT_EQ(Served::cancel(owner, {"Olga Owner", "olga@example.com"}).status, 200);
  walk("erased owner", owner, nobody);
  walk("erased member", member, nobody);
}

TEST(SECU_1, AStrangerReachesNobodyOfAnotherAccount) {
  Served server;
  Browser owner = server.account({"Olga Owner", "olga@example.com"});
  Browser reader = joined(server, owner, {"Rune Reader", "rune@example.com"}, "reader");
  const std::string invitation =
      owner.json("POST", "/v1/invitations", R"({"email":"x@example.com","role":"member"})")
          .at("/id");
  const std::string account = owner.get("/v1/account").at("/account");
  const std::string member = owner.get("/v1/members").at("/members/1/id");
  Browser stranger = server.account({"Stig Stranger", "stig@example.com"});
  EXPECT_EQ(stranger.json("PUT", "/v1/members/" + member, R"({"role":"admin"})").status, 404);
  EXPECT_EQ(stranger.request("DELETE", "/v1/members/" + member).status, 404);
  EXPECT_EQ(stranger.request("DELETE", "/v1/invitations/" + invitation).status, 404);
  EXPECT_EQ(stranger.json("POST", "/v1/account/hand-over", R"({"to":")" + member + "\"}").status,
            404);
  for (const char* path : {"/v1/account/switch", "/v1/members/leave"})
    EXPECT_GE(stranger.json("POST", path, R"({"account":")" + account + "\"}").status, 404) << path;
  EXPECT_EQ(stranger.form("/account/switch", "account=" + account).status, 404);
  EXPECT_EQ(stranger.form("/account/leave", "account=" + account).status, 409);
  for (const char* page : {"/account/leave", "/account/switch", "/v1/members", "/v1/memberships"})
    for (const char* secret : {"Olga", "Rune", "rune@example.com", "x@example.com"})
      EXPECT_FALSE(stranger.get(page).says(secret)) << page << " " << secret;
  EXPECT_EQ(owner.get("/v1/members").keys("/members").size(), 2U);
  EXPECT_EQ(owner.get("/v1/invitations").keys("/invitations").size(), 1U);
}

/// As the program restricts somebody, while it does not serve.
base::Result<void> restrict_all(const app::ServeOptions& options) {
  const auto checked =
      notice::check(std::string(notice::default_file), std::string(notice::default_text()));
  const auto core = TRY(app::Core::open(options, *checked.document));
  std::vector<base::OwnerId> owners;
  TRY(core->store->read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query("SELECT account, user FROM accounts_member", {},
                        [&](const store::Row& row) -> base::Result<void> {
                          owners.push_back(TRY(row.id<base::OwnerId>(0)));
                          owners.push_back(TRY(row.id<base::OwnerId>(1)));
                          return {};
                        });
  }));
  vault::StandingChange change;
  change.restriction = vault::Restriction::on;
  for (const base::OwnerId& owner : owners)
    TRY(core->store->write([&](store::Tx& tx) -> base::Result<void> {
      TRY(core->vault->change_standing(tx, owner, change, {"standing", "{}"}));
      return {};
    }));
  return {};
}

TEST(SECU_1, WhileRestrictedOnlyWhatIsHersToDoGoesOn) {
  Served server;
  Browser owner = server.account({"Olga Owner", "olga@example.com"});
  ASSERT_EQ(owner.request("PUT", "/v1/files/Letters/a.txt", "Dear Ola").status, 201);
  server.stop();
  app::ServeOptions options;
  options.data = server.data();
  const auto done = restrict_all(options);
  ASSERT_TRUE(done.ok()) << done.error().chain();
  server.start();
  walk("restricted", owner, [](const Route& route) {
    return route.restricted == Restricted::goes_on ? Answer::let_in : Answer::denied;
  });
}

}  // namespace

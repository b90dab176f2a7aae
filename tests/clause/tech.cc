// TECH-1: nothing is put on a device that the notice does not declare. TECH-2: what is necessary
// says why, and follows nobody. Walked over every page and call; a browser's own view is in
// tests/browser.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;

namespace {

struct Answer {
  std::string what;
  Reply reply;
};

/// Every path that anybody may open, and what each page refers to.
std::vector<Answer> walk(Browser& person) {
  std::vector<std::string> paths = {"/",
                                    "/notice",
                                    "/notice.json",
                                    "/signup",
                                    "/verify",
                                    "/login",
                                    "/login?note=confirmed",
                                    "/login?note=out",
                                    "/account",
                                    "/cancel",
                                    "/account/leave",
                                    "/account/switch",
                                    "/files",
                                    "/files/",
                                    "/files/none",
                                    "/receipt",
                                    "/app",
                                    "/app/files/none",
                                    "/healthz",
                                    "/readyz",
                                    "/log/checkpoint",
                                    "/log/key",
                                    "/log/keys",
                                    "/log/tile/0/000",
                                    "/v1/openapi.json",
                                    "/v1/account",
                                    "/v1/files/",
                                    "/v1/files/none",
                                    "/nowhere",
                                    "/problems/missing",
                                    "/problems/none",
                                    "/assets/none",
                                    "/.well-known/gpc.json",
                                    "/.well-known/security.txt",
                                    "/.well-known/change-password",
                                    "/favicon.ico"};
  std::vector<Answer> answers;
  std::set<std::string> seen(paths.begin(), paths.end());
  static const std::regex local("(?:href|src|action)=\"(/[^\"#?]*)");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const Reply reply = person.get(paths[i], {{"Accept", "text/html,*/*;q=0.8"}});
    EXPECT_NE(reply.status, 0) << paths[i];
    answers.push_back({paths[i], reply});
    if (!reply.header("content-type").starts_with("text/html")) continue;
    const std::string& body = answers.back().reply.body;
    for (std::sregex_iterator at(body.begin(), body.end(), local), end; at != end; ++at)
      if (const std::string path = (*at)[1]; seen.insert(path).second) paths.push_back(path);
  }
  return answers;
}

/// Every call that changes something, of a whole life; the last one cancels.
std::vector<Answer> live(Served& server, Browser& her, const Person& kari) {
  std::vector<Answer> answers;
  const auto note = [&](const char* what, Reply reply) {
    EXPECT_NE(reply.status, 0) << what;
    answers.push_back({what, std::move(reply)});
  };
  note("refused sign-up", her.json("POST", "/v1/signup", "{}"));
  note("refused form", her.form("/signup", "legal_name=Kari"));
  note("sign-up", Served::sign_up(her, kari));
  note("wrong code", Served::verify(her, "x", kari));
  note("verify", Served::verify(her, server.next_mail("verify", kari.email).token(), kari));
  note("wrong login", Served::log_in(her, {kari.name, kari.email, "wrong horse battery"}));
  note("login", Served::log_in(her, kari));
  note("put", her.request("PUT", "/v1/files/Letters/a.txt", "Dear Ola"));
  note("get", her.get("/v1/files/Letters/a.txt"));
  note("range", her.get("/v1/files/Letters/a.txt", {{"Range", "bytes=0-1"}}));
  note("folder page", her.get("/files/Letters"));
  const std::string account = "account=" + her.get("/v1/account").at("/account");
  note("delete", her.form("/files/delete", account + "&path=Letters%2Fa.txt&folder=Letters"));
  note("account page", her.get("/account"));
  note("cancel page", her.get("/cancel"));
  note("logout", her.form("/logout", ""));
  note("login by form", her.form("/login", "email=" + percent_encoded(kari.email) +
                                               "&password=correct+horse+battery"));
  note("wrong cancel", her.form("/cancel", account + "&password=wrong+horse+battery"));
  note("foreign", her.request("POST", "/v1/logout", "", {{"Origin", "https://elsewhere.example"}}));
  note("cancel", her.form("/cancel", account + "&password=correct+horse+battery"));
  return answers;
}

/// Name and lifetime of the cookies that the notice declares and has switched on.
std::vector<std::pair<std::string, std::string>> declared_cookies(const Reply& notice) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const std::string& id : notice.keys("/technologies")) {
    const std::string technology = "/technologies/" + id;
    if (notice.at(technology + "/enabled") != "true") continue;
    for (const std::string& at : notice.keys(technology + "/keeps")) {
      const std::string kept = technology + "/keeps/" + at;
      EXPECT_EQ(notice.at(kept + "/storage"), "cookie") << id;
      found.emplace_back(notice.at(kept + "/name"), notice.at(kept + "/lifetime"));
    }
  }
  return found;
}

/// `__Host-session=value; Path=/; ...` as the name, and the set of attributes without spaces.
struct SetCookie {
  std::string name, value;
  std::set<std::string> attributes;
};
SetCookie parsed(const std::string& line) {
  SetCookie cookie;
  std::istringstream parts(line);
  std::string part;
  std::getline(parts, part, ';');
  cookie.name = part.substr(0, part.find('='));
  cookie.value = part.substr(part.find('=') + 1);
  while (std::getline(parts, part, ';')) cookie.attributes.insert(part.substr(part.find(' ') + 1));
  return cookie;
}

TEST(TECH_1, TheOnlyCookieIsTheDeclaredOneAsDeclared) {
  Served& server = common();
  const Person kari{"Kari Nordmann", "kari.cookie@example.com"};
  Browser her = server.browser();
  const auto declared = declared_cookies(her.get("/notice.json"));
  const std::vector<std::pair<std::string, std::string>> both = {
      {"__Host-device", "180 days"}, {"__Host-session", "30 days"}, {"__Host-link", "12 hours"}};
  ASSERT_EQ(declared, both);
  const auto lifetime = [&](const std::string& name) {
    const int days = name == "__Host-session" ? 30 : 180;
    return "Max-Age=" + std::to_string(days * 24 * 3600);
  };

  int set = 0, ended = 0;
  for (const Answer& answer : live(server, her, kari)) {
    for (const std::string& line : answer.reply.all("set-cookie")) {
      const SetCookie cookie = parsed(line);
      EXPECT_TRUE(cookie.name == both[0].first || cookie.name == both[1].first) << answer.what;
      const bool over = cookie.value.empty();
      EXPECT_EQ(cookie.attributes,
                (std::set<std::string>{"Path=/", "Secure", "HttpOnly", "SameSite=Lax",
                                       over ? "Max-Age=0" : lifetime(cookie.name)}))
          << line;
      EXPECT_EQ(answer.what.starts_with("login"), !over) << answer.what;
      ++(over ? ended : set);
    }
  }
  EXPECT_EQ(set, 4);    // two at each login
  EXPECT_EQ(ended, 3);  // one at the logout, both when she cancels
  EXPECT_TRUE(her.cookies().empty());
}

TEST(TECH_1, WhoeverOpensALinkGetsItsCookieWhenSheHasGivenThePassword) {
  Browser her = common().account({"Kari Nordmann", "kari.link@example.com"});
  ASSERT_EQ(her.request("PUT", "/v1/files/a.txt", "hers").status, 201);
  const Reply made =
      her.json("POST", "/v1/shares", R"({"path":"a.txt","password":"trawlers and more"})");
  ASSERT_EQ(made.status, 201);
  const std::string link = "/v1/links/" + made.at("/token");
  Browser anybody = common().browser();
  EXPECT_TRUE(anybody.get("/s/" + made.at("/token")).all("set-cookie").empty());
  EXPECT_TRUE(anybody.get(link).all("set-cookie").empty());
  const char* wrong = R"({"password":"trawlers and less"})";
  EXPECT_TRUE(anybody.json("POST", link + "/open", wrong).all("set-cookie").empty());
  const auto set =
      anybody.json("POST", link + "/open", R"({"password":"trawlers and more"})").all("set-cookie");
  ASSERT_EQ(set.size(), 1U);
  const SetCookie cookie = parsed(set[0]);
  EXPECT_EQ(cookie.name, "__Host-link");
  EXPECT_EQ(cookie.attributes, (std::set<std::string>{"Path=/", "Secure", "HttpOnly",
                                                      "SameSite=Lax", "Max-Age=43200"}));
}

TEST(TECH_1, LookingAroundSetsNothing) {
  Browser anybody = common().browser();
  const auto answers = walk(anybody);
  EXPECT_GE(answers.size(), 35U);
  for (const Answer& answer : answers)
    EXPECT_TRUE(answer.reply.all("set-cookie").empty()) << answer.what;
  EXPECT_TRUE(anybody.cookies().empty());

  // Neither does it for somebody who is logged in, and no page sets anything by itself.
  Browser her = common().account({"Kari Nordmann", "kari.tech1@example.com"});
  for (const Answer& answer : walk(her)) {
    EXPECT_TRUE(answer.reply.all("set-cookie").empty()) << answer.what;
    for (const char* way :
         {"document.cookie", "localStorage", "sessionStorage", "indexedDB", "cookieStore",
          "sendBeacon", "serviceWorker", "caches.open", "http-equiv=\"set-cookie\""})
      EXPECT_FALSE(answer.reply.says(way)) << answer.what << " " << way;
  }
}

TEST(TECH_1, NothingComesFromAnotherHost) {
  Browser her = common().account({"Kari Nordmann", "kari.tech2@example.com"});
  // What a browser fetches by itself. Links that a person follows may lead elsewhere.
  static const std::regex fetched(
      "(?:<(?:script|img|iframe|embed|source|video|audio|track|input)\\b[^>]*\\b(?:src|srcset|"
      "poster)"
      "|<link\\b[^>]*\\bhref|<object\\b[^>]*\\bdata|<form\\b[^>]*\\baction|url\\(|@import)"
      "\\s*=?\\s*[\"']?((?:https?:)?//[^\"')\\s>]+)");
  ASSERT_TRUE(
      std::regex_search(std::string("<link rel=icon href=\"https://a.example/i\">"), fetched));
  ASSERT_TRUE(std::regex_search(std::string("a { background: url(//a.example/i) }"), fetched));
  const auto answers = walk(her);
  int sheets = 0, scripts = 0;
  for (const Answer& answer : answers) {
    std::smatch found;
    EXPECT_FALSE(std::regex_search(answer.reply.body, found, fetched))
        << answer.what << ": " << found.str();
    for (const char* header : {"link", "report-to", "reporting-endpoints", "nel", "refresh"})
      EXPECT_TRUE(answer.reply.all(header).empty()) << answer.what << " " << header;
    const std::string type = answer.reply.header("content-type");
    sheets += type.starts_with("text/css") ? 1 : 0;
    scripts += type.find("javascript") != std::string::npos ? 1 : 0;
  }
  EXPECT_GE(sheets, 1) << "the walk did not reach what pages are made of";
  EXPECT_GE(scripts, 1);

  // And the browser is told so: sources are ourselves or nothing.
  for (const Answer& answer : answers) {
    const auto policies = answer.reply.all("content-security-policy");
    ASSERT_EQ(policies.size(), 1U) << answer.what;
    std::istringstream words(policies[0]);
    std::string word;
    while (words >> word) {
      if (word.ends_with(';')) word.pop_back();
      EXPECT_TRUE(word.ends_with("-src") || word == "form-action" || word == "frame-ancestors" ||
                  word == "base-uri" || word == "sandbox" || word == "'none'" || word == "'self'" ||
                  word == "data:" || word == "blob:")
          << answer.what << ": " << word;
    }
    EXPECT_TRUE(policies[0].find("default-src 'none'") != std::string::npos) << answer.what;
  }
}

TEST(TECH_1, WhatHasNoNameOrLifetimeIsNotDeclared) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  for (const char* line : {"      - name: __Host-session\n        storage: cookie\n",
                           "        storage: cookie\n        lifetime: 30 days\n"}) {
    const std::string text(line);
    const auto second = text.find('\n') + 1;
    write_file(file, notice_with(text, line[6] == '-' ? "      - storage: cookie\n"
                                                      : text.substr(0, second)));
    const Outcome outcome = run({"serve", "--data", directory.path() + "/data", "--listen",
                                 "127.0.0.1:0", "--notice", file});
    EXPECT_EQ(outcome.code, 1) << line;
  }
}

TEST(TECH_2, WhatIsNecessarySaysWhyAndWhenThatWasLookedAt) {
  Browser anybody = common().browser();
  const Reply notice = anybody.get("/notice.json"), page = anybody.get("/notice");
  int necessary = 0;
  static const std::regex date("20[0-9][0-9]-[01][0-9]-[0-3][0-9]");
  for (const std::string& id : notice.keys("/technologies")) {
    const std::string technology = "/technologies/" + id;
    if (notice.at(technology + "/class") != "necessary") continue;
    ++necessary;
    EXPECT_FALSE(notice.at(technology + "/because/en").empty()) << id;
    EXPECT_TRUE(page.says(notice.at(technology + "/because/en").substr(0, 40))) << id;
    EXPECT_TRUE(std::regex_match(notice.at(technology + "/reviewed"), date)) << id;
  }
  EXPECT_GE(necessary, 2);
}

TEST(TECH_2, WithoutItsReasonOrReviewTheNoticeIsRefused) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/notice.yaml";
  const auto refused = [&](const std::string& notice, const std::string& why) {
    write_file(file, notice);
    const Outcome outcome = run({"serve", "--data", directory.path() + "/data", "--listen",
                                 "127.0.0.1:0", "--notice", file});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.err.find(why), std::string::npos) << outcome.err;
  };
  refused(
      notice_with("    because:\n      en: Signing in is what you asked for. Without this cookie "
                  "every page would ask for your password again.\n",
                  ""),
      "necessary technology `session`");
  refused(notice_with("every page would ask for your password again.\n    reviewed: 2026-11-23\n",
                      "every page would ask for your password again.\n"),
          "necessary technology `session` has no date of review");
}

TEST(TECH_2, TheCookieFollowsNobody) {
  const Person kari{"Kari Nordmann", "kari.tech3@example.com"};
  Browser first = common().account(kari), second = common().browser();
  ASSERT_EQ(Served::log_in(second, kari).status, 200);
  ASSERT_EQ(first.cookies().size(), 2U);
  ASSERT_EQ(second.cookies().size(), 2U);
  const std::string one = first.cookies()[0].value, other = second.cookies()[0].value;
  EXPECT_NE(first.cookies()[1].value, second.cookies()[1].value);
  // 256 random bits, new at each login: two logins of one person have nothing in common.
  EXPECT_NE(one, other);
  EXPECT_EQ(one.size(), 43U);
  EXPECT_NE(one.substr(0, 8), other.substr(0, 8));
  // It is never sent with what another site asks for: a Lax, first-party cookie for this host alone
  // (see TECH_1), and no page of ours shows it.
  for (const char* path : {"/", "/files", "/account", "/notice"})
    EXPECT_FALSE(first.get(path).says(one)) << path;
}

TEST(TECH_2, TheSessionEndsWhenItsCookieDoes) {
  Served server;
  Browser her = server.account({"Kari Nordmann", "kari@example.com"});
  server.jump(std::chrono::hours(28 * 24));
  const Reply used = her.get("/v1/account");
  EXPECT_EQ(used.status, 200);
  // On each day of use both begin again, and once.
  ASSERT_EQ(used.all("set-cookie").size(), 1U);
  EXPECT_NE(used.all("set-cookie")[0].find("Max-Age=2592000"), std::string::npos);
  EXPECT_TRUE(her.get("/v1/account").all("set-cookie").empty());
  server.jump(std::chrono::hours(28 * 24));
  EXPECT_EQ(her.get("/v1/account").status, 200);
  server.jump(std::chrono::hours(30 * 24));
  EXPECT_EQ(her.get("/v1/account").status, 401);
}

}  // namespace

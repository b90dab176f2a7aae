// SECU-1: nobody gets in unless a rule lets them. SECU-3: the system is watched, and not people.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "tests/clause/routes.h"
#include "tests/support/canaries.h"
#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;

namespace {

using clause::kRoutes;
using clause::Route;
using clause::Who;

/// Those of the control socket, which whoever runs the server opens, and nobody else.
constexpr std::array kControl = {"/v1/accounts", "/v1/accounts/{id}", "/v1/accounts/{id}/plan",
                                 "/v1/imports", "/v1/imports/invitations"};

bool known(const std::string& method, const std::string& pattern) {
  return std::any_of(kRoutes.begin(), kRoutes.end(), [&](const Route& route) {
    return route.pattern == pattern && (method.empty() || route.method == method);
  });
}

/// The routes that the sources add: method (empty where it is computed) and pattern.
std::vector<std::pair<std::string, std::string>> added() {
  static const std::regex call(R"re(\b(?:add|add_hers|add_call|add_file_call)\()re"
                               R"re(\s*(?:router,\s*parts,\s*)?)re"
                               R"re((?:(?:http::)?([A-Za-z:]+),\s*)?"(/[^"]*)")re");
  const std::map<std::string, std::string> methods = {{"Method::get", "GET"},
                                                      {"Method::post", "POST"},
                                                      {"Method::del", "DELETE"},
                                                      {"Method::put", "PUT"}};
  std::vector<std::pair<std::string, std::string>> found;
  for (const char* module : {"src/api", "src/site", "src/app"})
    for (const std::string& file : files_below(module)) {
      const std::string text = read_file(file);
      for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at) {
        const auto method = methods.find((*at)[1]);
        found.emplace_back(method == methods.end() ? "" : method->second, (*at)[2]);
      }
    }
  return found;
}

const char* kType = "application/json";
const std::string kPassword = R"({"password":"correct horse battery"})";

Reply ask(Browser& browser, const Route& route, Headers headers = {}) {
  headers.push_back({"Content-Type", kType});
  return browser.request(route.method, route.example, kPassword, headers);
}

/// Whether the answer is the refusal that the route has for strangers.
testing::AssertionResult refused(const Route& route, const Reply& reply) {
  const bool page = route.who == Who::by_page;
  const bool right = page ? reply.status == 303 && reply.header("location").starts_with("/login")
                          : reply.status == 401;
  const bool sets = !reply.all("set-cookie").empty();
  if (right && !sets) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << route.method << " " << route.example << ": " << reply.status << " " << reply.body;
}

TEST(SECU_1, EveryRouteSaysWhoMayUseIt) {
  const auto routes = added();
  EXPECT_GE(routes.size(), 120U) << "the sources were not found, or add routes in another way";
  for (const auto& [method, pattern] : routes) {
    if (pattern == "/metrics") continue;  // on an address of its own
    if (std::ranges::find(kControl, pattern) != kControl.end()) {
      EXPECT_EQ(common().browser().request(method, pattern).status, 404) << pattern;
      continue;
    }
    EXPECT_TRUE(known(method, pattern)) << method << " " << pattern << " is not in the table";
  }
  // What the interface's own description says of sessions is the same.
  Browser anybody = common().browser();
  const Reply described = anybody.get("/v1/openapi.json");
  for (const Route& route : kRoutes) {
    std::string path = replaced(route.pattern, "...", "", Times::any);
    path = replaced(path, "tile/{path}", "tile/{tile}", Times::any);
    path = replaced(replaced(path, "~", "~0", Times::any), "/", "~1", Times::any);
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    const std::string at = "/paths/" + path + "/" + method;
    if (described.at(at).empty()) continue;
    EXPECT_EQ(!described.keys(at + "/security").empty(), route.who == Who::person) << path;
  }
}

TEST(SECU_1, WithoutASessionTheRestIsRefused) {
  Served& server = common();
  const Person kari{"Kari Nordmann", "kari.secu@example.com"};
  Browser her = server.account(kari);
  ASSERT_EQ(her.request("PUT", "/v1/files/Letters/a.txt", "Dear Ola").status, 201);
  ASSERT_EQ(her.cookies().size(), 2U);
  const std::string token = her.cookies()[0].value;
  std::string changed = token;
  changed[20] = changed[20] == 'A' ? 'B' : 'A';

  const auto cookie = [](const std::string& value) {
    return Headers{{"Cookie", "__Host-session=" + value}};
  };
  const std::vector<Headers> strangers = {
      {},
      cookie("x"),
      cookie(changed),
      cookie(token + "x"),
      cookie(token.substr(1)),
      cookie("\"" + token + "\"x"),
      {{"Cookie", "session=" + token}},
      {{"Cookie", "__host-session=" + token}},
      {{"Authorization", "Bearer " + token}},
      {{"Authorization", "Basic a2FyaUBleGFtcGxlLmNvbTpjb3JyZWN0IGhvcnNlIGJhdHRlcnk="}},
      {{"X-Forwarded-For", "127.0.0.1"}}};
  for (const Headers& stranger : strangers) {
    Browser nobody = server.browser();
    for (const Route& route : kRoutes) {
      if (route.who == Who::anybody) continue;
      EXPECT_TRUE(refused(route, ask(nobody, route, stranger)))
          << (stranger.empty() ? "nothing" : stranger[0].name + ": " + stranger[0].value);
    }
  }
  // The same requests open it to her: what was refused above was refused for want of a session.
  EXPECT_EQ(her.get("/v1/files/Letters/a.txt").body, "Dear Ola");
  for (const char* page : {"/account", "/cancel", "/files", "/files/Letters"})
    EXPECT_EQ(her.get(page).status, 200) << page;
}

TEST(SECU_1, AnEndedSessionOpensNothing) {
  Browser her = common().account({"Kari Nordmann", "kari.secu1@example.com"});
  const Headers cookie = {{"Cookie", "__Host-session=" + her.cookies().at(0).value}};
  Browser thief = common().browser();
  ASSERT_EQ(thief.get("/v1/account", cookie).status, 200);
  ASSERT_EQ(her.request("POST", "/v1/logout").status, 204);
  for (const Route& route : kRoutes)
    if (route.who != Who::anybody) EXPECT_TRUE(refused(route, ask(thief, route, cookie)));
}

TEST(SECU_1, AnotherAccountsSessionGetsNothing) {
  const Person kari{"Kari Nordmann", "kari.secu2@example.com"};
  Browser her = common().account(kari);
  Browser his = common().account({"Ola Nordmann", "ola.secu2@example.com"});
  ASSERT_EQ(her.request("PUT", "/v1/files/Letters/a.txt", "Dear Ola").status, 201);
  const Reply hers = her.get("/v1/account");
  for (const char* path : {"/v1/files/Letters/a.txt", "/v1/files/Letters/", "/v1/files/Letters"})
    for (const char* method : {"GET", "HEAD", "DELETE"})
      EXPECT_EQ(his.request(method, path).status, 404) << method << " " << path;
  EXPECT_EQ(his.get("/v1/files/").body, R"({"entries":[]})");
  EXPECT_EQ(his.get("/files/Letters").status, 404);
  EXPECT_FALSE(his.get("/files").says("Letters"));
  EXPECT_EQ(his.form("/files/delete", "account=" + his.get("/v1/account").at("/account") +
                                          "&path=Letters%2Fa.txt&folder=")
                .status,
            303);
  for (const char* path : {"/v1/account", "/account", "/cancel", "/", "/files", "/notice"}) {
    const Reply reply = his.get(path);
    for (const std::string& secret : {kari.email, hers.at("/account"), std::string("Kari")})
      EXPECT_FALSE(reply.says(secret)) << path << " " << secret;
  }
  // The id of her file, known from elsewhere, opens nothing either: names lead to what is his.
  const std::string id = her.get("/v1/files/Letters/a.txt").header("etag");
  for (const std::string& path : {"/v1/files/" + percent_encoded(id), "/v1/files/?cursor=" + id})
    EXPECT_FALSE(his.get(path).says("Letters")) << path;
  // She has it all, as before.
  EXPECT_EQ(her.get("/v1/files/Letters/a.txt").body, "Dear Ola");
}

TEST(SECU_1, AnotherSitesRequestChangesNothingInHerName) {
  const Person kari{"Kari Nordmann", "kari.secu3@example.com"};
  Browser her = common().account(kari);
  ASSERT_EQ(her.request("PUT", "/v1/files/Letters/a.txt", "Dear Ola").status, 201);
  for (const std::string& origin :
       {std::string(), std::string("null"), std::string("https://elsewhere.example"),
        common().origin() + ".elsewhere.example"})
    for (const Route& route : kRoutes) {
      const std::string method(route.method);
      if (method == "GET" || method == "HEAD" || method == "OPTIONS") continue;
      const Reply reply = ask(her, route, {{"Origin", origin}});
      EXPECT_EQ(reply.status, 403) << method << " " << route.example << " " << origin;
      EXPECT_EQ(reply.problem(), "/problems/origin") << route.example;
    }
  EXPECT_EQ(her.get("/v1/files/Letters/a.txt").body, "Dear Ola");
}

double metric(const std::string& text, const std::string& name) {
  const auto at = ("\n" + text).find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 1));
}

/// The figures, once they count `requests`: an answer is counted just after it was sent.
std::string figures(Browser& watcher, double requests) {
  std::string text;
  for (int i = 0; i < 500; ++i) {
    text = watcher.get("/metrics").body;
    if (metric(text, "http_requests_total") >= requests) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return text;
}

TEST(SECU_3, HealthReadinessAndFiguresAreThere) {
  Served server({.more = {"--metrics", "127.0.0.1:0"}});
  Browser anybody = server.browser();
  EXPECT_EQ(anybody.get("/healthz").status, 200);
  EXPECT_EQ(anybody.get("/readyz").status, 200);
  EXPECT_EQ(anybody.get("/metrics").status, 404) << "figures have an address of their own";

  static const std::regex line("Metrics +http://localhost:([0-9]+)/metrics");
  std::smatch found;
  const std::string out = server.out();
  ASSERT_TRUE(std::regex_search(out, found, line)) << out;
  Browser watcher("http://127.0.0.1:" + found[1].str());
  const std::string before = figures(watcher, 3);
  ASSERT_EQ(metric(before, "http_requests_total"), 3) << before;
  for (int i = 0; i < 5; ++i) anybody.get("/nowhere");
  const std::string after = figures(watcher, 8);
  EXPECT_EQ(metric(after, "http_requests_total"), 8) << after;
  EXPECT_EQ(metric(after, "http_responses_4xx_total"),
            metric(before, "http_responses_4xx_total") + 5);
  EXPECT_GT(metric(after, "store_log_pages"), 0) << "the start writes, and little";
  EXPECT_EQ(after.find("nowhere"), std::string::npos) << "figures have no paths";
  EXPECT_EQ(after.find('{'), std::string::npos) << "nor labels of any kind";
}

TEST(SECU_3, WithoutBeingAskedForThereAreNoFigures) {
  EXPECT_EQ(common().out().find("etrics"), std::string::npos);
}

TEST(SECU_3, TheLogIsOfEventsAndHoldsNoPersonalData) {
  Served server;
  const Person kari{"Sunniva Kvernmo", "sunniva.kvernmo@example.com", "hestehov i april"};
  Browser her = server.account(kari);
  const std::string session = her.cookies().at(0).value, content = "Dear Ola, about the lease";
  ASSERT_EQ(her.request("PUT", "/v1/files/Husleie/Storgata%2017.txt", content).status, 201);
  her.get("/v1/files/Husleie/Storgata%2017.txt");
  her.get("/files/Husleie?note=uploaded");
  her.get("/v1/files/Gamlebyen-nowhere.txt");
  her.get("/nowhere/sunniva.kvernmo%40example.com");
  Served::log_in(her, {kari.name, kari.email, "wrong hestehov"});
  her.json("POST", "/v1/signup", R"({"legal_name":"Sunniva Kvernmo","email":"sunniva"})");
  const Reply last = her.get("/v1/account");
  const std::string token = server.mails().at(0).token();
  ASSERT_EQ(Served::cancel(her, kari).status, 200);
  server.stop();

  std::istringstream lines(server.log());
  std::string line;
  int events = 0, requests = 0, traced = 0;
  while (std::getline(lines, line)) {
    ++events;
    EXPECT_TRUE(is_json(line)) << line;
    for (const char* member : {"/time", "/level", "/event"})
      EXPECT_FALSE(json_at(line, member).empty()) << line;
    if (json_at(line, "/event") != "request") continue;
    ++requests;
    EXPECT_FALSE(json_at(line, "/method").empty()) << line;
    EXPECT_FALSE(json_at(line, "/status").empty()) << line;
    EXPECT_FALSE(json_at(line, "/duration_us").empty()) << line;
    if (json_at(line, "/id") == last.header("x-request-id")) ++traced;
  }
  EXPECT_GE(requests, 12) << "a line a request";
  EXPECT_GT(events, requests);
  EXPECT_EQ(traced, 1) << "an answer leads to its line";
  const std::vector<std::string> words = {
      kari.name, "Sunniva",     "Kvernmo",   kari.email, kari.password, "wrong hestehov", content,
      "Husleie", "Storgata 17", "Gamlebyen", session,    token,         "127.0.0.1",      "curl/"};
  EXPECT_EQ(canaries_in(server.log(), "log", words), std::vector<std::string>());
  EXPECT_EQ(canaries_in(server.out(), "output", words), std::vector<std::string>());
}

TEST(SECU_4, TheAddressOfALinkGoesNowhere) {
  const Reply page = common().browser().get("/s/none");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("referrer-policy"), "no-referrer");
  EXPECT_EQ(page.header("cache-control"), "no-store");
  EXPECT_EQ(page.header("x-robots-tag"), "noindex, nofollow");
}

}  // namespace

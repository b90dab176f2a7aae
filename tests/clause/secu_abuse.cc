// SECU-1, SECU-4, BASIS-1: whoever tries too often has to wait; nobody is locked out by strangers.
// Many networks speak through a proxy that the server was told to trust.
#include <gtest/gtest.h>

#include <regex>

#include "tests/support/canaries.h"
#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;

namespace {

Served::How behind_a_proxy() {
  return {.more = {"--trusted-proxy", "127.0.0.0/8", "--trusted-proxy", "::1"}};
}

std::string network(int number) {
  return "198." + std::to_string(18 + number / 250) + "." + std::to_string(number % 250) + ".9";
}

Reply log_in(Browser& browser, int from, const std::string& email, const std::string& password) {
  return browser.request(
      "POST", "/v1/login", R"({"email":")" + email + R"(","password":")" + password + R"("})",
      {{"Content-Type", "application/json"}, {"X-Forwarded-For", network(from)}});
}

std::string nobody(int number) { return "nobody" + std::to_string(number) + "@example.com"; }

TEST(SECU_4, CredentialStuffingIsHeldBackAndARealPersonGetsIn) {
  Served server(behind_a_proxy());
  const Person kari{"Kari Nordmann", "kari@example.com"};
  Browser her = server.account(kari);  // on this machine: a device that is known
  Browser phone = server.browser();
  ASSERT_EQ(log_in(phone, 900, kari.email, kari.password).status, 200);  // a network that is known

  // Two hundred pairs of address and password from two networks, and her address is among
  // them. (How many networks get how much is in accounts/entrance_test.cc, where a hash costs
  // less.)
  constexpr int kNetworks = 2, kPairs = 100;
  std::vector<Browser> bots;
  for (int from = 0; from < kNetworks; ++from) bots.push_back(server.browser());
  int through = 0, held_back = 0, in = 0;
  for (int pair = 0; pair < kPairs; ++pair)
    for (int from = 0; from < kNetworks; ++from) {
      Browser& bot = bots.at(static_cast<std::size_t>(from));
      const bool hers = pair == kPairs / 2;
      const Reply reply = hers ? log_in(bot, from, kari.email, "hunter2hunter2")
                               : log_in(bot, from, nobody(pair * kNetworks + from), "hunter2");
      through += reply.status == 401 ? 1 : 0;
      held_back += reply.status == 429 ? 1 : 0;
      in += reply.status == 200 ? 1 : 0;
      ASSERT_TRUE(reply.status == 401 || reply.status == 429) << reply.status << reply.body;
    }
  RecordProperty("pairs", kPairs * kNetworks);
  RecordProperty("through", through);
  std::cout << "credential stuffing: of " << kPairs * kNetworks << " pairs from " << kNetworks
            << " networks " << through << " were tried, " << held_back << " held back\n";
  EXPECT_EQ(in, 0);
  // Thirty at once for each network, and one more every twenty seconds while it lasted.
  EXPECT_GE(through, kNetworks * 30);
  EXPECT_LE(through, kNetworks * 30 + kPairs * kNetworks / 10);

  // A real person: from a device that is known, from a network that is known, and anew from one
  // that nobody misuses.
  EXPECT_EQ(Served::log_in(her, kari).status, 200);
  Browser anew = server.browser(), elsewhere = server.browser();
  EXPECT_EQ(log_in(anew, 900, kari.email, kari.password).status, 200);
  EXPECT_EQ(log_in(elsewhere, 901, kari.email, kari.password).status, 200);
  // From within a network that is misused, a stranger has to wait, and a known device has not.
  Browser stranger = server.browser();
  EXPECT_EQ(log_in(stranger, 0, kari.email, kari.password).status, 429);
  EXPECT_EQ(log_in(phone, 0, kari.email, kari.password).status, 200);
}

TEST(SECU_4, OneAddressIsTriedTenTimesFromHoweverManyNetworks) {
  Served server(behind_a_proxy());
  const Person kari{"Kari Nordmann", "kari@example.com"};
  Browser her = server.account(kari);
  Browser phone = server.browser();
  ASSERT_EQ(log_in(phone, 900, kari.email, kari.password).status, 200);
  int through = 0;
  Browser bot = server.browser();
  for (int from = 0; from < 300; ++from)
    through += log_in(bot, from, kari.email, "wrong horse battery").status == 401 ? 1 : 0;
  EXPECT_EQ(through, 10);
  EXPECT_EQ(Served::log_in(her, kari).status, 200);
  Browser anew = server.browser();
  EXPECT_EQ(log_in(anew, 900, kari.email, kari.password).status, 200);
  // What she mistypes on her own device is hers to wait for, and counts for nobody else.
  for (int i = 0; i < 12; ++i) log_in(phone, 900, kari.email, "wrong horse battery");
  EXPECT_EQ(log_in(phone, 900, kari.email, kari.password).status, 429);
  EXPECT_EQ(Served::log_in(her, kari).status, 200);
}

TEST(SECU_4, WhoHasToWaitIsToldHowLong) {
  Served server(behind_a_proxy());
  Browser browser = server.browser();
  const Reply first = log_in(browser, 1, nobody(1), "wrong horse battery");
  EXPECT_EQ(first.status, 401);
  EXPECT_EQ(first.header("ratelimit-policy"),
            R"("login-network";q=30;w=600, "login-address";q=10;w=3600)");
  EXPECT_EQ(first.header("ratelimit"), R"("login-network";r=29;t=20, "login-address";r=9;t=360)");
  EXPECT_EQ(first.header("retry-after"), "");
  for (int i = 0; i < 9; ++i) log_in(browser, 1, nobody(1), "wrong horse battery");
  const Reply held = log_in(browser, 1, nobody(1), "wrong horse battery");
  EXPECT_EQ(held.status, 429);
  EXPECT_EQ(held.problem(), "/problems/exhausted");
  EXPECT_NE(held.header("ratelimit").find("\"login-address\";r=0;t="), std::string::npos);
  const int wait = std::stoi(held.header("retry-after"));
  EXPECT_GE(wait, 300);
  EXPECT_LE(wait, 360);
  // As a page, too.
  const Reply page =
      browser.request("POST", "/login", "email=" + percent_encoded(nobody(1)) + "&password=x",
                      {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "text/html"},
                       {"X-Forwarded-For", network(1)}});
  EXPECT_EQ(page.status, 429);
  EXPECT_TRUE(page.header("content-type").starts_with("text/html"));
  EXPECT_NE(page.header("retry-after"), "");
}

TEST(SECU_4, PasskeysAreTriedAsOftenAsPasswords) {
  Served server(behind_a_proxy());
  Browser bot = server.browser();
  const auto try_one = [&](int from) {
    return bot.request("POST", "/v1/login/passkey",
                       R"({"passkey":{"id":"AAAA","response":{"clientDataJSON":"AAAA",)"
                       R"("authenticatorData":"AAAA","signature":"AAAA","userHandle":"AAAA"}}})",
                       {{"Content-Type", "application/json"}, {"X-Forwarded-For", network(from)}});
  };
  // Wrong passwords of a neighbour use up nothing of it.
  for (int i = 0; i < 31; ++i) log_in(bot, 1, nobody(i), "wrong horse battery");
  ASSERT_EQ(log_in(bot, 1, nobody(99), "wrong horse battery").status, 429);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(try_one(1).status, 403);
  const Reply held = try_one(1);
  EXPECT_EQ(held.status, 429);
  EXPECT_NE(held.header("ratelimit").find(R"("passkey-network";r=0;)"), std::string::npos);
  EXPECT_EQ(try_one(2).status, 403);
}

Reply sign_up(Browser& browser, int from, const Person& person, const std::string& token = {}) {
  std::vector<std::pair<std::string_view, std::string_view>> fields = {
      {"legal_name", person.name},    {"email", person.email}, {"password", person.password},
      {"adult_professional", "true"}, {"terms", "1"},          {"notice", "1"}};
  if (!token.empty()) fields.emplace_back("token", token);
  return browser.request(
      "POST", "/v1/signup", json_object(fields),
      {{"Content-Type", "application/json"}, {"X-Forwarded-For", network(from)}});
}

Reply verify(Browser& browser, int from, const std::string& token, const std::string& password) {
  return browser.request(
      "POST", "/v1/verify", json_object({{"token", token}, {"password", password}}),
      {{"Content-Type", "application/json"}, {"X-Forwarded-For", network(from)}});
}

TEST(SECU_4, SignUpsAndCodesAreLimited) {
  Served server(behind_a_proxy());
  Browser browser = server.browser();
  // Nobody's mailbox is filled: neither from one network nor from wherever it is asked for.
  const auto taken = [&](const Person& person, int networks) {
    int count = 0;
    for (int i = 0; i < 20; ++i)
      count += sign_up(browser, i % networks, person).status == 202 ? 1 : 0;
    return count;
  };
  EXPECT_EQ(taken({"Kari Nordmann", nobody(1)}, 1), 5);
  EXPECT_EQ(taken({"Kari Nordmann", nobody(2)}, 20), 10);
  int codes = 0;
  for (int i = 0; i < 60; ++i)
    codes += verify(browser, 77, "guessed", "correct horse battery").status == 404 ? 1 : 0;
  EXPECT_EQ(codes, 30);
}

TEST(SECU_4, StrangersUseUpNobodysSignUp) {
  Served server(behind_a_proxy());
  Browser bot = server.browser(), her = server.browser();
  const Person kari{"Kari Nordmann", "kari@example.com"};
  const Person stranger{"Ola Nordmann", kari.email, "chosen by a stranger"};
  // From one network: she does not notice.
  for (int i = 0; i < 8; ++i) sign_up(bot, 1, stranger);
  EXPECT_EQ(sign_up(bot, 1, stranger).status, 429);
  // While there is none of hers among them: mails to one address are taken in no order.
  const std::string his = server.next_mail("verify", kari.email).token();
  EXPECT_EQ(sign_up(her, 900, kari).status, 202);
  // From many: their own mails are what she is let through by, and no other address's are.
  for (int from = 10; from < 20; ++from) sign_up(bot, from, stranger);
  const Reply held = sign_up(her, 900, kari);
  EXPECT_EQ(held.status, 429);
  EXPECT_NE(held.header("ratelimit").find("\"signup-mails\";r=0;"), std::string::npos);
  const std::string page = her.request("POST", "/signup",
                                       "legal_name=Kari+Nordmann&email=kari%40example.com"
                                       "&password=correct+horse+battery&adult_professional=yes"
                                       "&terms=1&notice=1",
                                       {{"Content-Type", "application/x-www-form-urlencoded"},
                                        {"X-Forwarded-For", network(900)}})
                               .body;
  EXPECT_NE(page.find("name=\"token\""), std::string::npos);
  EXPECT_EQ(sign_up(her, 900, kari, "made up").status, 429);
  Browser ola = server.browser();
  ASSERT_EQ(sign_up(ola, 901, {"Ola Nordmann", "ola@example.com"}).status, 202);
  const std::string of_another = server.next_mail("verify", "ola@example.com").token();
  EXPECT_EQ(sign_up(bot, 901, stranger, of_another).status, 429);
  EXPECT_EQ(sign_up(her, 900, kari, his).status, 202);
  // What comes of it is hers: the stranger's link with her password is nothing.
  EXPECT_EQ(verify(her, 900, his, kari.password).status, 403);
  int made = 0;
  for (std::string token; made == 0;) {
    token = server.next_mail("verify", kari.email).token();
    made += verify(her, 900, token, kari.password).status == 200 ? 1 : 0;
  }
  EXPECT_EQ(log_in(her, 900, kari.email, stranger.password).status, 401);
  EXPECT_EQ(log_in(her, 900, kari.email, kari.password).status, 200);
}

TEST(SECU_4, ALinkHasTriesOfItsOwn) {
  Served server(behind_a_proxy());
  Browser neighbour = server.browser(), her = server.browser();
  const Person kari{"Kari Nordmann", "kari@example.com"};
  ASSERT_EQ(sign_up(her, 1, kari).status, 202);
  const std::string token = server.next_mail("verify", kari.email).token();
  // Neither what is tried in her network nor another link's tries count for it.
  for (int i = 0; i < 40; ++i) verify(neighbour, 1, "guessed", kari.password);
  EXPECT_EQ(verify(neighbour, 1, "guessed", kari.password).status, 429);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(verify(her, i, token, "wrong horse battery").status, 403);
  const Reply held = verify(her, 100, token, kari.password);
  EXPECT_EQ(held.status, 429);
  EXPECT_NE(held.header("retry-after"), "");
  server.jump(std::chrono::hours(1));
  EXPECT_EQ(verify(her, 1, token, kari.password).status, 200);
}

TEST(SECU_4, NobodyIsBelievedWhoIsNoTrustedProxy) {
  Served server;  // none is trusted
  Browser browser = server.browser();
  int through = 0;
  for (int i = 0; i < 33; ++i)
    through += log_in(browser, 1, nobody(i), "wrong horse battery").status == 401 ? 1 : 0;
  // All come from this machine, whatever they say, and its network is not limited.
  EXPECT_EQ(through, 33);
}

TEST(DATA_1, WhatIsCountedIsNeverWritten) {
  Served server(behind_a_proxy());
  Browser browser = server.browser();
  for (int i = 0; i < 12; ++i) log_in(browser, 1, nobody(1), "wrong horse battery");
  server.stop();
  for (const std::string& file : files_below(server.data())) {
    const std::string bytes = read_file(file);
    EXPECT_EQ(bytes.find("nobody1"), std::string::npos) << file;
    EXPECT_EQ(bytes.find(network(1)), std::string::npos) << file;
  }
  EXPECT_EQ(server.log().find(network(1)), std::string::npos);
}

}  // namespace

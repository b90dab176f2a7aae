// RETN-1: cancelling destroys the account at once and for good, also for whoever kept a copy.
#include <gtest/gtest.h>

#include "tests/support/canaries.h"
#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;

namespace {

const Person kKari{"Kari Nordmann", "kari@example.com"};
const Person kOla{"Ola Nordmann", "ola@example.com"};

std::string verified(const std::string& receipt, const std::string& log, const std::string& key) {
  std::vector<std::string> arguments = {"receipt", "verify", receipt, "--log", log, "--json"};
  if (!key.empty()) arguments.insert(arguments.end(), {"--key", key});
  const Outcome outcome = run(arguments);
  return std::to_string(outcome.code) + (outcome.code == 0 ? "" : outcome.out + outcome.err);
}

/// A server whose Kari has cancelled, with copies of its data from before and from after.
struct Cancelled {
  Cancelled() {
    Browser kari = server.account(kKari), ola = server.account(kOla);
    EXPECT_EQ(kari.request("PUT", "/v1/files/letter.txt", "Dear Ola").status, 201);
    EXPECT_EQ(ola.request("PUT", "/v1/files/letter.txt", "Dear Kari").status, 201);
    hers = {{"Cookie", "__Host-session=" + kari.cookies().at(0).value}};
    his = {{"Cookie", "__Host-session=" + ola.cookies().at(0).value}};
    server.stop();
    copy(server.data(), server.path("before"));
    server.start();
    EXPECT_EQ(Served::cancel(kari, kKari).status, 200);
    server.stop();
    copy(server.data(), server.path("live"));
    copy(server.root(), server.path("live.root"));
  }
  /// Puts together the data directory from the two, beside the live root.
  void mix(const std::string& bulk, const std::vector<std::pair<std::string, std::string>>& parts) {
    if (server.running()) server.stop();
    copy(server.path("live.root"), server.root());
    copy(server.path(bulk), server.data());
    for (const auto& [name, from] : parts) copy(server.path(from + "/" + name), path(name));
  }
  std::string path(const std::string& name) const { return server.data() + "/" + name; }
  /// Everything that could give her account back, tried.
  void expect_nothing_of_hers() {
    Browser kari = server.browser();
    EXPECT_GE(Served::log_in(kari, kKari).status, 400);
    EXPECT_TRUE(kari.cookies().empty());
    for (const char* at : {"/v1/account", "/v1/files/letter.txt", "/v1/files/", "/account",
                           "/files", "/cancel", "/"}) {
      const Reply reply = kari.get(at, hers);
      for (const char* secret : {"Dear Ola", "letter.txt", "Kari", "kari@example.com"})
        EXPECT_FALSE(reply.says(secret)) << at << " " << reply.status << " " << secret;
    }
    EXPECT_NE(kari.get("/v1/files/letter.txt", hers).status, 200);
    EXPECT_NE(kari.get("/v1/account", hers).status, 200);
  }
  Served server;
  Headers hers, his;
};

class RETN_1 : public testing::Test {  // NOLINT(readability-identifier-naming): a clause
 protected:
  /// Made once: every test mixes its own from it.
  static Cancelled& cancelled() {
    if (!shared_) shared_ = std::make_unique<Cancelled>();
    return *shared_;
  }
  static void TearDownTestSuite() { shared_.reset(); }

 private:
  static inline std::unique_ptr<Cancelled> shared_;
};

TEST_F(RETN_1, CancellingAnswersAReceiptThatAnybodyCanCheck) {
  Served& server = common();
  Browser her = server.account(kKari);
  const std::string account = her.get("/v1/account").at("/account");
  const Reply receipt = Served::cancel(her, kKari);
  ASSERT_EQ(receipt.status, 200);
  EXPECT_EQ(receipt.at("/account"), account);
  EXPECT_EQ(receipt.at("/replicas"), "[]") << "no replica is registered, none is pending";
  EXPECT_TRUE(her.cookies().empty());
  EXPECT_FALSE(receipt.says(kKari.email));
  EXPECT_FALSE(receipt.says(kKari.name));

  // What stays is what the notice says, word for word: of a free account the tombstone alone.
  Browser anybody = server.browser();
  EXPECT_EQ(receipt.keys("/stays").size(), 1U);
  EXPECT_EQ(receipt.at("/stays/0"), anybody.get("/notice.json").at("/survivors/tombstone/text/en"));

  const std::string file = server.path("receipt.json"), log = server.origin() + "/log";
  const std::string key = replaced(anybody.get("/log/key").body, "\n", "", Times::any);
  write_file(file, receipt.body);
  EXPECT_EQ(verified(file, log, key), "0");
  EXPECT_EQ(verified(file, log, ""), "0");
  EXPECT_EQ(verified(file, server.data() + "/log", key), "0");
  // Told about another account, another epoch or another time it does not hold.
  for (const char* member : {"/account", "/epoch", "/erased_at", "/label", "/nonce", "/index"}) {
    const std::string value = receipt.at(member);
    ASSERT_FALSE(value.empty()) << member;
    std::string other = value;
    char& last = other[other.size() / 2];
    last = last == '1' ? '2' : '1';
    write_file(file, replaced(receipt.body, value, other));
    EXPECT_EQ(verified(file, log, key)[0], '1') << member;
  }
}

TEST_F(RETN_1, AtOnceNothingOpensItAnyMore) {
  Served server;
  Browser her = server.account(kKari), elsewhere = server.browser(), his = server.account(kOla);
  ASSERT_EQ(Served::log_in(elsewhere, kKari).status, 200);
  const Headers cookie = {{"Cookie", "__Host-session=" + her.cookies().at(0).value}};
  ASSERT_EQ(her.request("PUT", "/v1/files/letter.txt", "Dear Ola").status, 201);
  ASSERT_EQ(his.request("PUT", "/v1/files/letter.txt", "Dear Kari").status, 201);

  Person wrong = kKari;
  wrong.password = "wrong horse battery";
  EXPECT_EQ(Served::cancel(her, wrong).status, 403);
  EXPECT_EQ(her.get("/v1/files/letter.txt").body, "Dear Ola") << "nothing happens without her";

  ASSERT_EQ(Served::cancel(her, kKari).status, 200);
  for (const char* path : {"/v1/account", "/v1/files/letter.txt", "/v1/files/"}) {
    EXPECT_EQ(her.get(path).status, 401) << path;
    EXPECT_EQ(elsewhere.get(path).status, 401) << path;
    EXPECT_EQ(her.get(path, cookie).status, 401) << path;
  }
  EXPECT_EQ(Served::log_in(her, kKari).status, 401);
  EXPECT_EQ(his.get("/v1/files/letter.txt").body, "Dear Kari") << "nobody else is touched";

  // The address is free, and what comes to it is somebody new.
  Browser anew = server.account(kKari);
  EXPECT_EQ(anew.get("/v1/files/").body, R"({"entries":[]})");
  EXPECT_EQ(anew.get("/v1/files/letter.txt").status, 404);
  // A start does not bring anything back.
  server.restart();
  EXPECT_EQ(her.get("/v1/account", cookie).status, 401);
  EXPECT_EQ(anew.get("/v1/files/letter.txt").status, 404);
}

TEST_F(RETN_1, AnOldCopyBesideTheLiveTreeAndRootYieldsNothing) {
  Cancelled& over = cancelled();
  over.mix("before", {{"keys.ktn", "live"}});
  over.server.start();
  // The old store knows her account, her session and where her file is: its key is what is gone.
  over.expect_nothing_of_hers();
  // What the live tree still opens is still there: a copy is good for those who stayed.
  Browser ola = over.server.browser();
  EXPECT_EQ(ola.get("/v1/files/letter.txt", over.his).body, "Dear Kari");
}

TEST_F(RETN_1, AnOldCopyIsRefusedBesideTheLiveLog) {
  Cancelled& over = cancelled();
  over.mix("before", {{"keys.ktn", "live"}, {"log", "live"}});
  const auto code = over.server.try_start();
  ASSERT_TRUE(code.has_value()) << "it serves a store that the log knows to be old";
  EXPECT_EQ(*code, 2);
  EXPECT_NE(over.server.log().find("cannot open the ledger"), std::string::npos);
}

TEST_F(RETN_1, OldContentBesideAllThatLivesYieldsNothing) {
  Cancelled& over = cancelled();
  over.mix("live", {{"content", "before"}});
  over.server.start();
  over.expect_nothing_of_hers();
  EXPECT_EQ(files_below(over.path("content")).size(), 1U) << "her file is an orphan, and removed";
  Browser ola = over.server.browser();
  EXPECT_EQ(ola.get("/v1/files/letter.txt", over.his).body, "Dear Kari");
}

TEST_F(RETN_1, AWholeOldCopyDoesNotOpenWithTheLiveRoot) {
  Cancelled& over = cancelled();
  over.mix("before", {});
  const auto code = over.server.try_start();
  ASSERT_TRUE(code.has_value()) << "it serves an old key tree";
  EXPECT_EQ(*code, 2);
  EXPECT_NE(over.server.log().find("cannot open the key tree"), std::string::npos);
  // The live data with the old tree is no better.
  over.mix("live", {{"keys.ktn", "before"}});
  const auto again = over.server.try_start();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(*again, 2);
  // And all of it as it was at the end serves, without her.
  over.mix("live", {});
  over.server.start();
  over.expect_nothing_of_hers();
}

TEST_F(RETN_1, DataWithoutItsRootOpenNothing) {
  Cancelled& over = cancelled();
  for (const char* from : {"before", "live"}) {
    over.mix(from, {});
    remove(over.server.root());
    const auto code = over.server.try_start();
    ASSERT_TRUE(code.has_value()) << from;
    EXPECT_EQ(*code, 2) << from;
    EXPECT_FALSE(exists(over.server.root())) << "a root was made anew over data";
  }
}

}  // namespace

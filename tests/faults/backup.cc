// Backups and restores with the real program: who can log in after it and who cannot, whatever came
// between, and kill -9 at random moments of both.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "app/restore.h"
#include "base/crypto.h"
#include "ledger/tlog.h"
#include "tests/faults/moments.h"
#include "tests/faults/sound.h"
#include "tests/support/canaries.h"
#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;
using faults::expect_sound;
using faults::Moments;

namespace {

class Backups : public testing::Test {
 protected:
  std::string backup(const std::string& name = "backup") const { return server.path(name); }
  Outcome make(const std::string& name = "backup") const {
    return run({"backup", backup(name), "--data", server.data(), "--json"});
  }
  Outcome verify(const std::string& name = "backup") const {
    return run({"backup", "verify", backup(name), "--json"});
  }
  std::vector<std::string> restoring(const std::string& name = "backup") const {
    return {"restore", backup(name), "--data", server.data(), "--json"};
  }
  void restore(const std::string& name = "backup") {
    const Outcome outcome = run(restoring(name));
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    report = outcome.out;
  }
  /// A backup that knows both; the server is stopped then.
  void back_up_and_let_kari_leave() {
    Browser her = server.account(kari);
    Browser his = server.account(ola);
    put(his, "letter.txt", "Dear Kari");
    ASSERT_EQ(make().code, 0);
    ASSERT_EQ(Served::cancel(her, kari).status, 200);
    server.stop();
  }
  void expect_ola_back_and_kari_gone() {
    expect_sound(server);
    server.start();
    EXPECT_EQ(get(ola, "letter.txt"), "Dear Kari");
    EXPECT_EQ(log_in(kari), 401);
  }
  int log_in(const Person& who) {
    Browser anew = server.browser();
    return Served::log_in(anew, who).status;
  }
  static void put(Browser& browser, const std::string& name, const std::string& bytes) {
    ASSERT_LE(browser.request("PUT", "/v1/files/" + name, bytes).status, 201);
  }
  std::string get(const Person& who, const std::string& name) {
    Browser anew = server.browser();
    EXPECT_EQ(Served::log_in(anew, who).status, 200);
    return anew.get("/v1/files/" + name).body;
  }

  Served server;
  std::string report;
  const Person kari{"Kari Nordmann", "kari@example.com"};
  const Person ola{"Ola Nordmann", "ola@example.com"};
  const Person liv{"Liv Nordmann", "liv@example.com"};
};

TEST_F(Backups, BringBackTheBulkAndNobodyWhoWasErased) {
  Browser her = server.account(kari);
  Browser his = server.account(ola);
  put(her, "letter.txt", "Dear Ola");
  put(his, "letter.txt", "Dear Kari");
  ASSERT_EQ(make().code, 0) << make().err;  // beside the server
  ASSERT_EQ(verify().code, 0);

  ASSERT_EQ(Served::cancel(her, kari).status, 200);
  Browser hers = server.account(liv);
  put(hers, "new.txt", "made since");
  put(his, "letter.txt", "something else");
  put(his, "second.txt", "made since");
  const Outcome served = run(restoring());
  EXPECT_EQ(served.code, 2) << "a server has it open";
  EXPECT_NE(served.err.find("another server works on this data directory"), std::string::npos);
  EXPECT_EQ(served.err.find("damaged"), std::string::npos) << served.err;
  server.stop();
  restore();
  expect_sound(server);
  server.start();
  EXPECT_EQ(his.get("/v1/account").status, 401) << "sessions are over";
  EXPECT_EQ(get(ola, "letter.txt"), "Dear Kari");
  EXPECT_EQ(log_in(kari), 401);
  EXPECT_EQ(log_in(liv), 401) << "the backup does not know her";
  // Her address is free: somebody new may have it.
  Browser anew = server.account(kari);
  EXPECT_EQ(anew.get("/v1/files/").body, R"({"entries":[]})");
  server.stop();

  // The same once more: the new account is unknown to the backup now.
  restore();
  expect_sound(server);
  const Outcome finished = run({"restore", "--finish", "--data", server.data(), "--json"});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_NE(finished.out.find("destroyed"), std::string::npos);
  EXPECT_NE(json_at(finished.out, "/destroyed"), "0") << "nobody was dormant";
  expect_sound(server);
  server.start();
  EXPECT_EQ(get(ola, "letter.txt"), "Dear Kari");
}

TEST_F(Backups, ANewerOneMayComeBeforeTheEnd) {
  Browser his = server.account(ola);
  put(his, "letter.txt", "Dear Kari");
  ASSERT_EQ(make("older").code, 0);
  Browser hers = server.account(liv);
  put(hers, "new.txt", "made since");
  ASSERT_EQ(make("newer").code, 0);
  server.stop();
  restore("older");
  server.start();
  EXPECT_EQ(log_in(liv), 401);
  server.stop();
  restore("newer");
  expect_sound(server);
  server.start();
  EXPECT_EQ(get(liv, "new.txt"), "made since");
  EXPECT_EQ(get(ola, "letter.txt"), "Dear Kari");
}

TEST_F(Backups, MakeALostStoreGood) {
  back_up_and_let_kari_leave();
  remove(server.data() + "/store.db");
  restore();
  expect_ola_back_and_kari_gone();
}

TEST_F(Backups, MakeADamagedStoreGoodWhenAsked) {
  back_up_and_let_kari_leave();
  // Asked for nothing: a store that is whole stays, with the newest of what is live in it.
  auto asked = restoring();
  asked.emplace_back("--replace-damaged-store");
  Outcome outcome = run(asked);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(json_at(outcome.out, "/store_lost"), "false");
  const std::string database = server.data() + "/store.db";
  std::string bytes = read_file(database);
  for (std::size_t at = 4096; at < bytes.size(); at += 512) bytes[at] = '~';
  write_file(database, bytes);
  outcome = run(restoring());
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("--replace-damaged-store"), std::string::npos) << outcome.err;
  EXPECT_EQ(read_file(database), bytes) << "nobody asked to move it";
  outcome = run(asked);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(read_file(json_at(outcome.out, "/damaged_store")), bytes);
  EXPECT_EQ(read_file(server.data() + "/restore-report.json"), outcome.out);
  expect_ola_back_and_kari_gone();
}

TEST_F(Backups, SaveWhatThereIsAndNameWhatIsLost) {
  Browser his = server.account(ola);
  put(his, "letter.txt", "Dear Kari");
  ASSERT_EQ(make("older").code, 0);
  const auto content_below = [](const std::string& directory) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory + "/content"))
      if (entry.is_regular_file()) files.push_back(entry.path());
    return files;
  };
  const auto first = content_below(server.data());
  ASSERT_EQ(first.size(), 1U);
  put(his, "second.txt", "made since");
  remove(first[0]);
  EXPECT_GE(his.get("/v1/files/letter.txt").status, 500) << "it was never removed";
  const std::string id = std::filesystem::path(first[0]).filename();
  const Outcome made = make("newer");
  EXPECT_EQ(made.code, 1) << made.err;
  EXPECT_EQ(json_at(made.out, "/lost_ids/0"), id);
  EXPECT_EQ(json_at(made.out, "/files"), "1");
  EXPECT_EQ(verify("newer").code, 0);
  // What an older backup still has, it keeps.
  EXPECT_EQ(make("older").code, 0);
  EXPECT_EQ(verify("older").code, 0);

  const auto kept = content_below(backup("older"));
  ASSERT_EQ(kept.size(), 2U);
  const auto other = kept[0].find(id) == std::string::npos ? kept[0] : kept[1];
  write_file(other, read_file(other).substr(0, 10));
  EXPECT_EQ(verify("older").code, 1);
  EXPECT_EQ(make("older").code, 0);
  EXPECT_EQ(verify("older").code, 0) << "a file that is too short is copied again";
  server.stop();
  restore("older");
  server.start();
  EXPECT_EQ(get(ola, "letter.txt"), "Dear Kari");
  EXPECT_EQ(get(ola, "second.txt"), "made since");
}

TEST_F(Backups, LeaveAnEntryThatAnybodyCanMakeAgain) {
  Browser his = server.account(ola);
  ASSERT_EQ(make().code, 0);
  server.stop();
  restore();
  const std::string statement = json_at(report, "/log_entry/statement");
  const std::size_t index = std::stoul(json_at(report, "/log_entry/index"));
  const base::Bytes entry = app::restore_leaf(statement).encode();
  const std::string path = server.data() + "/log/" +
                           ledger::path_of(ledger::Bundle{0, static_cast<unsigned>(index + 1)});
  const std::string bundle = read_file(path);
  ASSERT_GE(bundle.size(), entry.size());
  EXPECT_EQ(bundle.substr(bundle.size() - entry.size()), base::text(entry)) << statement;
}

TEST_F(Backups, OfAnotherLogAreRefused) {
  ASSERT_EQ(make().code, 0);
  server.stop();
  // As one that was made under a name that this log never had: its own digest holds.
  std::string manifest = read_file(backup() + "/manifest");
  const auto end = manifest.find('\n', manifest.rfind('}'));
  std::string json = manifest.substr(0, end + 1);
  const auto at = json.find("\"log_origin\"");
  ASSERT_NE(at, std::string::npos);
  const auto from = json.find('"', json.find(':', at)) + 1;
  json.replace(from, json.find('"', from) - from, "another.example/log");
  write_file(backup() + "/manifest", json + base::hex(base::sha256(base::view(json))) + "\n");
  const Outcome outcome = run(restoring());
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("under another log"), std::string::npos) << outcome.err;
  server.start();
}

TEST_F(Backups, HoldNothingThatAnybodyCouldRead) {
  const Person who{"Sunniva Kvernmo", "Sunniva.Kvernmo@example.com", "hestehov i april"};
  Browser her = server.account(who);
  put(her, "Husleie-2031/Storgata-17.txt", "nobody else knows yet");
  ASSERT_EQ(make().code, 0);
  EXPECT_EQ(canaries_below({backup()},
                           {who.name, who.email, who.password, "Husleie-2031", "Storgata-17",
                            "nobody else knows yet"},
                           ""),
            std::vector<std::string>());
  server.stop();
  // Nor tree, nor root, nor log: no piece of their files stands in it.
  for (const std::string& live : {server.root() + "/root.ktn", server.data() + "/keys.ktn",
                                  server.data() + "/log/checkpoint"}) {
    const std::string bytes = read_file(live);
    ASSERT_GE(bytes.size(), 96U);
    for (const std::string& file : files_below(backup()))
      EXPECT_EQ(read_file(file).find(bytes.substr(bytes.size() - 48)), std::string::npos) << live;
  }
}

TEST_F(Backups, OfAnotherInstallationAreRefused) {
  ASSERT_EQ(make().code, 0);
  Served other;
  other.stop();
  const Outcome outcome = run({"restore", backup(), "--data", other.data()});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("another installation"), std::string::npos) << outcome.err;
  other.start();
}

TEST_F(Backups, DamageLeavesTheOldStateStanding) {
  Browser his = server.account(ola);
  put(his, "letter.txt", std::string(100'000, 'x'));
  ASSERT_EQ(make().code, 0);
  // Not even an earlier version stays here, so that the backup alone has the content.
  ASSERT_EQ(his.request("DELETE", "/v1/files/letter.txt").status, 204);
  ASSERT_EQ(his.request("DELETE", "/v1/trash").status, 204);
  put(his, "letter.txt", "newer");
  server.stop();
  // One flipped bit anywhere is found, and nothing is restored from it.
  for (const std::string& file : files_below(backup())) {
    if (file.ends_with("/lock")) continue;
    const std::string whole = read_file(file);
    std::string flipped = whole;
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 4);
    write_file(file, flipped);
    EXPECT_EQ(verify().code, 1) << file;
    EXPECT_EQ(run(restoring()).code, 2) << file;
    write_file(file, whole);
  }
  EXPECT_EQ(verify().code, 0);
  server.start();
  EXPECT_EQ(get(ola, "letter.txt"), "newer");
}

TEST_F(Backups, AndRestoresGoOnAfterAKill) {
  Moments moments("Backups.AndRestoresGoOnAfterAKill");
  Browser his = server.account(ola);
  for (int i = 0; i < 20; ++i) put(his, "picture" + std::to_string(i), moments.bytes(200'000));
  put(his, "letter.txt", "Dear Kari");
  const auto killed = [&](const std::vector<std::string>& arguments, faults::Moment after) {
    Child child = Child::start(arguments, {server.path("killed.out"), server.path("killed.err")});
    std::this_thread::sleep_for(after);
    child.signal(SIGKILL);
    EXPECT_TRUE(child.wait(std::chrono::seconds(10)).has_value());
  };
  const faults::Moment backing = faults::time_of([&] { ASSERT_EQ(make("timed").code, 0); });
  for (int round = 0; round < faults::rounds(); ++round) {
    killed({"backup", backup(), "--data", server.data()}, moments.within(backing));
    const int code = verify().code;
    EXPECT_TRUE(code == 0 || code == 2) << "not begun, or whole: " << code;
  }
  ASSERT_EQ(make().code, 0);
  ASSERT_EQ(verify().code, 0);
  EXPECT_EQ(json_at(verify().out, "/surplus"), "0");

  put(his, "letter.txt", "newer");
  server.stop();
  copy(server.data(), server.path("before"));
  const faults::Moment whole = faults::time_of([&] { restore(); });
  remove(server.data());
  copy(server.path("before"), server.data());
  for (int round = 0; round < faults::rounds(); ++round) {
    killed(restoring(), moments.within(whole));
    expect_sound(server);
    server.start();
    const std::string letter = get(ola, "letter.txt");
    EXPECT_TRUE(letter == "newer" || letter == "Dear Kari") << letter;
    server.stop();
  }
  restore();
  expect_sound(server);
  server.start();
  EXPECT_EQ(get(ola, "letter.txt"), "Dear Kari");
}

}  // namespace

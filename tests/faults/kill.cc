// kill -9 at random moments of sign-up, verification, upload and cancellation, then a start on the
// same data: what was acknowledged is there, and nothing half-done is to be seen.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "tests/faults/moments.h"
#include "tests/support/files.h"
#include "tests/support/served.h"

using namespace support;
using faults::Moment;
using faults::Moments;

namespace {

/// FAULT_ROUNDS, as many kills of each kind: few with every run, many with `./test --full`.
const int kRounds = faults::rounds();

Person person(const std::string& name, int round) {
  return {name + " Nordmann", name + std::to_string(round) + "@example.com"};
}

/// The log is what its entries give, and the server says that it can serve.
void expect_sound(Served& server) {
  Browser anybody = server.browser();
  EXPECT_EQ(anybody.get("/readyz").status, 200);
  const Outcome outcome = run({"ledger", "verify", server.data() + "/log", "--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

/// The names in a folder.
std::set<std::string> listed(Browser& browser, const std::string& folder) {
  const Reply reply = browser.get("/v1/files/" + folder);
  EXPECT_EQ(reply.status, 200) << reply.body;
  std::set<std::string> names;
  for (const std::string& at : reply.keys("/entries"))
    names.insert(reply.at("/entries/" + at + "/name"));
  return names;
}

/// Every erasure has one entry. What a crash left unpublished is published a moment after the
/// start.
void expect_entries(const Served& server, std::size_t expected) {
  std::size_t entries = 0;
  for (int i = 0; i < 300; ++i) {
    // The second line of the checkpoint is the size of the log.
    const std::string checkpoint = read_file(server.data() + "/log/checkpoint");
    entries = std::stoul(checkpoint.substr(checkpoint.find('\n') + 1));
    if (entries >= expected) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(entries, expected);
}

std::size_t contents(const Served& server) {
  return files_below(server.data() + "/content").size();
}

/// Somebody else on the same server, whom none of it may touch.
class Bystander {
 public:
  explicit Bystander(Served& server)
      : browser_(server.account({"Ola Nordmann", "ola@example.com"})) {
    EXPECT_EQ(browser_.request("PUT", "/v1/files/Letters/kari.txt", "Dear Kari").status, 201);
  }
  void expect_untouched() {
    EXPECT_EQ(browser_.get("/v1/files/Letters/kari.txt").body, "Dear Kari");
    EXPECT_EQ(browser_.get("/v1/account").at("/email"), "ola@example.com");
  }

 private:
  Browser browser_;
};

TEST(Kill, DuringSignUpItTookPlaceOrNot) {
  Moments moments("Kill.DuringSignUpItTookPlaceOrNot");
  Served server;
  Browser her = server.browser();
  const Moment whole =
      faults::time_of([&] { ASSERT_EQ(Served::sign_up(her, person("liv", 0)).status, 202); });
  int acknowledged = 0;
  for (int round = 1; round <= kRounds; ++round) {
    const Person kari = person("kari", round);
    const Moment after = moments.within(whole);
    const Reply reply =
        faults::killed_while(server, [&] { return Served::sign_up(her, kari); }, after);
    server.start();
    SCOPED_TRACE(round);
    if (reply.status == 202) {
      ++acknowledged;
    } else if (!server.mail_comes("verify", kari.email, std::chrono::milliseconds(600))) {
      EXPECT_EQ(Served::log_in(her, kari).status, 401);
      ASSERT_EQ(Served::sign_up(her, kari).status, 202) << "asked again, it works";
    }
    // The mail leads to a whole account, and its link still works once.
    const std::string token = server.next_mail("verify", kari.email).token();
    EXPECT_EQ(Served::verify(her, token, kari).status, 200);
    EXPECT_EQ(Served::verify(her, token, kari).status, 404);
    EXPECT_EQ(Served::log_in(her, kari).status, 200);
    EXPECT_EQ(her.get("/v1/account").at("/legal_name"), kari.name);
  }
  std::printf("%d of %d were acknowledged before the end\n", acknowledged, kRounds);
  expect_sound(server);
}

TEST(Kill, DuringVerificationTheAddressIsProvenOrNot) {
  Moments moments("Kill.DuringVerificationTheAddressIsProvenOrNot");
  Served server;
  Browser her = server.browser();
  const auto ready = [&](const Person& kari) {
    EXPECT_EQ(Served::sign_up(her, kari).status, 202);
    return server.next_mail("verify", kari.email).token();
  };
  const std::string first = ready(person("liv", 0));
  const Moment whole =
      faults::time_of([&] { ASSERT_EQ(Served::verify(her, first, {}).status, 200); });
  int acknowledged = 0;
  for (int round = 1; round <= kRounds; ++round) {
    const Person kari = person("kari", round);
    const std::string token = ready(kari);
    const Reply reply = faults::killed_while(
        server, [&] { return Served::verify(her, token, kari); }, moments.within(whole));
    server.start();
    SCOPED_TRACE(round);
    const int login = Served::log_in(her, kari).status;
    const int again = Served::verify(her, token, kari).status;
    if (reply.status == 200) {
      ++acknowledged;
      EXPECT_EQ(login, 200);
    }
    // Proven, and the link is used; or not, and the link still works.
    EXPECT_TRUE((login == 200 && again == 404) || (login == 401 && again == 200))
        << login << " " << again;
    EXPECT_EQ(Served::log_in(her, kari).status, 200);
    EXPECT_EQ(her.get("/v1/account").at("/email"), kari.email);
  }
  std::printf("%d of %d were acknowledged before the end\n", acknowledged, kRounds);
  expect_sound(server);
}

TEST(Kill, DuringAnUploadTheFileIsWholeOrNotThere) {
  Moments moments("Kill.DuringAnUploadTheFileIsWholeOrNotThere");
  Served server;
  Browser her = server.account({"Kari Nordmann", "kari@example.com"});
  std::map<std::string, std::string> kept;  // what must be there, by name
  const auto put = [&](const std::string& name, const std::string& bytes) {
    return her.request("PUT", "/v1/files/Pictures/" + name, bytes);
  };
  kept["first"] = moments.bytes(5 << 20);
  const Moment whole = faults::time_of([&] { ASSERT_EQ(put("first", kept["first"]).status, 201); });
  int acknowledged = 0, unfinished = 0;
  std::size_t earlier = 0;  // versions: what was replaced stays for a while
  for (int round = 1; round <= kRounds; ++round) {
    SCOPED_TRACE(round);
    // Every third one replaces what is there.
    const std::string name = round % 3 == 0 ? "first" : "picture" + std::to_string(round);
    const std::string bytes = moments.bytes(5 << 20);
    const Reply reply =
        faults::killed_while(server, [&] { return put(name, bytes); }, moments.within(whole));
    server.start();
    const Reply now = her.get("/v1/files/Pictures/" + name);
    if (reply.status == 201 || reply.status == 200) {
      ++acknowledged;
      EXPECT_TRUE(now.status == 200 && now.body == bytes) << "an acknowledged file is not there";
    }
    // The new one whole, or what was there before, also where nobody heard the answer.
    if (now.status == 200 && now.body == bytes) {
      if (kept.contains(name)) ++earlier;
      kept[name] = bytes;
    } else {
      ++unfinished;
      EXPECT_EQ(now.status, kept.contains(name) ? 200 : 404);
      if (kept.contains(name)) EXPECT_TRUE(now.body == kept[name]) << "the old one is not whole";
    }
    std::set<std::string> names;
    for (const auto& [each, unused] : kept) names.insert(each);
    EXPECT_EQ(listed(her, "Pictures/"), names);
    EXPECT_EQ(contents(server), kept.size() + earlier)
        << "a file that belongs to nobody is on disk";
  }
  for (const auto& [name, bytes] : kept)
    EXPECT_TRUE(her.get("/v1/files/Pictures/" + name).body == bytes) << name;
  std::printf("%d of %d were acknowledged, %d left nothing\n", acknowledged, kRounds, unfinished);
  EXPECT_GE(unfinished, 1) << "no upload was interrupted: the test has tried nothing";
  expect_sound(server);
}

TEST(Kill, DuringCancellationTheAccountIsWholeOrErased) {
  Moments moments("Kill.DuringCancellationTheAccountIsWholeOrErased");
  Served server;
  Bystander ola(server);
  const std::string letter = moments.bytes(300'000);
  const auto join = [&](const Person& kari) {
    Browser her = server.account(kari);
    EXPECT_EQ(her.request("PUT", "/v1/files/Letters/ola.txt", letter).status, 201);
    return her;
  };
  Browser first = join(person("liv", 0));
  const Moment whole =
      faults::time_of([&] { ASSERT_EQ(Served::cancel(first, person("liv", 0)).status, 200); });
  int erased = 0, unheard = 0;
  for (int round = 1; round <= kRounds; ++round) {
    SCOPED_TRACE(round);
    const Person kari = person("kari", round);
    Browser her = join(kari);
    const Headers session = {{"Cookie", "__Host-session=" + her.cookies().at(0).value}};
    // First her password is compared, which takes long: most moments are of what comes after.
    const Moment after =
        round % 4 == 0 ? moments.within(whole) : moments.between(whole * 3 / 4, whole * 3 / 2);
    const Reply reply =
        faults::killed_while(server, [&] { return Served::cancel(her, kari); }, after);
    // The start itself is killed, too: what it finishes, it must be able to finish later.
    server.start_and_kill(moments.within(std::chrono::milliseconds(150)));
    server.start();
    const std::size_t kept_at_start = contents(server);
    Browser anew = server.browser();
    const int login = Served::log_in(anew, kari).status;
    if (reply.status == 200) EXPECT_EQ(login, 401) << "a receipt was given for what is still there";
    if (login == 200) {
      EXPECT_TRUE(anew.get("/v1/files/Letters/ola.txt").body == letter) << "not whole";
      const Reply receipt = Served::cancel(anew, kari);
      ASSERT_EQ(receipt.status, 200) << "not begun, so it can be cancelled";
      write_file(server.path("receipt.json"), receipt.body);
      EXPECT_EQ(
          run({"receipt", "verify", server.path("receipt.json"), "--log", server.data() + "/log"})
              .code,
          0);
    } else {
      EXPECT_EQ(login, 401);
      EXPECT_EQ(kept_at_start, 1U) << "the start has not finished what was begun";
      ++erased;
      if (reply.status != 200) ++unheard;
    }
    Browser thief = server.browser();
    EXPECT_EQ(thief.get("/v1/account", session).status, 401);
    EXPECT_EQ(thief.get("/v1/files/Letters/ola.txt", session).status, 401);
    EXPECT_EQ(Served::log_in(thief, kari).status, 401);
    ola.expect_untouched();
    EXPECT_EQ(contents(server), 1U);
    expect_entries(server, static_cast<std::size_t>(round) + 1);
    expect_sound(server);
  }
  std::printf("%d of %d were erased, %d of them without an answer\n", erased, kRounds, unheard);
  // Every address is free again, and leads to somebody new.
  for (const int round : {0, 1, kRounds}) {
    Browser anew = server.account(person(round == 0 ? "liv" : "kari", round));
    EXPECT_EQ(anew.get("/v1/files/").body, R"({"entries":[]})");
  }
}

TEST(Kill, RecoveryGivesTheSameAgain) {
  Moments moments("Kill.RecoveryGivesTheSameAgain");
  Served server;
  Bystander ola(server);
  const Person kari = person("kari", 1);
  Browser her = server.account(kari);
  ASSERT_EQ(her.request("PUT", "/v1/files/Letters/ola.txt", "Dear Ola").status, 201);
  Browser first = server.account(person("liv", 0));
  const Moment whole =
      faults::time_of([&] { ASSERT_EQ(Served::cancel(first, person("liv", 0)).status, 200); });
  faults::killed_while(server, [&] { return Served::cancel(her, kari); }, whole);
  int first_login = 0;
  std::size_t first_contents = 0;
  for (int start = 1; start <= 4; ++start) {
    SCOPED_TRACE(start);
    server.start();
    Browser anew = server.browser();
    const int login = Served::log_in(anew, kari).status;
    ola.expect_untouched();
    expect_entries(server, login == 401 ? 2 : 1);
    if (start == 1) {
      first_login = login;
      first_contents = contents(server);
    }
    EXPECT_EQ(login, first_login);
    EXPECT_EQ(contents(server), first_contents);
    expect_sound(server);
    server.kill();
    server.start_and_kill(moments.within(std::chrono::milliseconds(150)));
  }
}

}  // namespace

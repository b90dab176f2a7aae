// Single calls on files that fail in the running server: a sync, a write, a read, of the database's
// log, content, key tree, root or public log. What was acknowledged stays, what was not is refused
// in words, reading goes on, and a start finds everything whole.
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <map>

#include "tests/faults/failing.h"
#include "tests/faults/moments.h"
#include "tests/faults/sound.h"
#include "tests/support/served.h"

using namespace support;
using faults::Failing;

namespace {

// Which call of each kind fails: the first ones with every run, more with `./test --full`.
const int kRounds = faults::rounds() > 4 ? 12 : 2;

const Person kKari{"Kari Nordmann", "kari@example.com"};

enum Needs : std::uint8_t { kPuts = 1, kLeaves = 2 };  // what cannot be done without the calls

struct Case {
  const char* name;
  Failing::What what;
  unsigned needs;
};

// Without this GoogleTest prints bytes.
void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }

/// Somebody who keeps files and somebody who leaves, while calls fail.
class FailingCalls : public testing::TestWithParam<Case> {
 protected:
  static Served::How how(const Failing& failing) {
    Served::How how;
    how.environment = failing.environment();
    return how;
  }
  /// Nobody hears of success where there was none, and of the rest in a problem's words.
  static bool acknowledged(const Reply& reply) {
    if (reply.status >= 200 && reply.status < 300) return true;
    EXPECT_TRUE(reply.status == 500 || reply.status == 503 || reply.status == 507)
        << reply.status << " " << reply.body;
    EXPECT_NE(reply.problem(), "") << reply.status << " without a problem's type";
    return false;
  }
  void put(const std::string& name, const std::string& body) {
    if (acknowledged(her.request("PUT", "/v1/files/" + name, body)))
      kept[name] = {body};
    else
      kept[name].push_back(body);  // the one before, or this one; never another
  }
  void expect_kept() {
    for (const auto& [name, bodies] : kept) {
      const Reply reply = her.get("/v1/files/" + name);
      if (reply.status == 404) {
        EXPECT_FALSE(sure.contains(name)) << name << " was acknowledged";
        continue;
      }
      EXPECT_EQ(reply.status, 200) << reply.body;
      EXPECT_NE(std::ranges::find(bodies, reply.body), bodies.end()) << name;
    }
  }
  /// What is there now is what must be there from now on.
  void settle() {
    for (auto& [name, bodies] : kept) {
      const Reply reply = her.get("/v1/files/" + name);
      if (reply.status != 200) continue;
      bodies = {reply.body};
      sure.insert(name);
    }
  }
  void join(const Person& who) {
    Browser browser = server.browser();
    if (acknowledged(Served::sign_up(browser, who))) joined.push_back(who);
  }
  void leave(Browser& browser, const Person& who) {
    if (acknowledged(Served::cancel(browser, who))) gone.push_back(who);
  }
  void expect_people() {
    Browser anybody = server.browser();
    for (const Person& who : gone) EXPECT_EQ(Served::log_in(anybody, who).status, 401) << who.email;
    for (const Person& who : joined) {
      const std::string token = server.next_mail("verify", who.email).token();
      EXPECT_EQ(Served::verify(anybody, token, who).status, 200) << who.email;
    }
    joined.clear();
  }
  void start_again() {
    server.kill();
    faults::expect_sound(server);
    server.start();
    ASSERT_EQ(Served::log_in(her, kKari).status, 200);
    expect_kept();
    settle();
    expect_people();
  }

  Failing failing;
  Served server{how(failing)};
  Browser her = server.account(kKari);
  std::map<std::string, std::vector<std::string>> kept;  // what each file may be
  std::set<std::string> sure;                            // that it is there
  std::vector<Person> joined, gone;
};

TEST_P(FailingCalls, LoseNothingAndSayWhatTheyRefuse) {
  put("letter.txt", "Dear Ola");
  settle();
  std::uint64_t failed = 0;
  for (int round = 1; round <= kRounds; ++round) {
    SCOPED_TRACE(round);
    const std::string number = std::to_string(round);
    const Person liv{"Liv Nordmann", "liv" + number + "@example.com"};
    Browser livs = server.account(liv);
    failing.arm(GetParam().what, round, 1);
    put("letter.txt", "Dear Ola, " + number);
    put("new" + number + ".txt", std::string(100'000, 'n'));
    join({"Per Nordmann", "per" + number + "@example.com"});
    leave(livs, liv);
    failed += failing.disarm();
    put("after" + number + ".txt", "it goes on");
    EXPECT_EQ(her.get("/v1/files/after" + number + ".txt").status, 200);
    expect_kept();
    settle();
  }
  EXPECT_GT(failed, 0U) << "nothing has failed: the test has tried nothing";
  start_again();
}

TEST_P(FailingCalls, ForAWhileStopWhatNeedsThem) {
  put("letter.txt", "Dear Ola");
  settle();
  const Person liv{"Liv Nordmann", "liv@example.com"};
  Browser livs = server.account(liv);
  failing.arm(GetParam().what, 1, Failing::kForEver);
  const Reply putting = her.request("PUT", "/v1/files/big.txt", std::string(400'000, 'b'));
  const Reply leaving = Served::cancel(livs, liv);
  expect_kept();
  EXPECT_EQ(server.browser().get("/notice").status, 200);
  EXPECT_GT(failing.disarm(), 0U);
  EXPECT_EQ(acknowledged(putting), (GetParam().needs & kPuts) == 0) << putting.body;
  EXPECT_EQ(acknowledged(leaving), (GetParam().needs & kLeaves) == 0) << leaving.body;
  if ((GetParam().needs & kPuts) != 0 && GetParam().what.error == ENOSPC)
    EXPECT_EQ(putting.status, 507);
  start_again();
  put("after.txt", "it goes on");
  settle();
  EXPECT_TRUE(sure.contains("after.txt"));
}

using faults::kRead;
using faults::kSync;
using faults::kSyncContents;
using faults::kSyncNames;
using faults::kWrite;

INSTANTIATE_TEST_SUITE_P(
    Of, FailingCalls,
    testing::Values(
        Case{"SyncsOfTheDatabasesLog", {kSync, "/store.db-wal", EIO}, kPuts | kLeaves},
        Case{"SyncsOfContent", {kSyncContents, "/content/", EIO}, kPuts},
        Case{"SyncsOfContentsNames", {kSyncNames, "/content/", EIO}, kPuts},
        Case{"SyncsOfKeyPages", {kSync, "/keys.ktn", EIO}, kLeaves},
        Case{"SyncsOfTheRoot", {kSync, "/data.root/", EIO}, kLeaves},
        Case{"SyncsOfThePublicLog", {kSync, "/data/log", EIO}, kLeaves},
        Case{"WritesOfTheDatabasesLog", {kWrite, "/store.db-wal", ENOSPC}, kPuts | kLeaves},
        Case{"WritesOfContent", {kWrite, "/content/", ENOSPC}, kPuts},
        Case{"WritesOfTheRoot", {kWrite, "/data.root/", EIO}, kLeaves},
        Case{"WritesOfThePublicLog", {kWrite, "/data/log/", ENOSPC}, kLeaves}),
    [](const auto& tested) { return std::string(tested.param.name); });

/// How many files the server holds open.
std::ptrdiff_t descriptors(const Served& server) {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(server.process()) +
                                                "/fd");
  return std::distance(begin(all), end(all));
}

// Closing any descriptor of a database ends the locks on it, so what a failed sync opens stays.
TEST_F(FailingCalls, TakeNoDescriptorEach) {
  put("letter.txt", "Dear Ola");
  failing.arm({kSync, "/store.db-wal", EIO}, 1, Failing::kForEver);
  put("letter.txt", "Dear Ola, 0");
  const auto before = descriptors(server);
  for (int i = 1; i <= 8; ++i) put("letter.txt", "Dear Ola, " + std::to_string(i));
  EXPECT_LE(descriptors(server), before + 2);
  EXPECT_GT(failing.disarm(), 8U);
}

/// Reads and writes that stop half-way, as POSIX lets them: whoever asks again loses nothing.
class ShortCalls : public FailingCalls {};

TEST_P(ShortCalls, AreGoneOnWith) {
  failing.arm(GetParam().what, 1, Failing::kForEver);
  const std::string letter(400'000, 's');
  put("letter.txt", letter);
  server.restart();
  put("second.txt", "Dear Kari");
  settle();
  EXPECT_TRUE(sure.contains("letter.txt") && sure.contains("second.txt"));
  EXPECT_EQ(her.get("/v1/files/letter.txt").body, letter);
  const Person liv{"Liv Nordmann", "liv@example.com"};
  Browser livs = server.account(liv);
  leave(livs, liv);
  EXPECT_EQ(gone.size(), 1U);
  EXPECT_GT(failing.disarm(), 0U) << "nothing was short: the test has tried nothing";
  start_again();
}

INSTANTIATE_TEST_SUITE_P(Of, ShortCalls,
                         testing::Values(Case{"ReadsOfTheDatabase", {kRead, "/store.db", 0}, 0},
                                         Case{"ReadsOfContent", {kRead, "/content/", 0}, 0},
                                         Case{"ReadsOfKeysAndRoot", {kRead, "/data", 0}, 0},
                                         Case{"WritesOfTheDatabase", {kWrite, "/store.db", 0}, 0},
                                         Case{"WritesOfContent", {kWrite, "/content/", 0}, 0},
                                         Case{"WritesOfKeysRootAndLog", {kWrite, "/data", 0}, 0}),
                         [](const auto& tested) { return std::string(tested.param.name); });

/// Blocks that cannot be read, met by a server that has read nothing yet.
class UnreadableBlocks : public FailingCalls {};

TEST_P(UnreadableBlocks, AreSaidAndServedByNobody) {
  const std::string letter(3 << 20, 'l');
  put("letter.txt", letter);
  put("second.txt", "Dear Kari");
  settle();
  int refused = 0;
  std::uint64_t failed = 0;
  for (int round = 1; round <= kRounds; ++round) {
    SCOPED_TRACE(round);
    server.restart();
    failing.arm(GetParam().what, round, 1);
    for (const auto& [name, bodies] : kept) {
      const Reply reply = her.get("/v1/files/" + name);
      if (reply.status == 200) {
        EXPECT_EQ(reply.body, bodies.at(0)) << "something else was served";
        continue;
      }
      ++refused;
      // 0: the answer had begun, and was cut short.
      if (reply.status != 0) EXPECT_FALSE(acknowledged(reply));
    }
    failed += failing.disarm();
    expect_kept();
  }
  EXPECT_GT(failed, 0U) << "nothing has failed: the test has tried nothing";
  EXPECT_GT(refused, 0);
  start_again();
}

INSTANTIATE_TEST_SUITE_P(Of, UnreadableBlocks,
                         testing::Values(Case{"Content", {kRead, "/content/", EIO}, 0},
                                         Case{"KeyPages", {kRead, "/keys.ktn", EIO}, 0}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace

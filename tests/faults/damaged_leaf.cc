// A page of keys that rots, at the replica or here, concerns those whose keys it has and nobody
// else: a restore leaves it out, and nobody counts as erased on its word.
#include <gtest/gtest.h>

#include <thread>

#include "base/bytes.h"
#include "tests/support/holder.h"
#include "tests/support/json.h"
#include "tests/support/served.h"

using namespace support;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

const Person kKari{"Kari Nordmann", "kari@example.com"};
const Person kOla{"Ola Nordmann", "ola@example.com"};
const Person kLiv{"Liv Nordmann", "liv@example.com"};

/// One bit of every image of that leaf, the one in force among them.
void damage_leaf(const std::string& tree, std::uint64_t index) {
  std::string bytes = read_file(tree);
  for (std::size_t at = 0; at + 4096 <= bytes.size(); at += 4096) {
    const base::View page = base::view(bytes).subspan(at, 4096);
    if (page[4] == 0 && base::load_u64(page.data() + 5) == index)
      bytes[at + 2000] = static_cast<char>(bytes[at + 2000] ^ 1);
  }
  write_file(tree, bytes);
}

// The log's key and the directory's have the slots up to 1025, people those behind.
constexpr std::uint64_t kLeafOfBuckets = 3;
constexpr std::uint64_t kLeafOfPeople = 16;

class DamagedLeaf : public testing::Test {
 protected:
  DamagedLeaf() {
    pair();
    const Outcome declared =
        run({"holder", "replicate", "oslo", "--data", place.path() + "/none", "--root", root()});
    EXPECT_EQ(declared.code, 0) << declared.err;
    server.emplace(Served::How{.more = {"--root", root()}, .notice = notice_with_holder()});
  }
  std::string root() const { return place.path() + "/root"; }
  std::string backup() const { return place.path() + "/backup"; }
  std::string checkpoint() const { return place.path() + "/checkpoint"; }
  std::string replica() const { return holder.data() + "/replica/keys.ktn"; }
  void pair() {
    const Outcome added = holder.add(place.path() + "/none", "oslo", holder.code(), root());
    ASSERT_EQ(added.code, 0) << added.err;
  }
  /// Kari, who is erased after the backup, and Ola, who stays.
  void live() {
    Browser her = server->account(kKari);
    Browser his = server->account(kOla);
    ASSERT_EQ(his.request("PUT", "/v1/files/letter.txt", "Dear Kari").status, 201);
    const Outcome made = run({"backup", backup(), "--data", server->data()});
    ASSERT_EQ(made.code, 0) << made.err;
    ASSERT_EQ(Served::cancel(her, kKari).status, 200);
  }
  /// Until the replica has all that this host has published.
  void follow() {
    std::string size;
    for (const auto end = steady_clock::now() + 30s; steady_clock::now() < end;) {
      write_file(checkpoint(), read_file(server->data() + "/log/checkpoint"));
      const std::string text = read_file(checkpoint());
      const auto from = text.find('\n') + 1;
      size = text.substr(from, text.find('\n', from) - from);
      if (holder.status("/replica/leaves") == size && holder.status("/replica/open_intents") == "0")
        break;
      std::this_thread::sleep_for(50ms);
    }
    ASSERT_EQ(holder.status("/replica/leaves"), size);
  }
  void lose() {
    server->kill();
    remove(server->data());
    remove(root());
  }
  Outcome restore(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {
        "restore",   backup(),        "--data",   server->data(),
        "--root",    root(),          "--notice", server->path("notice.yaml"),
        "--json",    "--from-holder", "oslo",     "--checkpoint",
        checkpoint()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  void expect_ola() {
    Browser his = server->browser();
    ASSERT_EQ(Served::log_in(his, kOla).status, 200);
    EXPECT_EQ(his.get("/v1/files/letter.txt").body, "Dear Kari");
    Browser hers = server->browser();
    EXPECT_EQ(Served::log_in(hers, kKari).status, 401);
  }

  Holder holder;
  TemporaryDirectory place;
  std::optional<Served> server;
};

TEST_F(DamagedLeaf, ADamagedLeafOfTheReplicaIsLeftOut) {
  live();
  follow();
  lose();
  holder.kill();
  damage_leaf(replica(), kLeafOfPeople);
  holder.start();
  pair();
  EXPECT_TRUE(holder.reaches("/replica/pages_damaged", 1, 10s));
  EXPECT_NE(holder.log().find("do not open"), std::string::npos);
  const Outcome drill = restore({"--drill"});
  EXPECT_EQ(drill.code, 1) << drill.err;
  EXPECT_EQ(json_at(drill.out, "/from_holder/pages_unreadable"), "1");
  EXPECT_EQ(json_at(drill.out, "/from_holder/serves"), "true");
  EXPECT_EQ(holder.status("/replica/incarnation"), "1");
  const Outcome done = restore({});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_LT(done.err.find("do not open at the replica"), done.err.find("taking over"));
  EXPECT_EQ(json_at(done.out, "/from_holder/pages_unreadable"), "1");
  EXPECT_EQ(json_at(done.out, "/erased"), "[]") << "nobody can tell: " << done.out;
  EXPECT_NE(json_at(done.out, "/unreadable/3"), "") << "both accounts and both people";
  server->start();
  // Nobody who was on that page can come in; whoever signs up now can.
  Browser his = server->browser();
  EXPECT_NE(Served::log_in(his, kOla).status, 200);
  Browser hers = server->account(kLiv);
  const Reply erased = Served::cancel(hers, kLiv);
  EXPECT_EQ(erased.status, 200) << erased.body;
  // The page is damaged at the server as well now, and the replica follows all the same.
  EXPECT_TRUE(holder.reaches("/replica/epoch", std::stoul(erased.at("/epoch")), 20s));
  server->stop();
  const Outcome check = run({"keys", "check", "--data", server->data(), "--root", root()});
  EXPECT_EQ(check.code, 1) << check.out;
}

// The directory is made anew: a bucket whose key does not open gets another.
TEST_F(DamagedLeaf, ADamagedLeafOfTheDirectoryIsNobodysLoss) {
  live();
  follow();
  lose();
  holder.kill();
  damage_leaf(replica(), kLeafOfBuckets);
  holder.start();
  pair();
  const Outcome done = restore({});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_NE(json_at(done.out, "/unreadable/63"), "");
  EXPECT_NE(json_at(done.out, "/erased/1"), "") << "her slot says that she is erased";
  EXPECT_EQ(json_at(done.out, "/unlisted"), "[]");
  server->start();
  expect_ola();
}

TEST_F(DamagedLeaf, ADamagedLeafOfTheReplicaIsMendedByItsServer) {
  live();
  follow();
  holder.kill();
  damage_leaf(replica(), kLeafOfPeople);
  holder.start();
  for (const auto end = steady_clock::now() + 60s; steady_clock::now() < end;) {
    if (holder.log().find("do not open") != std::string::npos &&
        holder.status("/replica/pages_damaged") == "0")
      break;
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_NE(holder.log().find("do not open"), std::string::npos);
  EXPECT_EQ(holder.status("/replica/pages_damaged"), "0");
  follow();
  lose();
  pair();
  const Outcome done = restore({});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(json_at(done.out, "/from_holder/pages_unreadable"), "0");
  const Outcome check = run({"keys", "check", "--data", server->data(), "--root", root()});
  EXPECT_EQ(check.code, 0) << check.out;
}

TEST_F(DamagedLeaf, ADamagedLeafHereIsLeftOut) {
  live();
  server->stop();
  damage_leaf(server->data() + "/keys.ktn", kLeafOfPeople);
  const std::vector<std::string> words = {"restore",      backup(),   "--data",
                                          server->data(), "--root",   root(),
                                          "--json",       "--notice", server->path("notice.yaml")};
  auto drilling = words;
  drilling.push_back("--drill");
  EXPECT_EQ(run(drilling).code, 1);
  const Outcome done = run(words);
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_NE(json_at(done.out, "/unreadable/1"), "");
  server->start();
  Browser hers = server->account(kLiv);
  EXPECT_EQ(hers.request("PUT", "/v1/files/letter.txt", "Dear Ola").status, 201);
  server->stop();
  // The page is as it was again: nothing of those on it was lost.
  damage_leaf(server->data() + "/keys.ktn", kLeafOfPeople);
  const Outcome again = run(words);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(json_at(again.out, "/unreadable"), "[]");
  server->start();
  expect_ola();
}

}  // namespace

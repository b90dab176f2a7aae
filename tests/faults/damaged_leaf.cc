// A page of keys that rots, at the replica or here, concerns those whose keys it has and nobody
// else: a restore leaves it out, and nobody counts as erased on its word.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "tests/faults/followed.h"

using namespace support;
using faults::Followed;
using faults::kKari;
using faults::kLiv;
using faults::kOla;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

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

class DamagedLeaf : public Followed {
 protected:
  std::string replica() const { return holder.data() + "/replica/keys.ktn"; }
  /// Kari, who is erased after the backup, and Ola, who stays.
  void live() {
    Browser her = server->account(kKari);
    Browser his = server->account(kOla);
    ASSERT_EQ(his.request("PUT", "/v1/files/letter.txt", "Dear Kari").status, 201);
    back_up();
    ASSERT_EQ(Served::cancel(her, kKari).status, 200);
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
  expect_living();
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
  expect_living();
}

}  // namespace

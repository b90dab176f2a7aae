// Replicas over real processes: a server, a holder that follows it over mutual TLS on loopback.
// Either is killed in the middle; what an erasure's answer says of the replica must hold in the
// replica's files.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

#include "holder/replica_entry.h"
#include "holder/replica_tree.h"
#include "tests/support/holder.h"
#include "tests/support/served.h"

using namespace support;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

Person person(int number) {
  return {"Kari Nordmann", "kari" + std::to_string(number) + "@example.com"};
}

/// A server that is followed by the holder `oslo`.
class Followed {
 public:
  explicit Followed(const std::vector<std::string>& more = {}) {
    const Outcome added = holder.add(place_.path() + "/none", "oslo", holder.code(), root());
    EXPECT_EQ(added.code, 0) << added.err;
    const Outcome declared = command("replicate");
    EXPECT_EQ(declared.code, 0) << declared.err;
    std::vector<std::string> all = {"--root", root(), "--metrics", "127.0.0.1:0"};
    all.insert(all.end(), more.begin(), more.end());
    server.emplace(Served::How{.more = all, .notice = notice_with_holder()});
  }
  std::string root() const { return place_.path() + "/root"; }
  Outcome command(const std::string& what, const std::string& name = "oslo") const {
    std::vector<std::string> words = {"holder",
                                      what,
                                      name,
                                      "--root",
                                      root(),
                                      "--data",
                                      server ? server->data() : place_.path() + "/none"};
    return run(words);
  }
  Outcome retire(const std::string& name = "oslo") const {
    return run({"holder", "retire", name, "--root", root(), "--data", server->data(), "--notice",
                server->path("notice.yaml")});
  }
  /// What the answer to an erasure says of the one replica, and the epoch.
  struct Said {
    std::string state;
    unsigned long behind = 0;
    unsigned long epoch = 0;
    unsigned long leaves = 0;  // of the log, with this erasure's
    std::chrono::milliseconds took{};
  };
  Said erase(const Person& who) {
    Browser her = server->browser();
    EXPECT_EQ(Served::log_in(her, who).status, 200);
    const auto from = steady_clock::now();
    const Reply receipt = Served::cancel(her, who);
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - from);
    EXPECT_EQ(receipt.status, 200) << receipt.body;
    if (receipt.status != 200 || receipt.at("/replicas/0/name").empty()) return {};
    EXPECT_EQ(receipt.at("/replicas/0/name"), "oslo");
    EXPECT_EQ(receipt.at("/replicas/1"), "");
    write_file(holder.path("receipt"), receipt.body);
    return {receipt.at("/replicas/0/state"), std::stoul(receipt.at("/replicas/0/behind")),
            std::stoul(receipt.at("/epoch")), std::stoul(receipt.at("/index")) + 1, took};
  }
  /// Whoever is first confirmed within the time that an answer waits; a busy machine may need a
  /// few.
  Said erase_until_destroyed(int first) {
    Said said;
    for (int i = first; i < first + 5; ++i) {
      server->account(person(i));
      said = erase(person(i));
      if (said.state == "destroyed") break;
    }
    return said;
  }
  /// The root keys in the replica's slots.
  std::vector<std::string> root_keys() const {
    const std::string slots = read_file(holder.data() + "/replica/root.ktn");
    std::vector<std::string> keys;
    for (const std::size_t at : {0U, 4096U})
      if (slots.size() >= at + 80 && slots.substr(at + 8, 32) != std::string(32, '\0'))
        keys.push_back(slots.substr(at + 8, 32));
    return keys;
  }
  bool keeps(const std::string& bytes) const {
    for (const std::string& file : files_below(holder.data()))
      if (read_file(file).find(bytes) != std::string::npos) return true;
    return false;
  }
  std::string metrics() const {
    std::smatch found;
    const std::string said = server->out();
    if (!std::regex_search(said, found, std::regex("Metrics +(http://[^/]+)/"))) return "";
    return Browser("http://127.0.0.1" + found[1].str().substr(found[1].str().rfind(':')))
        .get("/metrics")
        .body;
  }

  Holder holder;
  std::optional<Served> server;

 private:
  TemporaryDirectory place_;
};

/// Opens every page of the replica as it would be after a crash now.
void expect_whole(const Holder& holder, unsigned long epoch_min) {
  const TemporaryDirectory place;
  copy(holder.data() + "/replica", place.path() + "/replica");
  base::RealDisk disk;
  const auto tree = holder::ReplicaTree::open(disk, place.path() + "/replica");
  ASSERT_TRUE(tree.ok()) << tree.error().chain();
  EXPECT_TRUE((*tree)->whole());
  EXPECT_GE((*tree)->epoch(), epoch_min);
  const auto checked = (*tree)->check();
  EXPECT_TRUE(checked.ok()) << checked.error().chain();
}

TEST(Replica, ConfirmsErasuresAndMayBeAway) {
  Followed world;
  for (const int i : {1, 2}) world.server->account(person(i));
  ASSERT_TRUE(world.holder.reaches("/replica/epoch", 1, 20s));
  const auto before = world.root_keys();
  ASSERT_EQ(before.size(), 1U);
  ASSERT_TRUE(world.keeps(before[0]));

  const auto confirmed = world.erase_until_destroyed(10);
  EXPECT_EQ(confirmed.state, "destroyed");
  EXPECT_EQ(confirmed.behind, 0U);
  EXPECT_FALSE(world.keeps(before[0])) << "the root that opened her is there still";
  EXPECT_TRUE(world.holder.reaches("/replica/epoch", confirmed.epoch, 1s));
  const Outcome verified = run(
      {"receipt", "verify", world.holder.path("receipt"), "--log", world.server->data() + "/log"});
  EXPECT_EQ(verified.code, 0) << verified.out;

  world.holder.kill();
  const auto old = world.root_keys();
  const auto pending = world.erase(person(1));
  EXPECT_EQ(pending.state, "pending");
  EXPECT_GE(pending.behind, 1U);
  EXPECT_LT(pending.took, 5s) << "an erasure waits for a replica that is dead";
  std::string metrics = world.metrics();
  EXPECT_TRUE(
      std::regex_search(metrics, std::regex("replica_epochs_behind\\{replica=\"oslo\"\\} [1-9]")))
      << metrics;
  EXPECT_NE(metrics.find("replica_link{replica=\"oslo\",state=\"away\"} 1"), std::string::npos)
      << metrics;
  EXPECT_TRUE(std::regex_search(
      metrics, std::regex("replica_behind_seconds\\{replica=\"oslo\"\\} [0-9.e-]+")));

  const auto said_so = [&] { return world.server->log().find("\"link\":\"away\""); };
  for (const auto end = steady_clock::now() + 10s;
       said_so() == std::string::npos && steady_clock::now() < end;)
    std::this_thread::sleep_for(50ms);
  EXPECT_NE(said_so(), std::string::npos) << world.server->log();

  // It catches up by itself, and then no longer has what it had.
  world.holder.start();
  EXPECT_TRUE(world.holder.reaches("/replica/epoch", pending.epoch, 60s));
  for (const std::string& key : old) EXPECT_FALSE(world.keeps(key));
  const auto again = world.erase_until_destroyed(20);
  EXPECT_EQ(again.state, "destroyed");
  EXPECT_EQ(world.holder.status("/replica/open_intents"), "0");
  metrics = world.metrics();
  EXPECT_NE(metrics.find("replica_link{replica=\"oslo\",state=\"following\"} 1"), std::string::npos)
      << metrics;

  world.server->stop();
  expect_whole(world.holder, again.epoch);
  const Outcome copied = run({"ledger", "verify", world.holder.data() + "/replica/log"});
  EXPECT_EQ(copied.code, 0) << copied.out;
  EXPECT_EQ(world.holder.log().find("127.0.0.1"), std::string::npos) << "an address is logged";
}

/// Processes that `parent` has started and that run, with the words they were started with.
std::vector<std::pair<pid_t, std::string>> children_of(pid_t parent) {
  std::vector<std::pair<pid_t, std::string>> found;
  const std::string tasks = "/proc/" + std::to_string(parent) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;)
      found.emplace_back(child, read_file("/proc/" + std::to_string(child) + "/cmdline"));
  }
  return found;
}

TEST(Replica, IsReachedThroughTheProcessOutsideAlone) {
  Followed world;
  world.server->account(person(1));
  ASSERT_TRUE(world.holder.reaches("/replica/epoch", 1, 20s));
  const auto own = children_of(world.server->process());
  ASSERT_EQ(own.size(), 1U) << "the server started something that connects";
  EXPECT_NE(own[0].second.find("outside-for-parent"), std::string::npos);
  // One that dies is replaced, though the server itself could start none that may connect.
  std::size_t killed = 0;
  for (const auto& [child, words] : children_of(own[0].first))
    if (words.find("dial-for-parent") != std::string::npos && ::kill(child, SIGKILL) == 0) ++killed;
  EXPECT_EQ(killed, 1U);
  world.holder.kill();
  world.holder.start();
  EXPECT_EQ(world.erase_until_destroyed(20).state, "destroyed");
}

TEST(Replica, EachIsNamedForItself) {
  Followed world;
  Holder bergen;
  const Outcome added = bergen.add(world.server->data(), "bergen", bergen.code(), world.root());
  ASSERT_EQ(added.code, 0) << added.err;
  ASSERT_EQ(world.command("replicate", "bergen").code, 0);
  EXPECT_EQ(world.command("replicate", "bergen").code, 0) << "it is one already";
  EXPECT_EQ(world.command("replicate", "trondheim").code, 1);
  world.server->restart();
  EXPECT_NE(world.server->out().find("Replica 2        bergen"), std::string::npos);
  world.holder.kill();
  Reply receipt;
  for (int i = 0; i < 5 && receipt.at("/replicas/1/state") != "destroyed"; ++i) {
    Browser her = world.server->account(person(i));
    receipt = Served::cancel(her, person(i));
  }
  EXPECT_EQ(receipt.at("/replicas/0/name"), "oslo");
  EXPECT_EQ(receipt.at("/replicas/0/state"), "pending");
  EXPECT_EQ(receipt.at("/replicas/1/name"), "bergen");
  EXPECT_EQ(receipt.at("/replicas/1/state"), "destroyed") << receipt.body;
  EXPECT_TRUE(bergen.reaches("/replica/epoch", std::stoul(receipt.at("/epoch")), 1s));
}

TEST(Replica, ThatStandsStillDelaysNobodyForLong) {
  Followed world;
  world.server->account(person(1));
  ASSERT_EQ(world.erase_until_destroyed(10).state, "destroyed");
  world.holder.freeze();
  const auto said = world.erase(person(1));
  EXPECT_EQ(said.state, "pending");
  EXPECT_LT(said.took, 5s);
  const auto from = steady_clock::now();
  world.server->stop();
  EXPECT_LT(steady_clock::now() - from, 10s) << "a stop waits for a replica that stands still";
  world.holder.thaw();
  world.server->start();
  EXPECT_TRUE(world.holder.reaches("/replica/epoch", said.epoch, 60s));
}

TEST(Replica, FollowsThroughKills) {
  Followed world;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 3; ++i) {
      const Person who = person(round * 10 + i);
      world.server->account(who);
      if (i == 1) world.erase(who);
    }
    if (round % 2 == 0) world.holder.kill();
    world.server->kill();
    if (round % 2 == 0) world.holder.start();
    world.server->start();
  }
  const auto said = world.erase_until_destroyed(100);
  EXPECT_EQ(said.state, "destroyed");
  EXPECT_EQ(world.holder.status("/replica/open_intents"), "0");
  expect_whole(world.holder, said.epoch);
  world.server->stop();
  EXPECT_EQ(run({"keys", "check", "--data", world.server->data(), "--root", world.root()}).code, 0);
}

TEST(Replica, MayStandBesideTheRoot) {
  Followed world({"--root-holder", "remote:oslo"});
  EXPECT_FALSE(exists(world.root() + "/root.ktn"));
  const auto said = world.erase_until_destroyed(1);
  EXPECT_EQ(said.state, "destroyed");
  EXPECT_TRUE(world.holder.reaches("/replica/epoch", said.epoch, 1s));
  EXPECT_TRUE(world.holder.reaches("/root/epoch", said.epoch, 1s));
  expect_whole(world.holder, said.epoch);
  const Outcome status = run({"holder", "status", "--data", world.holder.data()});
  EXPECT_TRUE(std::regex_search(status.out, std::regex("root +epoch [1-9]"))) << status.out;
  EXPECT_TRUE(std::regex_search(status.out, std::regex("replica +epoch [1-9]"))) << status.out;
}

TEST(Replica, FollowsThroughARestoreAndANewKeyOfTheLog) {
  Followed world;
  for (const int i : {1, 2}) world.server->account(person(i));
  const TemporaryDirectory place;
  const std::string backup = place.path() + "/backup";
  const std::vector<std::string> where = {"--data", world.server->data(), "--root", world.root()};
  const auto command = [&](std::vector<std::string> words) {
    words.insert(words.end(), where.begin(), where.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << words[0] << ": " << outcome.err;
  };
  command({"backup", backup});
  world.erase(person(1));
  world.server->stop();
  command({"restore", backup, "--notice", world.server->path("notice.yaml")});
  command({"ledger", "rotate-key", "--notice", world.server->path("notice.yaml")});
  world.server->start();
  Browser her = world.server->browser();
  EXPECT_EQ(Served::log_in(her, person(1)).status, 401);
  world.erase(person(2));
  const auto said = world.erase_until_destroyed(10);
  EXPECT_EQ(said.state, "destroyed");
  EXPECT_TRUE(world.holder.reaches("/replica/leaves", said.leaves, 5s))
      << "the entry waits for something else to be sent";
  expect_whole(world.holder, said.epoch);
  const std::string copied = world.holder.data() + "/replica/log";
  EXPECT_EQ(read_file(copied + "/keys"), read_file(world.server->data() + "/log/keys"));
  EXPECT_NE(read_file(copied + "/keys"), "");
  EXPECT_EQ(read_file(copied + "/key"), read_file(world.server->data() + "/log/key"));
  EXPECT_EQ(run({"ledger", "verify", copied}).code, 0);
}

TEST(Replica, IsRetiredWhenItIsDead) {
  Followed world;
  world.server->account(person(1));
  world.holder.kill();
  const Outcome serving = world.retire();
  EXPECT_EQ(serving.code, 2);
  EXPECT_NE(serving.err.find("something serves this directory"), std::string::npos) << serving.err;
  world.server->stop();
  EXPECT_EQ(world.retire("bergen").code, 1);

  base::RealDisk disk;
  const holder::Known oslo = *holder::read_known(disk, world.root())->find("oslo");
  const auto logged = [&](holder::ReplicaEvent event) {
    const base::Bytes entry = holder::replica_leaf(event, oslo, 0).encode();
    for (const std::string& file : files_below(world.server->data() + "/log/tile/entries"))
      if (read_file(file).find(base::text(entry)) != std::string::npos) return true;
    return false;
  };
  EXPECT_FALSE(logged(holder::ReplicaEvent::retired));
  const Outcome retired = world.retire();
  EXPECT_EQ(retired.code, 0) << retired.err;
  EXPECT_TRUE(logged(holder::ReplicaEvent::added));
  EXPECT_TRUE(logged(holder::ReplicaEvent::retired));
  const Outcome twice = world.retire();
  EXPECT_EQ(twice.code, 0) << twice.err;
  EXPECT_NE(twice.out.find("is no replica"), std::string::npos) << twice.out;

  world.server->start();
  EXPECT_EQ(world.erase(person(1)).state, "") << "a retired replica is named";
  EXPECT_EQ(world.metrics().find("replica_link"), std::string::npos);
  EXPECT_EQ(run({"ledger", "verify", world.server->data() + "/log"}).code, 0);
}

TEST(Replica, IsFollowedByTheNewestHostAlone) {
  Followed world;
  ASSERT_EQ(world.erase_until_destroyed(1).state, "destroyed");
  world.server->stop();
  // The service is put on another host, and the old one is started again.
  const TemporaryDirectory other;
  copy(world.server->data(), other.path() + "/data");
  copy(world.root(), other.path() + "/root");
  write_file(other.path() + "/root/incarnation", "2\n");
  world.server->start();
  ASSERT_TRUE(world.server->running());
  {
    const Child newer =
        Child::start({"serve", "--data", other.path() + "/data", "--root", other.path() + "/root",
                      "--listen", "127.0.0.1:0", "--notice", world.server->path("notice.yaml")},
                     {other.path() + "/out", other.path() + "/err"});
    EXPECT_TRUE(world.holder.reaches("/replica/incarnation", 2, 30s));
    // It learns so when it next has something to say, and at the latest by its heartbeat.
    Browser ola = world.server->browser();
    Served::sign_up(ola, person(9));
    EXPECT_EQ(world.server->ends(30s), std::optional(2)) << world.server->log();
    EXPECT_NE(world.server->log().find("another host has taken this service over"),
              std::string::npos)
        << world.server->log();
  }
  EXPECT_EQ(world.server->try_start(), std::optional(2));
  EXPECT_EQ(world.holder.status("/replica/incarnation"), "2");
  const Outcome retire = world.retire();
  EXPECT_EQ(retire.code, 2) << "and nothing is signed there";
}

TEST(Replica, IsRefusedWhereTheNoticeDoesNotNameItsHost) {
  Followed world;
  world.server->stop();
  const Outcome unnamed = run(
      {"serve", "--data", world.server->data(), "--root", world.root(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(unnamed.code, 2);
  EXPECT_NE(unnamed.err.find("no enabled recipient of the notice names the host 127.0.0.1"),
            std::string::npos)
      << unnamed.err;
}

}  // namespace

// A host that is lost with all its disks, and another that takes its service over from what a
// holder keeps: real processes, mutual TLS on loopback. Who was erased stays erased, who lives can
// log in, the lost host is refused when it comes back, and kill -9 leaves nothing half-restored.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/disk.h"
#include "holder/replica.h"
#include "tests/faults/followed.h"
#include "tests/faults/moments.h"

using namespace support;
using faults::Followed;
using faults::kKari;
using faults::kLiv;
using faults::kOla;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

class FromHolder : public Followed {
 protected:
  std::string receipt() const { return place.path() + "/receipt"; }
  std::string key() const { return place.path() + "/key"; }
  /// Kari, who is erased after the backup, and Ola, who stays.
  void live() {
    Browser her = server->account(kKari);
    Browser his = server->account(kOla);
    ASSERT_EQ(her.request("PUT", "/v1/files/letter.txt", "Dear Ola").status, 201);
    ASSERT_EQ(his.request("PUT", "/v1/files/letter.txt", "Dear Kari").status, 201);
    back_up();
    const Reply erased = Served::cancel(her, kKari);
    ASSERT_EQ(erased.status, 200) << erased.body;
    write_file(receipt(), erased.body);
  }
  /// As whoever pins the log's key at its first sight does.
  void follow() {
    if (!exists(key())) write_file(key(), read_file(server->data() + "/log/key"));
    Followed::follow();
  }
  /// The host is gone; a copy of its disks may come back.
  void lose() {
    server->kill();
    copy(server->data(), place.path() + "/old-data");
    copy(root(), place.path() + "/old-root");
    remove(server->data());
    remove(root());
  }
  std::vector<std::string> restoring(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {
        "restore", backup(),        "--data",   server->data(),
        "--root",  root(),          "--notice", server->path("notice.yaml"),
        "--json",  "--from-holder", "oslo"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Outcome restore(std::vector<std::string> more = {}) const { return run(restoring(more)); }
  std::vector<std::string> shown() const { return {"--checkpoint", checkpoint()}; }
  /// The server's commands that look, with this installation's root and notice.
  void expect_sound() const {
    for (auto check :
         {std::vector<std::string>{"keys", "check", "--root", root()},
          {"vault", "check", "--root", root(), "--notice", server->path("notice.yaml")}}) {
      check.insert(check.end(), {"--data", server->data()});
      const Outcome outcome = run(check);
      EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
    }
    expect_log_holds();
  }
  /// Under the key that whoever pinned it before the loss has.
  void expect_log_holds() const {
    std::string pinned = read_file(key());
    pinned.pop_back();
    const std::string log = server->data() + "/log";
    const Outcome whole = run({"ledger", "verify", log, "--key", pinned});
    EXPECT_EQ(whole.code, 0) << whole.out << whole.err;
    const Outcome held = run({"receipt", "verify", receipt(), "--log", log, "--key", pinned});
    EXPECT_EQ(held.code, 0) << held.out << held.err;
  }
  Outcome old_host() const {
    return run({"serve", "--data", place.path() + "/old-data", "--root", place.path() + "/old-root",
                "--notice", server->path("notice.yaml"), "--listen", "127.0.0.1:0"});
  }
};

TEST_F(FromHolder, AnotherHostTakesTheServiceOver) {
  live();
  follow();
  lose();
  pair();
  const Outcome done = restore(shown());
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(json_at(done.out, "/from_holder/incarnation"), "2") << done.out;
  EXPECT_EQ(json_at(done.out, "/from_holder/new_log_origin"), "");
  EXPECT_NE(json_at(done.out, "/erased/0"), "") << "she is in the backup, and was removed";
  EXPECT_EQ(read_file(server->data() + "/restore-report.json"), done.out);
  EXPECT_FALSE(exists(server->data() + "/taking-over"));
  expect_sound();
  server->start();
  expect_living();
  // The replica follows the new host, and erasures are confirmed by it again.
  Browser hers = server->account(kLiv);
  const Reply erased = Served::cancel(hers, kLiv);
  ASSERT_EQ(erased.status, 200) << erased.body;
  EXPECT_TRUE(holder.reaches("/replica/epoch", std::stoul(erased.at("/epoch")), 20s));
  EXPECT_EQ(holder.status("/replica/incarnation"), "2");
  // The lost host comes back.
  const Outcome old = old_host();
  EXPECT_EQ(old.code, 2);
  EXPECT_NE(old.err.find("another host has taken this service over"), std::string::npos) << old.err;
  server->stop();
  expect_sound();
  // There is a service here now.
  EXPECT_EQ(restore(shown()).code, 2);
}

TEST_F(FromHolder, TheRootMayGoToAHolderAndTellsOfLag) {
  live();
  follow();
  lose();
  pair();
  auto asked = shown();
  asked.insert(asked.end(), {"--root-holder", "remote:oslo"});
  const Outcome done = restore(asked);
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_FALSE(exists(root() + "/root.ktn"));
  EXPECT_NE(holder.status("/root/epoch"), "");
  expect_sound();
  server->start();
  expect_living();
  // The holder's root goes on; its replica is set back to what it was, as one that lags is.
  server->stop();
  holder.kill();
  copy(holder.data() + "/replica", place.path() + "/lagging");
  holder.start();
  server->start();
  Browser hers = server->account(kLiv);
  ASSERT_EQ(Served::cancel(hers, kLiv).status, 200);
  follow();
  lose();
  holder.kill();
  remove(holder.data() + "/replica");
  copy(place.path() + "/lagging", holder.data() + "/replica");
  holder.start();
  pair();
  write_file(checkpoint(), read_file(holder.data() + "/replica/log/checkpoint"));
  const Outcome refused = restore(asked);
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("newer one than the replica's tree"), std::string::npos)
      << refused.err;
  EXPECT_EQ(holder.status("/replica/incarnation"), "2") << "a refusal takes nothing over";
}

TEST_F(FromHolder, LagThatNobodyCanExcludeIsAcceptedAndShows) {
  live();
  follow();
  lose();
  pair();
  const Outcome refused = restore();
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("--accept-lag"), std::string::npos) << refused.err;
  EXPECT_FALSE(exists(server->data() + "/keys.ktn"));
  EXPECT_EQ(holder.status("/replica/incarnation"), "1") << "a refusal takes nothing over";
  const Outcome done = restore({"--accept-lag"});
  ASSERT_EQ(done.code, 0) << done.err;
  const std::string origin = json_at(done.out, "/from_holder/new_log_origin");
  ASSERT_NE(origin, "");
  EXPECT_EQ(read_file(server->data() + "/log/checkpoint").substr(0, origin.size() + 1),
            origin + "\n");
  expect_sound();
  server->start();
  expect_living();
  // What is erased now is receipted under the new name, and held by whoever pinned the old key.
  Browser hers = server->account(kLiv);
  const Reply erased = Served::cancel(hers, kLiv);
  ASSERT_EQ(erased.status, 200) << erased.body;
  EXPECT_EQ(erased.at("/log/origin"), origin);
  expect_log_holds();
  write_file(receipt(), erased.body);
  expect_log_holds();
  // The replica's copy goes on under it, too; and a backup made under it is this log's.
  EXPECT_TRUE(holder.reaches("/replica/epoch", std::stoul(erased.at("/epoch")), 20s));
  follow();
  EXPECT_EQ(read_file(holder.data() + "/replica/log/checkpoint").substr(0, origin.size()), origin);
  EXPECT_EQ(run({"backup", backup(), "--data", server->data()}).code, 0);
  server->stop();
  const Outcome again = run({"restore", backup(), "--data", server->data(), "--root", root(),
                             "--notice", server->path("notice.yaml")});
  EXPECT_EQ(again.code, 0) << again.err;
  expect_sound();
}

TEST_F(FromHolder, RefusesWhereAnErasureWouldBeUndone) {
  live();
  follow();
  // The replica does not see what comes now; everybody else does.
  holder.kill();
  Browser hers = server->account(kLiv);
  ASSERT_EQ(Served::cancel(hers, kLiv).status, 200);
  write_file(checkpoint(), published());
  const std::string size = size_in(read_file(checkpoint()));
  lose();
  holder.start();
  ASSERT_NE(holder.status("/replica/leaves"), size);
  pair();
  for (const auto& more :
       {shown(), std::vector<std::string>{"--checkpoint", checkpoint(), "--accept-lag"}}) {
    const Outcome refused = restore(more);
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.err.find("never got: it lags"), std::string::npos) << refused.err;
  }
  EXPECT_FALSE(exists(server->data() + "/keys.ktn"));
}

TEST_F(FromHolder, RefusesWhereAnErasureWasAnnounced) {
  live();
  follow();
  lose();
  holder.kill();
  {
    // As if the host had gone between an announcement and its commit.
    base::RealDisk disk;
    base::SystemClock clock;
    const auto replica = holder::Replica::open(disk, clock, holder.data() + "/replica").value();
    replica->handle(holder::Method::replica_intend, encode(holder::IntendRequest{1, {4711}}))
        .value();
  }
  holder.start();
  pair();
  for (const auto& more : {shown(), std::vector<std::string>{"--accept-lag"}}) {
    const Outcome refused = restore(more);
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.err.find("erasure number 4711"), std::string::npos) << refused.err;
  }
  EXPECT_FALSE(exists(server->data() + "/keys.ktn"));
  EXPECT_EQ(restore({"--drill"}).code, 2);
  EXPECT_EQ(holder.status("/replica/incarnation"), "1");
}

TEST_F(FromHolder, ADrillLeavesNothingBehind) {
  live();
  follow();
  const auto state = [&] {
    std::vector<std::string> all;
    for (const std::string& directory :
         {holder.data() + "/replica", root(), server->data() + "/log"})
      for (const std::string& file : files_below(directory))
        if (!file.ends_with("/state")) all.push_back(file + read_file(file));
    return all;
  };
  const auto before = state();
  for (const auto& more :
       {std::vector<std::string>{"--drill", "--checkpoint", checkpoint()}, {"--drill"}}) {
    const Outcome drill = restore(more);  // beside the server
    EXPECT_EQ(drill.code, 0) << drill.out << drill.err;
    EXPECT_EQ(json_at(drill.out, "/opened/sound"), "true") << drill.out;
    EXPECT_EQ(json_at(drill.out, "/opened/records_damaged"), "0");
    EXPECT_NE(json_at(drill.out, "/opened/records"), "0");
    EXPECT_NE(json_at(drill.out, "/opened/content_bytes"), "0");
    EXPECT_EQ(json_at(drill.out, "/from_holder/serves"), more.size() == 3 ? "true" : "false");
  }
  // The same of what is here.
  const Outcome here = run({"restore", backup(), "--drill", "--data", server->data(), "--root",
                            root(), "--notice", server->path("notice.yaml"), "--json"});
  EXPECT_EQ(here.code, 0) << here.out << here.err;
  EXPECT_EQ(json_at(here.out, "/opened/sound"), "true") << here.out;
  EXPECT_FALSE(exists(server->data() + ".drill"));
  EXPECT_FALSE(exists(server->data() + ".drill.lock"));
  EXPECT_EQ(state(), before);
  EXPECT_EQ(holder.status("/replica/incarnation"), "1");
  // The server was never in anybody's way, and its replica follows it still.
  Browser hers = server->account(kLiv);
  const Reply erased = Served::cancel(hers, kLiv);
  ASSERT_EQ(erased.status, 200);
  EXPECT_TRUE(holder.reaches("/replica/epoch", std::stoul(erased.at("/epoch")), 20s));
  // Damage in the backup is found.
  for (const std::string& file : files_below(backup())) {
    if (file.find("/chunks/") == std::string::npos) continue;
    std::string bytes = read_file(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
    write_file(file, bytes);
    break;
  }
  EXPECT_NE(restore({"--drill"}).code, 0);
  EXPECT_FALSE(exists(server->data() + ".drill"));
}

TEST_F(FromHolder, GoesOnAfterAKill) {
  faults::Moments moments("FromHolder.GoesOnAfterAKill");
  live();
  follow();
  lose();
  pair();
  copy(root(), place.path() + "/paired");
  const faults::Moment whole = faults::time_of([&] {
    const Outcome done = restore(shown());
    ASSERT_EQ(done.code, 0) << done.err;
  });
  for (int round = 0; round < faults::rounds(); ++round) {
    // A new host each time; now and then it is killed more than once.
    remove(server->data());
    remove(root());
    copy(place.path() + "/paired", root());
    for (int kills = 0; kills <= round % 3; ++kills) {
      Child child = Child::start(
          restoring(round % 2 == 0 ? shown() : std::vector<std::string>{"--accept-lag"}),
          {place.path() + "/killed.out", place.path() + "/killed.err"});
      std::this_thread::sleep_for(moments.within(whole));
      child.signal(SIGKILL);
      EXPECT_TRUE(child.wait(10s).has_value());
    }
    if (exists(server->data() + "/taking-over")) {
      const Outcome served = run({"serve", "--data", server->data(), "--root", root(), "--notice",
                                  server->path("notice.yaml"), "--listen", "127.0.0.1:0"});
      EXPECT_EQ(served.code, 2);
      EXPECT_NE(served.err.find("did not come to its end"), std::string::npos) << served.err;
    }
    if (!exists(server->data() + "/store.db") || exists(server->data() + "/taking-over")) {
      const Outcome done =
          restore(round % 2 == 0 ? shown() : std::vector<std::string>{"--accept-lag"});
      ASSERT_EQ(done.code, 0) << done.err;
    }
    EXPECT_FALSE(exists(server->data() + "/taking-over"));
    expect_sound();
    server->start();
    expect_living();
    follow();  // what the next host will show
    server->stop();
    if (HasFailure()) break;
  }
}

}  // namespace

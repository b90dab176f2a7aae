// The root of the keys on another host: a real holder process, a real server, mutual TLS between
// them on loopback. The holder is killed in the middle; what can be read goes on, what cannot be
// kept is refused, and all works again when it is back.
#include "tests/support/holder.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <regex>
#include <thread>

#include "tests/support/files.h"
#include "tests/support/served.h"

using namespace support;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

const Person kKari = {"Kari Nordmann", "kari@example.com"};
const Person kOla = {"Ola Nordmann", "ola@example.com"};

TEST(Holder, KeepsTheRootAndMayBeAwayForAWhile) {
  Holder holder;
  TemporaryDirectory place;
  const std::string root = place.path() + "/root";
  const std::string log = holder.path("log");
  const Outcome added = holder.add(place.path() + "/none", "oslo", holder.code(), root);
  ASSERT_EQ(added.code, 0) << added.err;

  Served server(
      {.more = {"--root", root, "--root-holder", "remote:oslo"}, .notice = notice_with_holder()});
  EXPECT_FALSE(exists(root + "/root.ktn")) << "the root is here and not with its holder";
  Browser kari = server.account(kKari);
  ASSERT_EQ(kari.request("PUT", "/v1/files/letter.txt", "Dear Ola").status, 201);

  holder.kill();
  EXPECT_EQ(kari.get("/v1/files/letter.txt").body, "Dear Ola") << "reading goes on";
  Browser ola = server.browser();
  const auto from = steady_clock::now();
  EXPECT_EQ(Served::sign_up(ola, kOla).status, 503);
  EXPECT_LT(steady_clock::now() - from, 6s);
  EXPECT_EQ(kari.get("/v1/files/letter.txt").body, "Dear Ola");

  holder.start();
  // Without a restart of the server, as soon as it tries again.
  int status = 0;
  for (const auto end = steady_clock::now() + 20s; steady_clock::now() < end && status != 202;) {
    status = Served::sign_up(ola, kOla).status;
    if (status != 202) std::this_thread::sleep_for(100ms);
  }
  EXPECT_EQ(status, 202);
  EXPECT_EQ(kari.get("/v1/files/letter.txt").body, "Dear Ola");

  // Both at once, then both again; and nothing was lost.
  holder.kill();
  server.kill();
  EXPECT_EQ(server.try_start(), std::optional(2)) << "a start without its root";
  EXPECT_NE(server.log().find("the holder that keeps the root does not give it"),
            std::string::npos);
  holder.start();
  server.start();
  Browser again = server.browser();
  ASSERT_EQ(Served::log_in(again, kKari).status, 200);
  EXPECT_EQ(again.get("/v1/files/letter.txt").body, "Dear Ola");
  EXPECT_EQ(Served::cancel(again, kKari).status, 200);
  Browser erased = server.browser();
  EXPECT_EQ(Served::log_in(erased, kKari).status, 401);
  server.stop();
  EXPECT_EQ(run({"keys", "check", "--data", server.data(), "--root", root}).code, 0);
  EXPECT_EQ(read_file(log).find("127.0.0.1"), std::string::npos) << "an address is logged";

  // Another choice does not make a second tree.
  const Outcome other = run({"serve", "--data", server.data(), "--root", root, "--root-holder",
                             "file", "--listen", "127.0.0.1:0"});
  EXPECT_EQ(other.code, 2);
  EXPECT_NE(other.err.find("kept elsewhere"), std::string::npos) << other.err;
  // And the embedded notice names no such host.
  const Outcome unnamed =
      run({"serve", "--data", server.data(), "--root", root, "--listen", "127.0.0.1:0"});
  EXPECT_EQ(unnamed.code, 2);
  EXPECT_NE(unnamed.err.find("no enabled recipient of the notice names the host 127.0.0.1"),
            std::string::npos)
      << unnamed.err;
}

TEST(Holder, LetsInOnlyWhoHasTheCode) {
  const Holder holder;
  const TemporaryDirectory place;
  const std::string data = place.path() + "/data";
  EXPECT_EQ(holder.add(data, "oslo", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aa").code, 1) << "no code open";
  const std::string code = holder.code();
  EXPECT_EQ(holder.add(data, "oslo", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aa").code, 1) << "wrong";
  EXPECT_FALSE(exists(data + ".root/holders.json"));
  EXPECT_EQ(holder.add(data, "Oslo", code).code, 2) << "not a name";
  EXPECT_EQ(holder.add(data, "oslo", "short").code, 2) << "not a code";
  const Outcome done = holder.add(data, "oslo", code);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(holder.add(data, "oslo", code).code, 1) << "used";
  const Outcome status = run({"holder", "status", "--data", holder.data(), "--json"});
  EXPECT_EQ(status.code, 0);
  std::smatch found;
  ASSERT_TRUE(std::regex_search(status.out, found, std::regex("\"([a-z2-7]{52})\"")));
  EXPECT_EQ(run({"holder", "forget", found[1], "--data", holder.data()}).code, 0);
  EXPECT_EQ(run({"holder", "forget", found[1], "--data", holder.data()}).code, 1);
}

// The root as two shares: one in a file here, one with a holder there.
TEST(Holder, KeepsAShareOfASplitRoot) {
  Holder holder;
  TemporaryDirectory place;
  const std::string root = place.path() + "/root";
  ASSERT_EQ(holder.add(place.path() + "/none", "oslo", holder.code(), root).code, 0);
  Served server({.more = {"--root", root, "--root-holder", "split:file,remote:oslo"},
                 .notice = notice_with_holder()});
  EXPECT_NE(server.log().find("losing either share is losing every key"), std::string::npos);
  EXPECT_FALSE(exists(root + "/root.ktn"));
  Browser kari = server.account(kKari);
  ASSERT_EQ(kari.request("PUT", "/v1/files/letter.txt", "Dear Ola").status, 201);
  Browser ola = server.account(kOla);

  holder.kill();
  EXPECT_EQ(kari.get("/v1/files/letter.txt").body, "Dear Ola") << "reading goes on";
  Browser eve = server.browser();
  EXPECT_EQ(Served::sign_up(eve, {"Eve", "eve@example.com"}).status, 503);
  server.kill();
  EXPECT_EQ(server.try_start(), std::optional(2)) << "a start with one share";
  holder.start();
  server.start();

  // What a thief had before she was erased: all data, and the other share.
  server.stop();
  holder.kill();
  const std::string old_share = read_file(holder.data() + "/root.ktn");
  const std::string old_tree = read_file(server.data() + "/keys.ktn");
  holder.start();
  server.start();
  Browser again = server.browser();
  ASSERT_EQ(Served::log_in(again, kKari).status, 200);
  ASSERT_EQ(Served::cancel(again, kKari).status, 200);
  server.stop();
  holder.kill();
  EXPECT_EQ(read_file(holder.data() + "/root.ktn"), old_share) << "the resting share rests";
  // And takes today's root directory with it: the old tree does not open.
  const std::string new_tree = read_file(server.data() + "/keys.ktn");
  write_file(server.data() + "/keys.ktn", old_tree);
  holder.start();
  EXPECT_EQ(server.try_start(), std::optional(2));
  write_file(server.data() + "/keys.ktn", new_tree);
  server.start();
  Browser erased = server.browser();
  EXPECT_EQ(Served::log_in(erased, kKari).status, 401);
}

// As who began with the default does later: a passphrase, then a holder, then a share each.
TEST(Holder, TheRootOfExistingDataIsWrappedAndMoved) {
  Holder holder;
  TemporaryDirectory place;
  const std::string root = place.path() + "/root";
  const std::string secret = place.path() + "/passphrase";
  const std::string notice = place.path() + "/notice.yaml";
  write_file(secret, "correct horse\n");
  ASSERT_EQ(::chmod(secret.c_str(), 0600), 0);
  write_file(notice, notice_with_holder());
  Served server({.more = {"--root", root}, .notice = notice_with_holder()});
  Browser kari = server.account(kKari);
  ASSERT_EQ(kari.request("PUT", "/v1/files/letter.txt", "Dear Ola").status, 201);
  const std::vector<std::string> where = {"--data", server.data(), "--root", root};
  const auto keys = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "keys");
    arguments.insert(arguments.end(), where.begin(), where.end());
    return run(arguments);
  };
  EXPECT_EQ(keys({"passphrase", "--passphrase-file", secret}).code, 2) << "it is being served";
  server.stop();

  const Outcome wrapped = keys({"passphrase", "--passphrase-file", secret});
  ASSERT_EQ(wrapped.code, 0) << wrapped.err;
  EXPECT_EQ(wrapped.out.find("correct horse"), std::string::npos);
  EXPECT_EQ(server.try_start(), std::optional(2)) << "without the passphrase";
  EXPECT_NE(server.log().find("give --passphrase-file"), std::string::npos);
  EXPECT_EQ(keys({"check"}).code, 2);
  EXPECT_EQ(keys({"check", "--passphrase-file", secret}).code, 0);
  ASSERT_EQ(::chmod(secret.c_str(), 0644), 0);
  EXPECT_EQ(keys({"check", "--passphrase-file", secret}).code, 2) << "everybody may read it";
  ASSERT_EQ(::chmod(secret.c_str(), 0600), 0);

  ASSERT_EQ(holder.add(server.data(), "oslo", holder.code(), root).code, 0);
  EXPECT_EQ(keys({"move-root", "--to", "remote:oslo", "--passphrase-file", secret}).code, 2)
      << "the embedded notice names no such host";
  const Outcome moved =
      keys({"move-root", "--to", "remote:oslo", "--passphrase-file", secret, "--notice", notice});
  ASSERT_EQ(moved.code, 0) << moved.err;
  EXPECT_FALSE(exists(root + "/root.ktn"));
  server.start();
  Browser again = server.browser();
  ASSERT_EQ(Served::log_in(again, kKari).status, 200);
  EXPECT_EQ(again.get("/v1/files/letter.txt").body, "Dear Ola");
  server.stop();
  EXPECT_EQ(keys({"move-root", "--to", "split:file,remote:oslo", "--notice", notice}).code, 2)
      << "the holder is in both";
  ASSERT_EQ(keys({"move-root", "--to", "file", "--notice", notice}).code, 0);
  const Outcome split = keys({"move-root", "--to", "split:file,remote:oslo", "--notice", notice});
  ASSERT_EQ(split.code, 0) << split.err;
  EXPECT_NE(split.out.find("losing either share"), std::string::npos);
  server.start();
  EXPECT_EQ(Served::cancel(again, kKari).status, 200);
}

}  // namespace

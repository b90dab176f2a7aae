// Backups where they are made: onto a disk that gets full, and beside people who write.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <thread>

#include "tests/support/json.h"
#include "tests/support/served.h"
#include "tests/support/volume.h"

using namespace support;

namespace {

Outcome backup(const Served& server, const std::string& to) {
  return run({"backup", to, "--data", server.data(), "--json"});
}
Outcome verify(const std::string& backup) { return run({"backup", "verify", backup, "--json"}); }

TEST(BackupOntoAFullDisk, SaysSoAndGoesOnWhenThereIsRoom) {
  if (!no_volumes().empty()) GTEST_SKIP() << no_volumes();
  Volume volume(Volume::Kind::memory, 3 << 20);
  const std::string to = volume.path() + "/backup";
  Served server;
  const Person ola{"Ola Nordmann", "ola@example.com"};
  Browser his = server.account(ola);
  const auto put = [&](int number) {
    const std::string body(400'000, static_cast<char>('a' + number));
    EXPECT_EQ(his.request("PUT", "/v1/files/picture" + std::to_string(number), body).status, 201);
  };
  put(0);
  ASSERT_EQ(backup(server, to).code, 0);
  for (int i = 1; i < 10; ++i) put(i);
  const Outcome full = backup(server, to);
  EXPECT_EQ(full.code, 2);
  EXPECT_NE(full.err.find("no space"), std::string::npos) << full.err;
  // The backup from before stands, and the live data is served.
  EXPECT_EQ(verify(to).code, 0) << verify(to).out;
  EXPECT_EQ(his.get("/v1/files/picture9").body, std::string(400'000, 'j'));
  // With room it goes on with what it had copied.
  const std::string more = "size=" + std::to_string(32 << 20);
  ASSERT_EQ(::mount("none", volume.path().c_str(), "tmpfs", MS_REMOUNT, more.c_str()), 0);
  const Outcome again = backup(server, to);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_LT(std::stoi(json_at(again.out, "/files_new")), 9) << "it began anew";
  EXPECT_EQ(verify(to).code, 0);
  EXPECT_EQ(json_at(verify(to).out, "/surplus"), "0");
  server.stop();
  const Outcome restored = run({"restore", to, "--data", server.data(), "--json"});
  ASSERT_EQ(restored.code, 0) << restored.err;
  server.start();
  ASSERT_EQ(Served::log_in(his, ola).status, 200);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(his.get("/v1/files/picture" + std::to_string(i)).body,
              std::string(400'000, static_cast<char>('a' + i)));
}

/// Writes the same files again and again, each state with its number, until told to stop.
class Rewriter {
 public:
  Rewriter(Served& server, int number)
      : who{"Kari Nordmann", "kari" + std::to_string(number) + "@example.com"},
        browser_(server.account(who)) {}
  void work(const std::atomic<bool>& stop) {
    for (int i = 1; !stop; ++i) {
      const std::string body = std::to_string(i) + std::string(i % 4 == 0 ? 60'000 : 10, ' ');
      if (browser_.request("PUT", "/v1/files/state", body).status > 201) return;
      acknowledged = i;
    }
  }
  const Person who;
  std::atomic<int> acknowledged = 0;

 private:
  Browser browser_;
};

TEST(BackupBesideWriters, HoldsAllThatWasAcknowledgedBeforeIt) {
  Served server;
  std::vector<std::unique_ptr<Rewriter>> writers;
  for (int i = 0; i < 8; ++i) writers.push_back(std::make_unique<Rewriter>(server, i));
  std::atomic<bool> stop = false;
  std::vector<std::thread> working;
  for (const auto& writer : writers) working.emplace_back([&] { writer->work(stop); });
  const std::string to = server.path("backup");
  std::vector<int> before, after;
  Outcome made;
  for (int run = 0; run < 3; ++run) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    before.clear();
    for (const auto& writer : writers) before.push_back(writer->acknowledged);
    made = backup(server, to);
    EXPECT_EQ(made.code, 0) << made.err;
    after.clear();
    for (const auto& writer : writers) after.push_back(writer->acknowledged + 1);
    EXPECT_EQ(verify(to).code, 0);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  stop = true;
  for (std::thread& one : working) one.join();
  server.stop();
  const Outcome restored = run({"restore", to, "--data", server.data(), "--json"});
  ASSERT_EQ(restored.code, 0) << restored.err;
  EXPECT_EQ(run({"vault", "check", "--data", server.data()}).code, 0);
  server.start();
  int moved = 0;
  for (std::size_t i = 0; i < writers.size(); ++i) {
    Browser browser = server.browser();
    ASSERT_EQ(Served::log_in(browser, writers[i]->who).status, 200);
    const int state = std::atoi(browser.get("/v1/files/state").body.c_str());
    EXPECT_GE(state, before[i]) << "acknowledged before the backup began, and not in it";
    EXPECT_LE(state, after[i]) << "from after its end";
    moved += writers[i]->acknowledged > after[i] ? 1 : 0;
  }
  EXPECT_GT(moved, 0) << "nobody wrote beside it";
}

}  // namespace

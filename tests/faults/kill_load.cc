// kill -9 at random moments while many people work at once: what anybody was told stays, whoever
// else's requests it was committed with.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "tests/faults/moments.h"
#include "tests/faults/sound.h"
#include "tests/support/served.h"

using namespace support;
using faults::Moments;

namespace {

// 200 with `./test --full`.
const int kRounds = faults::rounds() > 4 ? 200 : 8;
constexpr int kPeople = 6;
constexpr std::chrono::milliseconds kWork{120};

/// Somebody who writes as long as the server lives, and what she must find afterwards.
class Writer {
 public:
  Writer(Served& server, int number)
      : who_{"Kari Nordmann", "kari" + std::to_string(number) + "@example.com"},
        browser_(server.account(who_)) {}

  /// Until a request gets no answer.
  void work(int round) {
    for (int i = 0;; ++i) {
      const std::string name = "file" + std::to_string((round + i) % 5);
      const std::string body = who_.email + std::to_string(round) + "/" + std::to_string(i) +
                               std::string(static_cast<std::size_t>(i % 3) * 40'000, 'x');
      const Reply reply = browser_.request("PUT", "/v1/files/" + name, body);
      if (reply.status != 200 && reply.status != 201) {
        EXPECT_EQ(reply.status, 0) << reply.body;
        begun_ = {name, body};
        return;
      }
      kept_[name] = body;
      ++acknowledged_;
    }
  }
  void expect_kept() {
    for (const auto& [name, body] : kept_) {
      const Reply reply = browser_.get("/v1/files/" + name);
      const bool newer = name == begun_.first && reply.body == begun_.second;
      EXPECT_EQ(reply.status, 200) << name;
      EXPECT_TRUE(reply.body == body || newer) << name << " is not what was acknowledged";
      if (newer) kept_[name] = reply.body;
    }
    const Reply begun = browser_.get("/v1/files/" + begun_.first);
    if (begun.status == 200) kept_[begun_.first] = begun.body;
  }
  int acknowledged() const { return acknowledged_; }

 private:
  Person who_;
  Browser browser_;
  std::map<std::string, std::string> kept_;
  std::pair<std::string, std::string> begun_;  // name and body of what nobody answered
  int acknowledged_ = 0;
};

TEST(KillUnderLoad, NothingAcknowledgedIsLost) {
  Moments moments("KillUnderLoad.NothingAcknowledgedIsLost");
  Served server;
  std::vector<std::unique_ptr<Writer>> writers;
  for (int i = 0; i < kPeople; ++i) writers.push_back(std::make_unique<Writer>(server, i));
  for (int round = 1; round <= kRounds; ++round) {
    SCOPED_TRACE(round);
    std::vector<std::thread> working;
    for (const auto& writer : writers) working.emplace_back([&, round] { writer->work(round); });
    std::this_thread::sleep_for(moments.within(kWork));
    server.kill();
    for (std::thread& one : working) one.join();
    // Every fourth start is killed, too.
    if (round % 4 == 0) server.start_and_kill(moments.within(std::chrono::milliseconds(100)));
    server.start();
    for (const auto& writer : writers) writer->expect_kept();
    if (HasFailure()) break;
  }
  int acknowledged = 0;
  for (const auto& writer : writers) acknowledged += writer->acknowledged();
  std::printf("%d rounds, %d acknowledged writes\n", kRounds, acknowledged);
  EXPECT_GE(acknowledged, kRounds) << "there was no load";
  server.stop();
  faults::expect_sound(server);
  server.start();
}

}  // namespace

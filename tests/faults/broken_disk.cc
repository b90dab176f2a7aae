// Real file systems that fail under the running server: full, and read-only. What was acknowledged
// stays, reading goes on, and what cannot be kept is refused in words.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/support/served.h"
#include "tests/support/volume.h"

using namespace support;

namespace {

const Person kKari{"Kari Nordmann", "kari@example.com"};

class BrokenDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!no_volumes().empty()) GTEST_SKIP() << no_volumes();
  }
  static Served::How on(const Volume& volume) {
    Served::How how;
    how.below = volume.path();
    return how;
  }
  /// Puts a file; remembers it where that was acknowledged. The status.
  int put(Browser& her, const std::string& name, std::size_t bytes) {
    const std::string body(bytes, static_cast<char>('a' + kept.size() % 26));
    const Reply reply = her.request("PUT", "/v1/files/" + name, body);
    if (reply.status == 201 || reply.status == 200) {
      kept[name] = body;
    } else {
      EXPECT_GE(reply.status, 500) << reply.body;
      EXPECT_NE(reply.problem(), "") << reply.status << " without a problem's type";
    }
    return reply.status;
  }
  void expect_kept(Browser& her) {
    for (const auto& [name, body] : kept)
      EXPECT_TRUE(her.get("/v1/files/" + name).body == body) << name;
  }
  std::map<std::string, std::string> kept;
};

TEST_F(BrokenDisk, AFullOneRefusesInWordsAndGoesOnWhenThereIsSpace) {
  Volume volume(Volume::Kind::ext4, 64 << 20);
  Served server(on(volume));
  Browser her = server.account(kKari);
  const std::string ballast = volume.path() + "/ballast";
  ASSERT_EQ(put(her, "before", 200'000), 201);
  const auto free = std::filesystem::space(volume.path()).available;
  write_file(ballast, std::string(free > (6 << 20) ? free - (6 << 20) : 0, 'x'));
  int status = 201;
  for (int i = 0; i < 60 && status == 201; ++i)
    status = put(her, "file" + std::to_string(i), 400'000);
  EXPECT_EQ(status, 507) << "the disk did not get full, or nobody says so";
  for (int i = 0; i < 5; ++i) put(her, "more" + std::to_string(i), 400'000);
  expect_kept(her);
  EXPECT_EQ(her.get("/v1/account").status, 200);
  remove(ballast);
  EXPECT_EQ(put(her, "after", 400'000), 201) << "there is space again";
  expect_kept(her);
  server.kill();
  server.start();
  Browser again = server.browser();
  ASSERT_EQ(Served::log_in(again, kKari).status, 200);
  expect_kept(again);
}

TEST_F(BrokenDisk, AReadOnlyOneLosesNothing) {
  Volume volume(Volume::Kind::ext4, 64 << 20, "errors=remount-ro");
  Served server(on(volume));
  Browser her = server.account(kKari);
  ASSERT_EQ(put(her, "before", 200'000), 201);
  volume.fail_to_read_only();
  EXPECT_GE(put(her, "during", 200'000), 500);
  expect_kept(her);
  server.kill();
  volume.unmount();
  volume.mount();
  server.start();
  Browser again = server.browser();
  ASSERT_EQ(Served::log_in(again, kKari).status, 200);
  EXPECT_EQ(put(again, "after", 200'000), 201);
  expect_kept(again);
}

}  // namespace

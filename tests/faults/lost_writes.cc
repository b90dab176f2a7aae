// Storage that runs out below a file system: the kernel takes a write, fails its sync once, says
// that the next one succeeded, and shows until the power goes what it has lost. A server that took
// the second sync for the first would lose what it acknowledged.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "base/disk.h"
#include "tests/support/served.h"
#include "tests/support/volume.h"

using namespace support;

namespace {

const Person kKari{"Kari Nordmann", "kari@example.com"};

class LostWrites : public testing::Test {
 protected:
  void SetUp() override {
    if (!no_volumes().empty()) GTEST_SKIP() << no_volumes();
    volume = std::make_unique<Volume>(Volume::Kind::thin, 64 << 20);
  }
  void serve() {
    Served::How how;
    how.below = volume->path();
    server = std::make_unique<Served>(how);
    her = std::make_unique<Browser>(server->account(kKari));
  }
  int put(const std::string& name, std::size_t bytes) {
    const std::string body(bytes, static_cast<char>('a' + kept.size() % 26));
    const Reply reply = her->request("PUT", "/v1/files/" + name, body);
    if (reply.status == 201)
      kept[name] = body;
    else
      EXPECT_NE(reply.problem(), "") << reply.status << " without a problem's type";
    return reply.status;
  }
  void expect_kept() {
    EXPECT_EQ(her->get("/v1/account").status, 200);
    for (const auto& [name, body] : kept)
      EXPECT_TRUE(her->get("/v1/files/" + name).body == body) << name;
  }
  void lose_power() {
    server->kill();
    volume->unmount();
    volume->mount();
    server->start();
    ASSERT_EQ(Served::log_in(*her, kKari).status, 200);
  }
  int fill() {
    int refused = 0;
    for (int i = 0; i < 12; ++i)
      refused += put("during" + std::to_string(i), 100'000) == 201 ? 0 : 1;
    return refused;
  }

  std::unique_ptr<Volume> volume;
  std::unique_ptr<Served> server;
  std::unique_ptr<Browser> her;
  std::map<std::string, std::string> kept;
};

TEST_F(LostWrites, TheKernelForgetsThatASyncFailed) {
  const std::string path = volume->path() + "/trial";
  volume->run_out();
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  ASSERT_EQ(::pwrite(file, "written", 7, 0), 7);
  EXPECT_NE(::fdatasync(file), 0);
  EXPECT_EQ(::fdatasync(file), 0) << "this kernel does not: these tests say less here";
  ::close(file);
  EXPECT_EQ(read_file(path), "written");
  volume->unmount();
  volume->refill();
  volume->mount();
  EXPECT_EQ(read_file(path), std::string(7, '\0'));
}

// Whoever opens the file system after another program was told of its error is not told any more.
TEST_F(LostWrites, AreToldToUsAfterOthers) {
  base::RealDisk disk;
  const std::string ours = volume->path() + "/ours";
  ASSERT_TRUE(disk.make_directory(ours).ok());
  ASSERT_TRUE(disk.watch(ours).ok());
  const base::Descriptor others(::open(volume->path().c_str(), O_RDONLY | O_CLOEXEC));
  volume->run_out();
  const auto file = disk.open(ours + "/trial", base::Open::update);
  ASSERT_TRUE(file.ok() && (*file)->write_at(0, base::view("written")).ok());
  ASSERT_NE(::syncfs(others.number()), 0) << "nothing failed: the test has tried nothing";
  EXPECT_EQ(disk.sync_all(ours).code(), base::Code::full);
}

TEST_F(LostWrites, AreNotAcknowledged) {
  serve();
  ASSERT_EQ(put("before", 200'000), 201);
  volume->run_out();
  EXPECT_GT(fill(), 0) << "nothing was refused: the test has tried nothing";
  expect_kept();
  volume->refill();
  EXPECT_EQ(put("after", 100'000), 201) << "there is storage again";
  lose_power();
  expect_kept();
}

// A commit whose sync failed stands in the database's log when the next start reads it.
TEST_F(LostWrites, AreNotReliedOnByTheNextStart) {
  serve();
  ASSERT_EQ(put("before", 200'000), 201);
  server->kill();  // the file system gives back what it has put aside for the log to grow into
  volume->run_out();
  server->start();
  Browser anybody = server->browser();
  int status = 202;
  for (int i = 0; i < 100 && status == 202; ++i)  // until what is left of the log is full
    status = Served::sign_up(anybody, {"Ola", "ola" + std::to_string(i) + "@example.com"}).status;
  EXPECT_GE(status, 500) << "nothing was refused: the test has tried nothing";
  server->kill();  // the power stays, and the lost pages can still be read
  volume->refill();
  server->start();
  ASSERT_EQ(Served::log_in(*her, kKari).status, 200);
  expect_kept();
  EXPECT_EQ(put("after", 100'000), 201);
  lose_power();
  expect_kept();
}

}  // namespace

// A process that writes is killed: what the store has acknowledged to it is there.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <set>
#include <thread>

#include "store/numbers_testing.h"
#include "store/testing.h"

namespace store {
namespace {

// The child of the test below: it writes 1, 2, 3, ... and says each number on descriptor 3 after
// the store has acknowledged it, until it is killed. Its store lies in the working directory.
TEST(StoreChild, DISABLED_WritesUntilKilled) {
  base::ThreadWait wait;
  const auto schemas = numbers();
  auto store = Store::open(wait, "store.db", schemas).value();
  std::atomic<std::int64_t> next = 1;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (;;) {
        const std::int64_t n = next++;
        ASSERT_TRUE(store->write([&](Tx& tx) { return insert(tx, n); }).ok());
        ASSERT_EQ(::write(3, &n, sizeof n), static_cast<ssize_t>(sizeof n));
      }
    });
  for (auto& thread : threads) thread.join();
}

pid_t start_child(const std::string& directory, int report) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (report != 3) ::dup2(report, 3);
  ::close(::open("/dev/null", O_RDONLY));
  const int quiet = ::open("/dev/null", O_WRONLY);
  ::dup2(quiet, 1);
  std::array<char, 4096> self{};
  if (::readlink("/proc/self/exe", self.data(), self.size() - 1) < 0) ::_exit(1);
  if (::chdir(directory.c_str()) != 0) ::_exit(1);
  ::execl(self.data(), self.data(), "--gtest_filter=StoreChild.*",
          "--gtest_also_run_disabled_tests", static_cast<char*>(nullptr));
  ::_exit(1);
}

TEST(Store, EveryAcknowledgedRowSurvivesKill9) {
  for (const int acknowledged_min : {1, 50, 400}) {
    const TemporaryDirectory directory;
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const pid_t child = start_child(directory.path(), pipe[1]);
    ASSERT_GT(child, 0);
    ::close(pipe[1]);
    std::set<std::int64_t> acknowledged;
    std::int64_t n = 0;
    while (static_cast<int>(acknowledged.size()) < acknowledged_min) {
      ASSERT_EQ(::read(pipe[0], &n, sizeof n), static_cast<ssize_t>(sizeof n));
      acknowledged.insert(n);
    }
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &n, sizeof n) == static_cast<ssize_t>(sizeof n)) acknowledged.insert(n);
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));

    base::ThreadWait wait;
    const auto schemas = numbers();
    auto store = Store::open(wait, directory.file("store.db"), schemas).value();
    const auto found = read_numbers(*store);
    for (const std::int64_t wanted : acknowledged) EXPECT_TRUE(found.contains(wanted)) << wanted;
  }
}

}  // namespace
}  // namespace store

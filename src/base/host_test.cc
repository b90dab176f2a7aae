#include "base/host.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/process.h"

namespace base {
namespace {

class HostTest : public testing::Test {
 protected:
  HostTest() {
    std::string name = testing::TempDir() + "host-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~HostTest() override { std::filesystem::remove_all(directory_); }
  std::string path(const std::string& name) const { return directory_ + "/" + name; }

  std::string directory_;
};

TEST_F(HostTest, TellsWhatStandsAtAPath) {
  std::ofstream(path("file")) << "x";
  ASSERT_EQ(::chmod(path("file").c_str(), 0640), 0);
  const auto file = file_status(path("file")).value();
  EXPECT_TRUE(file.regular);
  EXPECT_FALSE(file.directory);
  EXPECT_EQ(file.permissions, 0640U);
  EXPECT_EQ(file.owner, effective_user());
  SystemClock clock;
  EXPECT_LT(std::chrono::abs(clock.now() - file.changed), std::chrono::minutes(1));
  EXPECT_TRUE(file_status(directory_)->directory);
  ASSERT_EQ(::symlink("file", path("link").c_str()), 0);
  EXPECT_FALSE(file_status(path("link"))->regular);
  EXPECT_EQ(file_status(path("link"), Links::follow)->inode, file.inode);
  EXPECT_EQ(file_status(path("none")).code(), Code::missing);
}

TEST_F(HostTest, KnowsTheFileSystem) {
  const auto proc = file_system("/proc/self").value();
  EXPECT_EQ(proc.kind, "proc");
  const auto here = file_system(directory_).value();
  EXPECT_EQ(here.device, file_status(directory_)->device);
  EXPECT_FALSE(here.read_only);
  EXPECT_GT(here.bytes, here.bytes_free);
  EXPECT_EQ(file_system(path("none")).code(), Code::missing);
}

TEST_F(HostTest, SeesWhoHoldsALock) {
  EXPECT_FALSE(lock_holder(path("lock")));
  {
    const auto lock = LockFile::take(path("lock")).value();
    EXPECT_EQ(lock_holder(path("lock")), static_cast<std::uint64_t>(::getpid()));
  }
  EXPECT_FALSE(lock_holder(path("lock")));
}

TEST(Host, KnowsTheLimitsOfAProcess) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &before), 0);
  const rlimit some{std::min<rlim_t>(before.rlim_max, 4096), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &some), 0);
  EXPECT_EQ(process_limits({})->core_bytes, std::uint64_t{some.rlim_cur});
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &before), 0);
  rlimit memory{};
  ASSERT_EQ(::getrlimit(RLIMIT_MEMLOCK, &memory), 0);
  EXPECT_EQ(process_limits(static_cast<std::uint64_t>(::getpid()))->locked_memory_bytes,
            std::uint64_t{memory.rlim_cur});
  EXPECT_FALSE(process_limits(0));
}

TEST(Host, AnswersWhatTheSystemSays) {
  ASSERT_TRUE(core_dumps());
  EXPECT_TRUE(swaps());
  EXPECT_TRUE(clock_synchronised());
}

}  // namespace
}  // namespace base

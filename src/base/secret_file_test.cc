#include "base/secret_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace base {
namespace {

class SecretFileTest : public testing::Test {
 protected:
  SecretFileTest() : path_(testing::TempDir() + "secret_file_test." + std::to_string(::getpid())) {}
  ~SecretFileTest() override { ::unlink(path_.c_str()); }

  Result<SecretBytes> read(const std::string& contents, mode_t mode = 0600) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << contents;
    ::chmod(path_.c_str(), mode);
    return read_secret_file(path_, 16);
  }
  const std::string path_;
};

TEST_F(SecretFileTest, IsReadWithoutTheNewlineAtItsEnd) {
  for (const char* same : {"correct horse", "correct horse\n", "correct horse\r\n"})
    EXPECT_EQ(text(read(same).value().view()), "correct horse");
  EXPECT_EQ(text(read("correct horse\n\n").value().view()), "correct horse\n") << "one alone";
  EXPECT_EQ(text(read(" a b ").value().view()), " a b ");
}

TEST_F(SecretFileTest, IsBounded) {
  EXPECT_EQ(read(std::string(16, 'a')).value().size(), 16U);
  EXPECT_EQ(read(std::string(16, 'a') + "\n").value().size(), 16U);
  EXPECT_EQ(read(std::string(17, 'a')).code(), Code::too_large);
  EXPECT_EQ(read(std::string(100'000, 'a')).code(), Code::too_large);
  EXPECT_EQ(read("").code(), Code::invalid);
  EXPECT_EQ(read("\n").code(), Code::invalid);
}

TEST_F(SecretFileTest, IsRefusedWhereEverybodyMayReadIt) {
  for (const mode_t mode : {0604U, 0644U, 0602U, 0777U})
    EXPECT_EQ(read("correct horse", mode).code(), Code::denied) << mode;
  EXPECT_TRUE(read("correct horse", 0640).ok());
  EXPECT_TRUE(read("correct horse", 0400).ok());
}

TEST_F(SecretFileTest, SaysWhatIsNoFile) {
  EXPECT_EQ(read_secret_file(path_ + ".none", 16).code(), Code::missing);
  EXPECT_EQ(read_secret_file(testing::TempDir(), 16).code(), Code::invalid);
}

}  // namespace
}  // namespace base

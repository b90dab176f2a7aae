#include "holder/incarnation.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/faulty_disk.h"

namespace holder {
namespace {

using base::Code;

class IncarnationTest : public testing::Test {
 protected:
  IncarnationTest() { disk_.make_directory("root").value(); }
  void put(const std::string& text) {
    base::write_file_atomically(disk_, "root/incarnation", base::view(text)).value();
  }
  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
};

TEST_F(IncarnationTest, IsOneUntilItIsRaisedAndSurvivesACrash) {
  EXPECT_EQ(read_incarnation(disk_, "root").value(), 1U);
  for (const std::uint64_t number :
       {std::uint64_t{2}, std::uint64_t{10}, std::numeric_limits<std::uint64_t>::max()}) {
    write_incarnation(disk_, "root", number).value();
    disk_.crash();
    EXPECT_EQ(read_incarnation(disk_, "root").value(), number);
  }
}

TEST_F(IncarnationTest, DamageIsSaid) {
  for (const char* wrong :
       {"", "\n", "0\n", "7", "7\n\n", "07\n", "+7\n", "-1\n", " 7\n", "7 \n", "seven\n",
        "18446744073709551616\n", "000000000000000000000000000000000000007\n"}) {
    put(wrong);
    const auto read = read_incarnation(disk_, "root");
    ASSERT_FALSE(read.ok()) << wrong;
    EXPECT_EQ(read.code(), Code::corrupt) << wrong;
  }
}

}  // namespace
}  // namespace holder

#include "base/single_fault.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"

namespace base {
namespace {

class SingleFaultTest : public testing::Test {
 protected:
  ThreadWait wait_;
  FaultyDisk memory_{wait_};
  SingleFault fault_;
  SingleFaultDisk disk_{memory_, fault_};
};

TEST_F(SingleFaultTest, OneCallFailsAndThoseAroundItDoNot) {
  const auto file = disk_.open("a", Open::create).value();
  fault_.arm(1);
  ASSERT_TRUE(file->write_at(0, view("one")).ok());
  EXPECT_FALSE(fault_.struck());
  EXPECT_EQ(file->write_at(0, view("two")).code(), Code::io);
  EXPECT_TRUE(fault_.struck());
  ASSERT_TRUE(file->sync().ok() && disk_.sync_directory(".").ok());
  EXPECT_EQ(text(memory_.durable().at("a")), "one");
  fault_.arm(0);
  EXPECT_FALSE(fault_.struck());
  fault_.disarm();
  EXPECT_TRUE(disk_.list(".").ok());
}

TEST_F(SingleFaultTest, ACallThatIsOnlyReportedHasHappened) {
  const auto file = disk_.open("a", Open::create).value();
  fault_.arm(0, SingleFault::When::after);
  EXPECT_EQ(file->write_at(0, view("one")).code(), Code::io);
  EXPECT_EQ(text(memory_.live().at("a")), "one");
  // What fails of itself keeps its own error.
  fault_.arm(0, SingleFault::When::after);
  EXPECT_EQ(disk_.remove("b").code(), Code::missing);
}

TEST_F(SingleFaultTest, EveryCallOfADiskCounts) {
  const auto file = disk_.open("a", Open::create).value();
  Bytes out(1);
  const std::vector<std::function<Code()>> calls = {
      [&] { return disk_.open("a", Open::read).code(); },
      [&] { return disk_.make_directory("d").code(); },
      [&] { return disk_.rename("a", "b").code(); },
      [&] { return disk_.remove("a").code(); },
      [&] { return disk_.remove_directory("d").code(); },
      [&] { return disk_.list(".").code(); },
      [&] { return disk_.exists("a").code(); },
      [&] { return disk_.sync_directory(".").code(); },
      [&] { return disk_.sync_all(".").code(); },
      [&] { return file->read_at(0, out).code(); },
      [&] { return file->write_at(0, out).code(); },
      [&] { return file->size().code(); },
      [&] { return file->truncate(0).code(); },
      [&] { return file->sync().code(); }};
  for (std::size_t i = 0; i < calls.size(); ++i) {
    fault_.arm(0);
    EXPECT_EQ(calls[i](), Code::io) << i;
  }
  EXPECT_EQ(memory_.live().size(), 1U);
}

}  // namespace
}  // namespace base

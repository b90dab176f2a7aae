#include "base/mandate.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Mandate, EndsOnceAndForGood) {
  ThreadWait wait;
  Mandate mandate(wait);
  int told = 0;
  mandate.on_end([&] { ++told; });
  EXPECT_TRUE(mandate.check().ok());
  EXPECT_TRUE(mandate.confirm().ok());
  mandate.end();
  mandate.end();
  EXPECT_EQ(told, 1);
  EXPECT_TRUE(mandate.ended());
  EXPECT_EQ(mandate.check().code(), Code::unavailable);
  EXPECT_EQ(mandate.confirm().code(), Code::unavailable);
  mandate.on_end([&] { told += 10; });
  EXPECT_EQ(told, 11) << "who comes late is told at once";
}

TEST(Mandate, EndsWhereOthersKnowIt) {
  ThreadWait wait;
  Mandate mandate(wait);
  bool over = false;
  int asked = 0;
  mandate.ask_with([&] {
    ++asked;
    return over;
  });
  EXPECT_TRUE(mandate.confirm().ok());
  over = true;
  EXPECT_TRUE(mandate.check().ok()) << "nobody was asked";
  EXPECT_EQ(mandate.confirm().code(), Code::unavailable);
  EXPECT_EQ(mandate.check().code(), Code::unavailable);
  EXPECT_EQ(asked, 2);
  mandate.ask_with({});
  EXPECT_EQ(mandate.confirm().code(), Code::unavailable);
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace base

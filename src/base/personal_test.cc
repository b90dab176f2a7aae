#include "base/personal.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace base {

struct OpeningForTests {
  static Opening make() { return {}; }
};

namespace {

TEST(Personal, OpensWithAnOpening) {
  const Personal<std::string> name(std::string("Kari Nordmann"));
  EXPECT_EQ(name.open(OpeningForTests::make()), "Kari Nordmann");
}

TEST(Personal, MovesAndCopies) {
  Personal<std::string> one(std::string("Kari Nordmann"));
  const Personal<std::string> copy = one;
  const Personal<std::string> moved = std::move(one);
  EXPECT_TRUE(copy == moved);
  Personal<std::unique_ptr<int>> box(std::make_unique<int>(7));
  EXPECT_EQ(*std::move(box).open(OpeningForTests::make()), 7);
}

TEST(Personal, ComparesWithItsKindOnly) {
  const Personal<std::string> one(std::string("a")), same(std::string("a")),
      other(std::string("b"));
  EXPECT_TRUE(one == same);
  EXPECT_TRUE(one != other);
}

}  // namespace
}  // namespace base

#include "base/country.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Country, HasANameInBothLanguages) {
  EXPECT_EQ(country_name("NO", "en"), "Norway");
  EXPECT_EQ(country_name("NO", "nb"), "Norge");
  EXPECT_EQ(country_name("AD", "en"), "Andorra");   // the first
  EXPECT_EQ(country_name("ZW", "nb"), "Zimbabwe");  // and the last of the table
  EXPECT_EQ(country_name("DE", "fr"), "Germany");
}

TEST(Country, IsItsCodeWhereNoneHasIt) {
  for (const char* code : {"", "ZZ", "no", "NOR", "A", "ZZZ"})
    EXPECT_EQ(country_name(code, "en"), code) << code;
}

}  // namespace
}  // namespace base

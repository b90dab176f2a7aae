#include "accounts/cbor.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

std::optional<std::size_t> items(std::string_view hex) {
  const base::Bytes bytes = base::parse_hex(hex).value();
  return cbor_items(bytes);
}

TEST(Cbor, CountsItems) {
  EXPECT_EQ(items(""), 0u);
  EXPECT_EQ(items("00"), 1u);
  EXPECT_EQ(items("0a1864f6"), 3u);
  EXPECT_EQ(items("4301020363616263"), 2u);
  EXPECT_EQ(items("a201024303ff"), std::nullopt) << "a string that is too short";
  EXPECT_EQ(items("a2010203420102"), 1u);
  EXPECT_EQ(items("8301820203a0"), 1u);
  EXPECT_EQ(items("80a040"), 3u);
}

TEST(Cbor, RefusesWhatLibrariesChokeOn) {
  EXPECT_EQ(items("9bffffffffffffffff"), std::nullopt) << "a count beyond the bytes";
  EXPECT_EQ(items("bb8000000000000000"), std::nullopt);
  EXPECT_EQ(items("5b7fffffffffffffff00"), std::nullopt);
  EXPECT_EQ(items("9f01ff"), std::nullopt) << "indefinite";
  EXPECT_EQ(items("5f4101ff"), std::nullopt);
  EXPECT_EQ(items("c000"), std::nullopt) << "a tag";
  EXPECT_EQ(items("8181818100"), 1u);
  EXPECT_EQ(items("818181818100"), std::nullopt) << "five levels";
  EXPECT_EQ(items("8201"), std::nullopt) << "one item of two";
  EXPECT_EQ(items("a1"), std::nullopt);
  EXPECT_EQ(items("a101"), std::nullopt);
  EXPECT_EQ(items("19ff"), std::nullopt) << "cut in a head";
  EXPECT_EQ(items("1c"), std::nullopt) << "reserved";
}

}  // namespace
}  // namespace accounts

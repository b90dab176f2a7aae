#include "workspace/document.h"

#include <gtest/gtest.h>

namespace workspace {
namespace {

using base::Code;

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += R"({"a":)";
  text += "1";
  text.append(depth, '}');
  return text;
}

TEST(Document, IsOneObject) {
  for (const char* good : {"{}", R"({"a":1})", " {\"a\" : [1, 2.5e3, null, true]}\n",
                           R"({"a":{"b":{}},"c":"\u00e5 \ud83d\ude00"})"})
    EXPECT_TRUE(Document::parse(good).ok()) << good;
  for (const char* bad :
       {"", " ", "1", "[]", "\"a\"", "null", "{", "{}{}", "{} x", R"({"a":1,})", R"({a:1})",
        R"({"a":01})", R"({"a":NaN})", R"({"a":'b'})", R"({"a":"\ud800"})", "{\"a\":\"\xff\"}",
        "{\"a\":\"\n\"}", "\xef\xbb\xbf{}", R"({/*a*/})"})
    EXPECT_EQ(Document::parse(bad).code(), Code::invalid) << bad;
}

TEST(Document, NamesNoMemberTwice) {
  for (const char* bad : {R"({"a":1,"a":1})", R"({"a":1,"\u0061":2})", R"({"x":{"a":1,"a":2}})",
                          R"({"x":[1,{"y":{"a":1,"b":2,"a":3}}]})"})
    EXPECT_EQ(Document::parse(bad).code(), Code::invalid) << bad;
  EXPECT_TRUE(Document::parse(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})").ok());
}

TEST(Document, HasNoNumberThatSixtyFourBitsDoNotHold) {
  for (const char* good : {R"({"a":18446744073709551615})", R"({"a":-9223372036854775808})",
                           R"({"a":1e308})", R"({"a":-0.0})"})
    EXPECT_TRUE(Document::parse(good).ok()) << good;
  for (const char* bad :
       {R"({"a":18446744073709551616})", R"({"a":-9223372036854775809})", R"({"a":1e309})"})
    EXPECT_EQ(Document::parse(bad).code(), Code::invalid) << bad;
}

TEST(Document, HasABoundedDepthAndSize) {
  EXPECT_TRUE(Document::parse(nested(document_depth_max)).ok());
  EXPECT_EQ(Document::parse(nested(document_depth_max + 1)).code(), Code::invalid);
  const auto of_size = [](std::size_t bytes) {
    return R"({"a":")" + std::string(bytes - 8, 'x') + R"("})";
  };
  EXPECT_TRUE(Document::parse(of_size(document_bytes_max)).ok());
  EXPECT_EQ(Document::parse(of_size(document_bytes_max + 1)).code(), Code::too_large);
}

}  // namespace
}  // namespace workspace

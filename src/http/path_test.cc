#include "http/path.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "http/percent.h"

namespace http {
namespace {

using base::Code;

TEST(Path, DecodesOnce) {
  EXPECT_EQ(decode_path("/").value(), "/");
  EXPECT_EQ(decode_path("/v1/files/a%20b/%C3%A5.txt").value(), "/v1/files/a b/\xc3\xa5.txt");
  EXPECT_EQ(decode_path("/a+b/").value(), "/a+b/");
  EXPECT_EQ(decode_path("/%252e%252e/").value(), "/%2e%2e/");
  EXPECT_EQ(decode_path("/.../..a/a..").value(), "/.../..a/a..");
  EXPECT_EQ(decode_path("/%F0%9F%98%80").value(), "/\xf0\x9f\x98\x80");
}

TEST(Path, RefusesWhatCouldMeanTwoThings) {
  const std::string_view cases[] = {
      "",           "a",          "*",
      "http://a/",  "/%",         "/%2",
      "/%zz",       "/%2f",       "/a%2Fb",
      "/%00",       "/%0a",       "/%7f",
      "/%c2%85",    "/\\",        "/%5c",
      "/.",         "/..",        "/a/./b",
      "/a/../b",    "/%2e",       "/%2E%2e/a",
      "/.%2e",      "//",         "//a",
      "/a//b",      "/a?b",       "/a#b",
      "/a b",       "/\xc3\xa5",  "/%ff",
      "/%c0%af",    "/%ed%a0%80", "/%f4%90%80%80",
      "/%e0%80%af", "/%c3",       "/a\x7f",
      "/\x01",
  };
  for (const std::string_view raw : cases) EXPECT_EQ(decode_path(raw).code(), Code::invalid) << raw;
  EXPECT_EQ(decode_path(std::string_view("/\0", 2)).code(), Code::invalid);
}

TEST(Path, HasAnUpperBound) {
  EXPECT_TRUE(decode_path("/" + std::string(path_bytes_max - 1, 'a')).ok());
  EXPECT_EQ(decode_path("/" + std::string(path_bytes_max, 'a')).code(), Code::too_large);
  EXPECT_EQ(decode_path("/" + std::string(4 * path_bytes_max, 'a')).code(), Code::too_large);
}

TEST(Path, EncodingIsUndoneByDecoding) {
  rc::check("decode(encode(p)) == p or p is refused as well", [](const std::string& text) {
    const std::string path = "/" + text;
    const auto decoded = decode_path(percent_encode_path(path));
    if (decoded.ok()) RC_ASSERT(decoded.value() == path);
  });
  EXPECT_EQ(percent_encode_path("/a b/\xc3\xa5?#"), "/a%20b/%C3%A5%3F%23");
}

TEST(Utf8, IsStrict) {
  for (const std::string_view good : {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                      "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(valid_utf8(good));
  for (const std::string_view bad : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf5",
                                     "\xf0\x8f\xbf\xbf", "\xe2\x82", "\xff", "a\xc3"})
    EXPECT_FALSE(valid_utf8(bad));
}

}  // namespace
}  // namespace http

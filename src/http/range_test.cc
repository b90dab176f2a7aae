#include "http/range.h"

#include <gtest/gtest.h>

#include "http/conditions.h"

namespace http {
namespace {

struct RangeCase {
  const char* header;
  std::uint64_t size;
  Range expected;
};

TEST(Range, IsReadAsRfc9110Says) {
  const auto whole = [](std::uint64_t size) { return Range{Extent::whole, 0, size}; };
  const Range none{Extent::unsatisfiable, 0, 0};
  const RangeCase cases[] = {
      {"bytes=0-99", 1000, {Extent::part, 0, 100}},
      {"Bytes=0-0", 1000, {Extent::part, 0, 1}},
      {"bytes=999-", 1000, {Extent::part, 999, 1}},
      {"bytes=500-5000", 1000, {Extent::part, 500, 500}},
      {"bytes=500-99999999999999999999999", 1000, {Extent::part, 500, 500}},
      {"bytes=-1", 1000, {Extent::part, 999, 1}},
      {"bytes=-5000", 1000, {Extent::part, 0, 1000}},
      {"bytes= 1-2 ", 1000, {Extent::part, 1, 2}},
      {"bytes=1000-", 1000, none},
      {"bytes=99999999999999999999999-", 1000, none},
      {"bytes=-0", 1000, none},
      {"bytes=0-", 0, none},
      {"bytes=-5", 0, whole(0)},
      {"", 1000, whole(1000)},
      {"bytes", 1000, whole(1000)},
      {"bytes=", 1000, whole(1000)},
      {"bytes=-", 1000, whole(1000)},
      {"bytes=a-b", 1000, whole(1000)},
      {"bytes=1-0", 1000, whole(1000)},
      {"bytes=+1-2", 1000, whole(1000)},
      {"bytes=0-1,5-6", 1000, whole(1000)},
      {"items=0-1", 1000, whole(1000)},
  };
  for (const RangeCase& c : cases) EXPECT_EQ(parse_range(c.header, c.size), c.expected) << c.header;
  EXPECT_EQ(content_range({Extent::part, 500, 500}, 1000), "bytes 500-999/1000");
  EXPECT_EQ(unsatisfied_range(1000), "bytes */1000");
}

Request with(Method method, Headers headers) {
  Request request;
  request.method = method;
  request.headers = std::move(headers);
  return request;
}

TEST(Conditions, IfMatchIsStrong) {
  const auto put = [](const char* value) { return with(Method::put, {{"if-match", value}}); };
  EXPECT_EQ(check_conditions(put("\"a\""), "\"a\""), Condition::proceed);
  EXPECT_EQ(check_conditions(put("\"b\", \"a\""), "\"a\""), Condition::proceed);
  EXPECT_EQ(check_conditions(put("*"), "\"a\""), Condition::proceed);
  EXPECT_EQ(check_conditions(put("\"b\""), "\"a\""), Condition::failed);
  EXPECT_EQ(check_conditions(put("W/\"a\""), "\"a\""), Condition::failed);
  EXPECT_EQ(check_conditions(put("W/\"a\""), "W/\"a\""), Condition::failed);
  EXPECT_EQ(check_conditions(put("*"), std::nullopt), Condition::failed);
  EXPECT_EQ(check_conditions(put("a"), "a"), Condition::failed);
}

TEST(Conditions, IfNoneMatchIsWeak) {
  const auto get = [](const char* value) { return with(Method::get, {{"if-none-match", value}}); };
  const auto put = [](const char* value) { return with(Method::put, {{"if-none-match", value}}); };
  EXPECT_EQ(check_conditions(get("W/\"a\""), "\"a\""), Condition::not_modified);
  EXPECT_EQ(check_conditions(get("\"x,y\", \"a\""), "\"a\""), Condition::not_modified);
  EXPECT_EQ(check_conditions(get("\"b\""), "\"a\""), Condition::proceed);
  EXPECT_EQ(check_conditions(get("\"b\" \"a\""), "\"a\""), Condition::proceed);
  EXPECT_EQ(check_conditions(get("*"), std::nullopt), Condition::proceed);
  EXPECT_EQ(check_conditions(put("*"), std::nullopt), Condition::proceed);
  EXPECT_EQ(check_conditions(put("*"), "\"a\""), Condition::failed);
  EXPECT_EQ(check_conditions(with(Method::get, {}), "\"a\""), Condition::proceed);
}

TEST(Conditions, IfRangeGuardsTheRange) {
  const auto ask = [](Method method, const char* validator) {
    return requested_range(with(method, {{"range", "bytes=1-2"}, {"if-range", validator}}), "\"a\"",
                           10);
  };
  const Range part{Extent::part, 1, 2};
  const Range whole{Extent::whole, 0, 10};
  EXPECT_EQ(ask(Method::get, "\"a\""), part);
  EXPECT_EQ(ask(Method::get, "\"b\""), whole);
  EXPECT_EQ(ask(Method::get, "W/\"a\""), whole);
  EXPECT_EQ(ask(Method::get, "Sun, 06 Nov 1994 08:49:37 GMT"), whole);
  EXPECT_EQ(ask(Method::head, "\"a\""), whole);
  EXPECT_EQ(requested_range(with(Method::get, {{"range", "bytes=1-2"}}), "\"a\"", 10), part);
}

TEST(Conditions, AnswersCarryWhatTheyMust) {
  const Request again = with(Method::get, {{"if-none-match", "\"a\""}});
  const auto not_modified = refused_by_conditions(again, "\"a\"");
  ASSERT_TRUE(not_modified);
  EXPECT_EQ(not_modified->header("etag"), "\"a\"");
  EXPECT_EQ(not_modified->status, 304);
  const auto failed = refused_by_conditions(with(Method::put, {{"if-match", "\"b\""}}), "\"a\"");
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 412);
  EXPECT_FALSE(refused_by_conditions(again, "\"b\""));
  EXPECT_EQ(range_unsatisfiable(7).status, 416);
  EXPECT_EQ(range_unsatisfiable(7).header("content-range"), "bytes */7");
}

}  // namespace
}  // namespace http

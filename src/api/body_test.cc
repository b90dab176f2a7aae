#include "api/body.h"

#include <gtest/gtest.h>

#include "http/memory_body.h"

namespace api {
namespace {

using base::Code;

base::Result<Body> read(std::string text, std::string type = "application/json",
                        std::size_t bytes_max = 1000) {
  http::MemoryBody bytes(std::move(text));
  http::Request request;
  request.headers = {{"content-type", std::move(type)}};
  request.body = &bytes;
  return Body::read(request, bytes_max);
}

TEST(Body, GivesMembersByName) {
  auto body =
      read(R"({"name":"x","password":"secret","yes":true})", "application/json; charset=utf-8");
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body->text("name", "name").value(), "x");
  EXPECT_EQ(base::text(body->secret("password", "password").value().view()), "secret");
  EXPECT_TRUE(body->flag("yes", "yes").value());
  EXPECT_TRUE(body->nothing_else().ok());
}

TEST(Body, GivesNumbersAndLists) {
  auto body =
      read(R"({"days":30,"scopes":["a","b"],"less":-1,"half":0.5,"mixed":["a",1],"no":{}})");
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body->number("days", "days").value(), 30U);
  EXPECT_EQ(body->texts("scopes", "scopes").value(), (std::vector<std::string>{"a", "b"}));
  for (const char* name : {"less", "half", "scopes", "none"})
    EXPECT_EQ(body->number(name, "a number").code(), Code::invalid) << name;
  for (const char* name : {"days", "mixed", "no", "none"})
    EXPECT_EQ(body->texts(name, "a list").code(), Code::invalid) << name;
  EXPECT_TRUE(body->nothing_else().ok());
}

TEST(Body, RefusesWhatIsNotOneObject) {
  for (const char* bad : {"", "[]", "null", "{", R"({"a":1)", R"({"a":1}{})", R"({"a":1,"a":2})",
                          R"({"a":{"b":1,"b":2}})", "{\"a\":\"\xff\"}", "{'a':1}", R"({"a":1,})"})
    EXPECT_EQ(read(bad).code(), Code::invalid) << bad;
  EXPECT_EQ(read(std::string(600, '[')).code(), Code::invalid);
}

TEST(Body, TakesTheMediaTypeInAnyCase) {
  EXPECT_TRUE(read("{}", "Application/JSON;charset=utf-8").ok());
}

TEST(Body, RefusesOtherMediaTypes) {
  EXPECT_EQ(read("{}", "text/plain").code(), Code::unsupported);
  EXPECT_EQ(read("{}", "application/jsonx").code(), Code::unsupported);
  http::MemoryBody bytes("{}");
  http::Request request;
  request.body = &bytes;
  EXPECT_EQ(Body::read(request, 10).code(), Code::unsupported);
}

TEST(Body, IsBounded) {
  EXPECT_EQ(read("{\"a\":\"long\"}", "application/json", 5).code(), Code::too_large);
}

TEST(Body, NamesWhatIsMissingOrOfAnotherKind) {
  auto body = read(R"({"name":1,"flag":"true"})");
  ASSERT_TRUE(body.ok());
  const auto name = body->text("name", "name: a string");
  ASSERT_FALSE(name.ok());
  EXPECT_STREQ(name.error().reason().c_str(), "name: a string");
  EXPECT_EQ(body->flag("flag", "flag").code(), Code::invalid);
  EXPECT_EQ(body->secret("password", "password").code(), Code::invalid);
}

TEST(Body, RefusesMembersThatNobodyAskedFor) {
  auto body = read(R"({"name":"x","admin":true})");
  ASSERT_TRUE(body->text("name", "name").ok());
  EXPECT_EQ(body->nothing_else().code(), Code::invalid);
}

TEST(Body, HoldsObjects) {
  auto body = read(R"({"outer":{"inner":{"a":"x"},"more":1},"flat":"y"})");
  ASSERT_TRUE(body.ok());
  auto outer = body->object("outer", "outer: an object");
  ASSERT_TRUE(outer.ok());
  EXPECT_EQ(outer->object("inner", "inner")->text("a", "a").value(), "x");
  EXPECT_EQ(body->nothing_else().code(), Code::invalid);
  EXPECT_EQ(body->object("flat", "flat").code(), Code::invalid);
  EXPECT_TRUE(body->nothing_else().ok());
  EXPECT_EQ(body->object("none", "none").code(), Code::invalid);
  EXPECT_EQ(Body::parse("[]").code(), Code::invalid);
}

TEST(Json, QuotesWhatItIsGiven) {
  EXPECT_EQ(Json().add("a", "x\"y\n").add("n", std::uint64_t{7}).add_raw("r", "[1]").str(),
            R"({"a":"x\"y\n","n":7,"r":[1]})");
  EXPECT_EQ(Json().add("l", std::vector<std::string>{"a", "b\""}).str(), R"({"l":["a","b\""]})");
  EXPECT_EQ(quoted("\xff"), "\"\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace api

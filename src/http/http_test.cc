#include "http/http.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/accept.h"
#include "http/form.h"
#include "http/memory_body.h"

namespace http {
namespace {

using base::Code;
using base::Error;

Request request_of(Method method, std::string path) {
  Request request;
  request.method = method;
  request.path = std::move(path);
  return request;
}

TEST(Request, FindsHeadersCookiesAndParameters) {
  Request request;
  request.headers = {{"cookie", "a=1; __Host-session=abc=; b="}, {"x", "first"}, {"x", "second"}};
  request.query = "token=a%2Bb+c&empty&name=K%C3%A5re";
  EXPECT_EQ(request.header("x"), "first");
  EXPECT_FALSE(request.header("y"));
  EXPECT_EQ(request.cookie("__Host-session"), "abc=");
  EXPECT_EQ(request.cookie("b"), "");
  EXPECT_FALSE(request.cookie("session"));
  EXPECT_EQ(request.parameter("token"), "a+b c");
  EXPECT_EQ(request.parameter("empty"), "");
  EXPECT_EQ(request.parameter("name"), "K\xc3\xa5re");
  EXPECT_FALSE(request.parameter("other"));
  request.query = "token=%zz";
  EXPECT_FALSE(request.parameter("token"));
}

TEST(Request, ReadsABodyUpToALimit) {
  Request request;
  MemoryBody exact(std::string(40'000, 'x'));
  request.body = &exact;
  EXPECT_EQ(request.read_body(40'000).value().size(), 40'000U);
  MemoryBody over(std::string(40'001, 'x'));
  request.body = &over;
  EXPECT_EQ(request.read_body(40'000).code(), Code::too_large);
  MemoryBody declared;
  request.body = &declared;
  request.body_size = 11;
  EXPECT_EQ(request.read_body(10).code(), Code::too_large);
}

struct AcceptCase {
  const char* accept;
  bool html;
};

TEST(Request, KnowsWhetherHtmlIsPreferred) {
  const AcceptCase cases[] = {
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true},
      {"text/html", true},
      {"text/*", true},
      {"TEXT/HTML;q=0.2", true},
      {"text/html;level=1;q=0.5, application/json;q=0.4", true},
      {"*/*", false},
      {"", false},
      {"application/json", false},
      {"application/json, text/html", false},
      {"text/html;q=0.4, application/json;q=0.5", false},
      {"text/html;q=0", false},
      {"text/html;q=0.9, application/problem+json", false},
      {"*/*;q=0.1, text/html;q=0.05", false},
      {",;q=,,text", false},
  };
  for (const AcceptCase& c : cases) {
    Request request;
    request.headers = {{"accept", c.accept}};
    EXPECT_EQ(request.prefers_html(), c.html) << c.accept;
  }
  EXPECT_FALSE(Request{}.prefers_html());
}

TEST(Accept, NorwegianWhereItIsPreferredToEnglish) {
  for (const char* yes : {"nb-NO,nb;q=0.9,no;q=0.8,en;q=0.6", "nn", "de, no;q=0.2", "nb, en"})
    EXPECT_TRUE(prefers_norwegian(yes)) << yes;
  for (const char* no :
       {"", "*", "de", "en-US,en;q=0.9,nb;q=0.8", "en, nb", "nb;q=0", "norsk", ",;-"})
    EXPECT_FALSE(prefers_norwegian(no)) << no;
}

TEST(Accept, WeighsByTheClosestRange) {
  EXPECT_EQ(quality_of("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/html"), 700);
  EXPECT_EQ(quality_of("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/plain"), 300);
  EXPECT_EQ(quality_of("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "image/png"), 500);
  EXPECT_EQ(quality_of("text/html;q=0.125", "text/html"), 125);
  EXPECT_EQ(quality_of("text/html", "image/png"), 0);
}

TEST(Form, DecodesFields) {
  const Form form = Form::parse("email=kari%40example.com&a+b=c+d&&x=1=2&x=3").value();
  EXPECT_EQ(form.get("email"), "kari@example.com");
  EXPECT_EQ(form.get("a b"), "c d");
  EXPECT_EQ(form.get("x"), "1=2");
  EXPECT_EQ(form.fields().size(), 4U);
  EXPECT_EQ(Form::parse("a=%f").code(), Code::invalid);
  EXPECT_EQ(Form::parse("a=%ff").code(), Code::invalid);
  std::string many;
  for (std::size_t i = 0; i <= Form::fields_max; ++i) many += "a&";
  EXPECT_EQ(Form::parse(many).code(), Code::too_large);
}

TEST(Response, SetReplacesAndCookiesAdd) {
  Response response = Response::text(200, "hello");
  response.set("content-type", "text/csv").set("Set-Cookie", "a=1").set("set-cookie", "b=2");
  EXPECT_EQ(response.header("Content-Type"), "text/csv");
  EXPECT_EQ(response.headers.size(), 3U);
  EXPECT_EQ(Response::redirect("/verify").status, 303);
  EXPECT_EQ(Response::redirect("/verify").header("location"), "/verify");
}

TEST(Problem, IsWhatRfc9457Says) {
  const Response response = problem(418, "teapot", "A \"teapot\"", "With a \\ in it.");
  EXPECT_EQ(response.header("content-type"), "application/problem+json");
  const auto json = nlohmann::json::parse(response.body);
  EXPECT_EQ(json, (nlohmann::json{{"type", "/problems/teapot"},
                                  {"title", "A \"teapot\""},
                                  {"status", 418},
                                  {"detail", "With a \\ in it."}}));
  ASSERT_TRUE(response.problem);
  EXPECT_STREQ(response.problem->type.c_str(), "teapot");
}

TEST(Problem, MapsEveryCode) {
  const std::pair<Code, int> expected[] = {
      {Code::invalid, 400},     {Code::unauthenticated, 401},
      {Code::denied, 403},      {Code::missing, 404},
      {Code::conflict, 409},    {Code::gone, 410},
      {Code::stale, 412},       {Code::unsupported, 415},
      {Code::too_large, 413},   {Code::exhausted, 429},
      {Code::unavailable, 503}, {Code::corrupt, 500},
      {Code::io, 500},          {Code::full, 507},
      {Code::internal, 500},
  };
  for (const auto& [code, status] : expected) {
    const Response response = problem(Error{code, "the reason", Error{Code::io, "the cause"}});
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body.contains("the reason"), status != 500) << response.body;
    EXPECT_FALSE(response.body.contains("the cause"));
    EXPECT_TRUE(nlohmann::json::accept(response.body));
    EXPECT_EQ(response.header("www-authenticate").has_value(), status == 401);
  }
}

class RouterTest : public testing::Test {
 protected:
  void add(Method method, const std::string& pattern) {
    router_.add(method, pattern, [pattern](Request&, const Captures& captures) {
      std::string text = pattern;
      for (const std::string& capture : captures) text += "|" + capture;
      return Response::text(200, text);
    });
  }
  Response go(Method method, std::string path) {
    Request request = request_of(method, std::move(path));
    return router_.route(request);
  }
  std::string get(std::string path) { return go(Method::get, std::move(path)).body; }
  Router router_;
};

TEST_F(RouterTest, MatchesSegments) {
  add(Method::get, "/");
  add(Method::get, "/notice");
  add(Method::get, "/v1/files/{path...}");
  add(Method::get, "/v1/{kind}/{id}");
  EXPECT_EQ(get("/"), "/");
  EXPECT_EQ(get("/notice"), "/notice");
  EXPECT_EQ(get("/v1/users/7"), "/v1/{kind}/{id}|users|7");
  EXPECT_EQ(get("/v1/files/a/b c/"), "/v1/files/{path...}|a/b c/");
  EXPECT_EQ(get("/v1/files/"), "/v1/files/{path...}|");
  for (const char* path :
       {"/notice/", "/Notice", "/v1/users", "/v1/users/", "/v1/users/7/", "/v1", "/v1/files", "/x"})
    EXPECT_EQ(go(Method::get, path).status, 404) << path;
}

TEST_F(RouterTest, PrefersTheCloserPatternInAnyOrder) {
  add(Method::get, "/{all...}");
  add(Method::get, "/log/{name}");
  add(Method::get, "/log/key");
  add(Method::get, "/log/tile/{rest...}");
  EXPECT_EQ(get("/log/key"), "/log/key");
  EXPECT_EQ(get("/log/other"), "/log/{name}|other");
  EXPECT_EQ(get("/log/tile/0/1"), "/log/tile/{rest...}|0/1");
  EXPECT_EQ(get("/log/other/more"), "/{all...}|log/other/more");
}

TEST_F(RouterTest, FindsPatternsByHowTheyBeginHoweverMuchOfThatIsGiven) {
  add(Method::get, "/v1/a/b/c");
  add(Method::get, "/v1/a/b/{c}");
  add(Method::get, "/v1/{a}/b/c");
  add(Method::get, "/{v}/a/b/c");
  add(Method::post, "/{rest...}");
  add(Method::get, "/v1/a");
  add(Method::get, "/v1/");
  EXPECT_EQ(get("/v1/a/b/c"), "/v1/a/b/c");
  EXPECT_EQ(get("/v1/a/b/d"), "/v1/a/b/{c}|d");
  EXPECT_EQ(get("/v1/x/b/c"), "/v1/{a}/b/c|x");
  EXPECT_EQ(get("/v2/a/b/c"), "/{v}/a/b/c|v2");
  EXPECT_EQ(get("/v1/a"), "/v1/a");
  EXPECT_EQ(get("/v1/"), "/v1/");
  EXPECT_EQ(go(Method::post, "/v1/a/b/c").body, "/{rest...}|v1/a/b/c");
  EXPECT_EQ(go(Method::del, "/v1/a").header("allow"), "GET, HEAD, POST, OPTIONS");
}

TEST_F(RouterTest, AnswersHeadByGetUnlessItHasItsOwn) {
  add(Method::get, "/a");
  add(Method::head, "/b");
  add(Method::get, "/b");
  router_.add(Method::head, "/c", [](Request&, const Captures&) { return Response::empty(204); });
  router_.add(Method::get, "/c", [](Request&, const Captures&) { return Response::empty(500); });
  EXPECT_EQ(go(Method::head, "/a").status, 200);
  EXPECT_EQ(go(Method::head, "/b").status, 200);
  EXPECT_EQ(go(Method::head, "/c").status, 204);
  EXPECT_EQ(go(Method::get, "/c").status, 500);
}

TEST_F(RouterTest, NamesTheMethodsThatAreAllowed) {
  add(Method::get, "/v1/files/{path...}");
  add(Method::put, "/v1/files/{path...}");
  add(Method::del, "/v1/files/{path...}");
  for (const Method method : {Method::post, Method::other}) {
    const Response response = go(method, "/v1/files/a");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.header("allow"), "GET, HEAD, PUT, DELETE, OPTIONS");
  }
  const Response options = go(Method::options, "/v1/files/a");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("allow"), "GET, HEAD, PUT, DELETE, OPTIONS");
  EXPECT_EQ(go(Method::options, "/other").status, 404);
}

TEST_F(RouterTest, RefusesWrongPatterns) {
  add(Method::get, "/a/{x}");
  EXPECT_DEATH(add(Method::get, "/a/{y}"), "same_shape");
  EXPECT_DEATH(add(Method::get, "/a/{y...}/b"), "rest");
  EXPECT_DEATH(add(Method::get, "/a/{y"), "ends_with");
  EXPECT_DEATH(add(Method::get, "a"), "starts_with");
  EXPECT_DEATH(add(Method::other, "/b"), "other");
}

}  // namespace
}  // namespace http

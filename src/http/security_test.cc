#include "http/security.h"

#include <gtest/gtest.h>

#include <array>

#include "http/authority.h"

namespace http {
namespace {

using base::Code;

Request request_to(std::string authority, bool secure) {
  Request request;
  request.authority = std::move(authority);
  request.secure = secure;
  return request;
}

TEST(SecurityHeaders, AreFilledInAndNotReplaced) {
  Response response = Response::empty(204);
  response.set("content-security-policy", "default-src 'none'");
  add_security_headers(request_to("app.example", false), response);
  EXPECT_EQ(response.header("Content-Security-Policy"), "default-src 'none'");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  EXPECT_FALSE(response.header("Strict-Transport-Security"));
  // Browsers send `Origin: null` with forms under no-referrer: our own check would refuse them.
  EXPECT_EQ(response.header("Referrer-Policy"), "same-origin");
}

TEST(SecurityHeaders, OnePolicyAndWhatAPageNeedsBesideIt) {
  const std::string strict = content_policy();
  EXPECT_TRUE(strict.starts_with("default-src 'none'; script-src 'self'; "));
  EXPECT_TRUE(strict.contains("; img-src 'self' data:; "));
  EXPECT_TRUE(strict.contains("frame-ancestors 'none'"));
  EXPECT_FALSE(strict.contains("unsafe"));
  EXPECT_FALSE(strict.contains("blob:"));

  constexpr std::array also{Allowed{"img-src", "blob:"}, Allowed{"media-src", "'self'"},
                            Allowed{"media-src", "blob:"}};
  const std::string wider = content_policy(also);
  EXPECT_TRUE(wider.contains("; img-src 'self' data: blob:; "));
  EXPECT_TRUE(wider.ends_with("; media-src 'self' blob:"));
  EXPECT_TRUE(wider.contains("; script-src 'self'; "));
}

TEST(SecurityHeadersDeathTest, NoPageRunsScriptOfAnotherKind) {
  constexpr std::array script{Allowed{"script-src", "blob:"}};
  EXPECT_DEATH(content_policy(script), "");
}

TEST(SecurityHeaders, HstsOnlyOverTlsAndNotForLoopback) {
  const auto hsts = [](const char* authority, bool secure) {
    Response response = Response::empty(204);
    add_security_headers(request_to(authority, secure), response);
    return response.header("Strict-Transport-Security").has_value();
  };
  EXPECT_TRUE(hsts("app.example", true));
  EXPECT_FALSE(hsts("app.example", false));
  for (const char* loopback : {"localhost:8443", "a.localhost", "127.0.0.1:1", "[::1]:8443", ""})
    EXPECT_FALSE(hsts(loopback, true)) << loopback;
}

TEST(Origin, IsNeededForWhatChangesSomething) {
  Request request = request_to("localhost:8080", false);
  for (const Method method : {Method::get, Method::head, Method::options}) {
    request.method = method;
    EXPECT_FALSE(refuse_foreign_origin(request));
  }
  for (const Method method : {Method::post, Method::put, Method::patch, Method::del}) {
    request.method = method;
    request.headers = {};
    EXPECT_EQ(refuse_foreign_origin(request)->status, 403);
    for (const char* origin : {"null", "https://localhost:8080", "http://localhost", "", "http://",
                               "http://localhost:8080/", "http://evil.example"}) {
      request.headers = {{"origin", origin}};
      EXPECT_EQ(refuse_foreign_origin(request)->status, 403) << origin;
    }
    request.headers = {{"origin", "http://localhost:8080"}};
    EXPECT_FALSE(refuse_foreign_origin(request));
  }
}

TEST(Origin, IsNotAskedOfWhoCarriesAToken) {
  for (const char* said : {"Bearer x", "bearer x", "BEARER x"}) {
    Request request;
    request.method = Method::post;
    request.authority = "app.example";
    request.headers = {{"authorization", said}};
    EXPECT_TRUE(carries_token(request)) << said;
    EXPECT_FALSE(refuse_foreign_origin(request)) << said;
  }
  for (const char* said : {"", "Bearer", "Basic Bearer x", "Bearerx y"}) {
    Request request;
    request.method = Method::post;
    request.authority = "app.example";
    request.headers = {{"authorization", said}};
    EXPECT_FALSE(carries_token(request)) << said;
    EXPECT_TRUE(refuse_foreign_origin(request)) << said;
  }
}

TEST(Authority, HasOneSpelling) {
  EXPECT_EQ(parse_authority("App.Example", Scheme::https).value(), "app.example");
  EXPECT_EQ(parse_authority("app.example:443", Scheme::https).value(), "app.example");
  EXPECT_EQ(parse_authority("app.example:443", Scheme::http).value(), "app.example:443");
  EXPECT_EQ(parse_authority("app.example:80", Scheme::http).value(), "app.example");
  EXPECT_EQ(parse_authority("localhost:08080", Scheme::http).value(), "localhost:8080");
  EXPECT_EQ(parse_authority("[::1]:8080", Scheme::http).value(), "[::1]:8080");
  EXPECT_EQ(host_of("[::1]:8080"), "[::1]");
  EXPECT_EQ(host_of("a.example:1"), "a.example");
  EXPECT_EQ(host_of("a.example"), "a.example");
}

TEST(Authority, RefusesWhatIsNone) {
  for (const char* raw : {"",        ":80",
                          "a:",      "a:0",
                          "a:65536", "a:80x",
                          "a b",     "a/b",
                          "user@a",  "a,b",
                          "a..b",    ".a",
                          "a.",      "[::1",
                          "::1",     "[::1]x",
                          "[gg::]",  "[]",
                          "a:80:80", "a:-1",
                          "a\x7f",   "\xc3\xa5.example"})
    EXPECT_EQ(parse_authority(raw, Scheme::http).code(), Code::invalid) << raw;
  EXPECT_EQ(parse_authority(std::string(64, 'a'), Scheme::http).code(), Code::invalid);
}

TEST(Authority, KnowsLoopback) {
  for (const char* host : {"localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]"})
    EXPECT_TRUE(is_loopback_name(host)) << host;
  for (const char* host : {"localhost.example", "127.0.0.1.example", "128.0.0.1", "notlocalhost",
                           "127.1", "[::2]", ""})
    EXPECT_FALSE(is_loopback_name(host)) << host;
}

}  // namespace
}  // namespace http

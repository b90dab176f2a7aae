#include "http/server.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "http/harness.h"
#include "http/memory_body.h"
#include "http/metrics.h"

namespace http {
namespace {

using base::Code;
using std::chrono::milliseconds;

const std::string host = "Host: localhost\r\n";
const std::string own = host + "Origin: http://localhost\r\n";

std::string get(std::string_view path, std::string_view headers = {}) {
  return "GET " + std::string(path) + " HTTP/1.1\r\n" + host + std::string(headers) + "\r\n";
}

void basic_routes(Router& router) {
  router.add(Method::get, "/", [](Request&, const Captures&) { return Response::text(200, "hi"); });
  router.add(Method::get, "/where", [](Request& request, const Captures&) {
    return Response::text(200, request.origin() + request.path + "?" + request.query);
  });
  router.add(Method::post, "/echo", [](Request& request, const Captures&) {
    auto body = request.read_body(1000);
    return body.ok() ? Response::text(200, *std::move(body)) : problem(body.error());
  });
  router.add(Method::get, "/page", [](Request&, const Captures&) {
    return Response::streamed(200, "text/plain",
                              std::make_unique<MemorySource>(std::string(1000, 'x')));
  });
  router.add(Method::get, "/throws", [](Request&, const Captures&) -> Response {
    throw std::runtime_error("kari@example.com");
  });
  router.add(Method::get, "/inject", [](Request& request, const Captures&) {
    return Response::redirect(request.parameter("to").value_or(""));
  });
  router.add(Method::get, "/odd-status",
             [](Request&, const Captures&) { return Response::empty(100); });
  router.add(Method::get, "/frames", [](Request&, const Captures&) {
    return std::move(Response::text(200, "hi")
                         .set("Content-Length", "7")
                         .set("Transfer-Encoding", "chunked")
                         .set("Connection", "upgrade"));
  });
  router.add(Method::head, "/sized", [](Request&, const Captures&) {
    return std::move(Response::empty(200).set("Content-Length", "12345678901"));
  });
  router.add(Method::get, "/noted", [](Request& request, const Captures&) {
    request.on_answer = {{"Retry-After", "7"}, {"Set-Cookie", "a=1"}};
    Response response = problem({Code::exhausted, "too many"});
    response.set("Set-Cookie", "b=2");
    return response;
  });
  router.add(Method::del, "/gone", [](Request&, const Captures&) { return Response::empty(204); });
}

void expect_security_headers(const Reply& reply) {
  EXPECT_NE(reply.header("content-security-policy"), "");
  EXPECT_EQ(reply.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(reply.header("x-request-id").size(), 26U);
  EXPECT_EQ(reply.headers.count("strict-transport-security"), 0U);
}

TEST(Server, AnswersAndKeepsTheConnection) {
  const TestServer server(basic_routes);
  Client client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(get("/"));
    const Reply reply = client.receive();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "hi");
    EXPECT_EQ(reply.header("connection"), "keep-alive");
    expect_security_headers(reply);
  }
  EXPECT_EQ(server.counters().connections_total, 1U);
}

TEST(Server, EndsTheConnectionWhereAsked) {
  const TestServer server(basic_routes);
  for (const std::string& request :
       {get("/", "Connection: close\r\n"), "GET / HTTP/1.0\r\n" + host + "\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n" + host + "\r\n"}) {
    Client client(server.port());
    client.send(request);
    const Reply reply = client.receive();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("connection"), "close");
    EXPECT_TRUE(client.ends_within(milliseconds(1000)));
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const TestServer server(basic_routes);
  Client client(server.port());
  std::string requests = "\r\n";
  for (int i = 0; i < 50; ++i) {
    requests += get("/where?" + std::to_string(i));
    requests +=
        "POST /echo HTTP/1.1\r\n" + own + "Content-Length: 5\r\n\r\nbody" + std::to_string(i % 10);
    requests +=
        "POST /echo HTTP/1.1\r\n" + own + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  }
  client.send(requests);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(client.receive().body, "http://localhost/where?" + std::to_string(i));
    ASSERT_EQ(client.receive().body, "body" + std::to_string(i % 10));
    ASSERT_EQ(client.receive().body, "abc");
  }
}

TEST(Server, TakesARequestByteByByte) {
  const TestServer server(basic_routes);
  Client client(server.port());
  for (const char c : "POST /echo HTTP/1.1\r\n" + own + "Content-Length: 3\r\n\r\nabc")
    client.send(std::string(1, c));
  EXPECT_EQ(client.receive().body, "abc");
}

TEST(Server, AnswersHeadWithTheHeadersOfGet) {
  const TestServer server(basic_routes);
  Client client(server.port());
  const std::pair<const char*, const char*> cases[] = {
      {"/", "2"}, {"/page", "1000"}, {"/sized", "12345678901"}, {"/", "2"}};
  for (const auto& [path, size] : cases) {
    client.send("HEAD " + std::string(path) + " HTTP/1.1\r\n" + host + "\r\n");
    const Reply reply = client.receive(BodyExpected::no);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("content-length"), size);
  }
  client.send(get("/page"));
  EXPECT_EQ(client.receive().body, std::string(1000, 'x'));
}

TEST(Server, SendsNoLengthWithoutABody) {
  const TestServer server(basic_routes);
  const Reply reply = fetch(server, "DELETE /gone HTTP/1.1\r\n" + own + "\r\n");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.headers.count("content-length"), 0U);
}

TEST(Server, RefusesMalformedHeadsAndSaysWhy) {
  const TestServer server(basic_routes);
  const std::pair<std::string, int> cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\n\n", 400},
      {"\x16\x03\x01 hello", 400},
      {"GET / HTTP/3.0\r\n" + host + "\r\n", 505},
      {"GET /%2e%2e HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: app.example\r\n\r\n", 421},
      {get("/", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400},
      {get("/", "Transfer-Encoding: gzip\r\n"), 501},
      {get("/", "Expect: a-miracle\r\n"), 417},
      {"GET /" + std::string(20'000, 'a'), 414},
      {"GET / HTTP/1.1\r\nA: " + std::string(20'000, 'a'), 431},
  };
  for (const auto& [request, status] : cases) {
    Client client(server.port());
    client.send(request);
    const Reply reply = client.receive();
    EXPECT_EQ(reply.status, status) << request.substr(0, 100);
    EXPECT_NE(reply.reason, "") << status;
    EXPECT_EQ(reply.header("content-type"), "application/problem+json");
    EXPECT_EQ(reply.header("connection"), "close");
    expect_security_headers(reply);
    client.shutdown_send();
    EXPECT_TRUE(client.ends_within(milliseconds(1000)));
  }
  EXPECT_EQ(server.counters().refused_total, std::size(cases));
}

TEST(Server, MapsWhatTheRouterRefuses) {
  const TestServer server(basic_routes);
  const Reply missing = fetch(server, get("/none"));
  EXPECT_EQ(missing.status, 404);
  expect_security_headers(missing);
  const Reply method = fetch(server, "BREW / HTTP/1.1\r\n" + host + "\r\n");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(fetch(server, "OPTIONS * HTTP/1.1\r\n" + host + "\r\n").status, 204);
}

TEST(Server, WantsTheOriginOfWhatChangesSomething) {
  const TestServer server(basic_routes);
  Client client(server.port());
  const std::string body = "Content-Length: 3\r\n\r\nabc";
  client.send("POST /echo HTTP/1.1\r\n" + host + body);
  EXPECT_EQ(client.receive().status, 403);
  client.send("POST /echo HTTP/1.1\r\n" + host + "Origin: https://evil.example\r\n" + body);
  EXPECT_EQ(client.receive().status, 403);
  client.send("DELETE /gone HTTP/1.1\r\n" + host + "Origin: null\r\n\r\n");
  EXPECT_EQ(client.receive().status, 403);
  client.send("POST /echo HTTP/1.1\r\n" + own + body);
  EXPECT_EQ(client.receive().body, "abc");
  client.send("POST /echo HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nOrigin: http://127.0.0.1:8080\r\n" +
              body);
  EXPECT_EQ(client.receive().body, "abc");
}

TEST(Server, SurvivesAHandlerThatThrows) {
  const TestServer server(basic_routes);
  Client client(server.port());
  client.send(get("/throws"));
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 500);
  EXPECT_FALSE(reply.body.contains("kari"));
  expect_security_headers(reply);
  client.send(get("/"));
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(server.log().contains("handler_threw"));
  EXPECT_FALSE(server.log().contains("kari"));
}

TEST(Server, NeverSendsAHeaderThatIsTwo) {
  const TestServer server(basic_routes);
  EXPECT_EQ(fetch(server, get("/inject?to=/ok")).header("location"), "/ok");
  for (const char* path : {"/inject?to=a%0d%0aSet-Cookie:%20a=b", "/inject?to=a%0ab",
                           "/inject?to=a%00b", "/inject?to=%7f", "/odd-status"}) {
    const Reply reply = fetch(server, get(path));
    EXPECT_EQ(reply.status, 500) << path;
    EXPECT_EQ(reply.headers.count("set-cookie"), 0U);
    EXPECT_EQ(reply.headers.count("location"), 0U);
    expect_security_headers(reply);
  }
}

TEST(Server, FramesEveryResponseItself) {
  const TestServer server(basic_routes);
  const Reply reply = fetch(server, get("/frames"));
  EXPECT_EQ(reply.headers.count("content-length"), 1U);
  EXPECT_EQ(reply.header("content-length"), "2");
  EXPECT_EQ(reply.headers.count("transfer-encoding"), 0U);
  EXPECT_EQ(reply.headers.count("connection"), 1U);
}

TEST(Server, KnowsItsHosts) {
  Options options = test_options();
  options.hosts = {"App.Example"};
  options.behind_proxy = true;
  const TestServer server(basic_routes, options);
  const auto ask = [&](std::string_view headers) {
    return fetch(server, "GET /where HTTP/1.1\r\n" + std::string(headers) + "\r\n");
  };
  const Reply plain = ask("Host: app.example:8080\r\n");
  EXPECT_EQ(plain.body, "http://app.example:8080/where?");
  EXPECT_EQ(plain.headers.count("strict-transport-security"), 0U);
  const Reply secure = ask("Host: app.example\r\nX-Forwarded-Proto: https\r\n");
  EXPECT_EQ(secure.body, "https://app.example/where?");
  EXPECT_EQ(secure.headers.count("strict-transport-security"), 1U);
  EXPECT_EQ(ask("Host: other.example\r\n").status, 421);
  EXPECT_EQ(ask("Host: [::1]:80\r\n").status, 200);
}

TEST(Server, MakesPagesOfErrorsForWhoPrefersHtml) {
  Options options = test_options();
  options.error_page = [](const Request&, const Response& error) {
    return Response::html(200, "<h1>" + std::string(error.problem->title.c_str()) + "</h1>");
  };
  const TestServer server(basic_routes, options);
  const std::string html = "Accept: text/html, */*;q=0.8\r\n";
  const Reply missing = fetch(server, get("/none", html));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(missing.body, "<h1>There is no such page</h1>");
  expect_security_headers(missing);
  const Reply method = fetch(server, "POST / HTTP/1.1\r\n" + own + html + "\r\n");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(fetch(server, "GET / HTTP/1.1\r\nHost: app.example\r\n" + html + "\r\n")
                .header("content-type"),
            "text/html; charset=utf-8");
  EXPECT_EQ(fetch(server, "POST /echo HTTP/1.1\r\n" + host + html + "\r\n").body,
            "<h1>The request does not say where it comes from</h1>");
  EXPECT_EQ(fetch(server, get("/none")).header("content-type"), "application/problem+json");
}

TEST(Server, PutsWhatWasNotedOnTheAnswer) {
  const TestServer server(basic_routes);
  const Reply reply = fetch(server, get("/noted"));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.headers.count("retry-after"), 1U);
  EXPECT_EQ(reply.header("retry-after"), "7");
  EXPECT_EQ(reply.headers.count("set-cookie"), 2U);
}

TEST(Server, CallsFinishForEveryResponse) {
  const Finish finish = [](const Request& request, Response& response) {
    response.set("X-Seen", request.id.str());
    if (request.path == "/where") throw std::runtime_error("no");
  };
  const TestServer server(basic_routes, test_options(), finish);
  for (const std::string& request : {get("/"), get("/none"), std::string("nonsense\r\n\r\n")}) {
    const Reply reply = fetch(server, request);
    EXPECT_EQ(reply.header("x-seen"), reply.header("x-request-id"));
  }
  EXPECT_EQ(fetch(server, get("/where")).status, 500);
}

TEST(Server, TellsTheDateWhereItHasAClock) {
  base::ManualClock clock(base::parse_rfc3339("1994-11-06T08:49:37Z").value());
  Options options = test_options();
  options.clock = &clock;
  EXPECT_EQ(fetch(TestServer(basic_routes, options), get("/")).header("date"),
            "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(fetch(TestServer(basic_routes), get("/")).headers.count("date"), 0U);
}

TEST(Server, LogsNoPathAndNoAddress) {
  const TestServer server(basic_routes);
  fetch(server, get("/where?email=kari%40example.com", "X-A: kari\r\nUser-Agent: Mosaic\r\n"));
  fetch(server, "nonsense kari\r\n\r\n");
  server.await_requests(2);
  const std::string log = server.log();
  EXPECT_TRUE(log.contains(R"("method":"GET","status":200)")) << log;
  EXPECT_TRUE(log.contains(R"("method":"OTHER","status":400)")) << log;
  for (const char* personal : {"kari", "where", "127.0.0.1", "Mosaic", "localhost"})
    EXPECT_FALSE(log.contains(personal)) << log;
}

TEST(Server, CountsForMetrics) {
  const TestServer server(basic_routes);
  fetch(server, "POST /echo HTTP/1.1\r\n" + own + "Content-Length: 3\r\n\r\nabc");
  fetch(server, get("/none"));
  fetch(server, get("/throws"));
  server.await_requests(3);
  const std::string text = metrics_text(server.counters());
  for (const char* line :
       {"# TYPE http_requests_total counter\nhttp_requests_total 3", "http_connections_total 3",
        "http_responses_4xx_total 1", "http_responses_5xx_total 1",
        "http_request_body_bytes_total 3", "http_requests_in_flight 0"})
    EXPECT_TRUE(text.contains(line)) << line << "\n" << text;
}

TEST(Server, RefusesToBindWhereItCannot) {
  base::SystemClock clock;
  base::SystemEntropy entropy;
  base::Log log(clock, [](std::string_view) {});
  const Router router;
  Options options = test_options();
  options.listen.address = "localhost";
  EXPECT_EQ(Server::bind(options, router, {}, entropy, log).code(), Code::invalid);
  const TestServer server(basic_routes);
  options.listen = {"127.0.0.1", server.port()};
  EXPECT_EQ(Server::bind(options, router, {}, entropy, log).code(), Code::unavailable);
}

}  // namespace
}  // namespace http

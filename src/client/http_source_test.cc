#include "client/http_source.h"

#include <gtest/gtest.h>

#include "client/testing.h"
#include "client/verify.h"
#include "tests/support/answering.h"

namespace client {
namespace {

using base::Code;
using support::answer;
using support::Request;
using support::TestServer;

std::string log_at(const TestServer& server) { return server.origin() + "/log"; }

TEST(HttpSource, VerifiesAServedLog) {
  TestLog log;
  log.fill(0, 300);
  const std::string receipt = log.receipt().dump();
  log.fill(300, 520);
  TestServer server([&](const Request& request) {
    const auto bytes =
        base::read_file(log.disk(), log.directory() + request.path.substr(4), 1 << 20);
    return bytes.ok() ? answer("200 OK", base::text(*bytes)) : answer("404 Not Found", "");
  });
  for (const std::string& url : {log_at(server), log_at(server) + "/"}) {
    const auto source = open_log_source(log.disk(), url).value();
    const auto verified = verify_receipt(receipt, *source, std::nullopt);
    ASSERT_TRUE(verified.ok()) << verified.error().chain();
    EXPECT_TRUE(verified->holds()) << verified->text();
    const auto whole = verify_ledger(*source, std::nullopt, [](std::uint64_t, std::uint64_t) {});
    EXPECT_TRUE(whole->holds()) << whole->text();
  }
}

TEST(HttpSource, SaysWhatIsWrong) {
  base::RealDisk disk;
  TestServer server([](const Request& request) -> std::string {
    if (request.path == "/log/ok") return answer("200 OK", "0123456789");
    if (request.path == "/log/gone") return answer("410 Gone", "");
    if (request.path == "/log/broken") return answer("500 Internal Server Error", "");
    if (request.path == "/log/short") return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort";
    if (request.path == "/log/rubbish") return "rubbish\r\n\r\n";
    if (request.path == "/log/away")
      return "HTTP/1.1 302 Found\r\nLocation: http://localhost/elsewhere\r\n"
             "Connection: close\r\nContent-Length: 0\r\n\r\n";
    return answer("404 Not Found", "");
  });
  const auto source = open_log_source(disk, log_at(server)).value();
  EXPECT_EQ(base::text(source->get("ok", 10).value()), "0123456789");
  EXPECT_EQ(source->get("ok", 9).code(), Code::too_large);
  EXPECT_EQ(source->get("none", 10).code(), Code::missing);
  EXPECT_EQ(source->get("gone", 10).code(), Code::missing);
  EXPECT_EQ(source->get("broken", 10).code(), Code::unavailable);
  EXPECT_EQ(source->get("short", 1000).code(), Code::unavailable);
  EXPECT_FALSE(source->get("rubbish", 1000).ok());
  const int before = server.requests;
  EXPECT_EQ(source->get("away", 10).code(), Code::denied);
  EXPECT_EQ(server.requests, before + 1);
}

TEST(HttpSource, NobodyAnswers) {
  base::RealDisk disk;
  std::string url;
  {
    const TestServer server([](const Request&) { return answer("404 Not Found", ""); });
    url = log_at(server);
  }
  const auto source = open_log_source(disk, url).value();
  EXPECT_EQ(source->get("checkpoint", 10).code(), Code::unavailable);
  EXPECT_EQ(verify_receipt("{}", *source, std::nullopt).code(), Code::unavailable);
  EXPECT_FALSE(open_log_source(disk, "http://").value()->get("checkpoint", 10).ok());
}

}  // namespace
}  // namespace client

// Every limit of the server, from the outside.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "http/harness.h"
#include "http/memory_body.h"

namespace http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const std::string host = "Host: localhost\r\n";
const std::string own = host + "Origin: http://localhost\r\n";
const std::string get_root = "GET / HTTP/1.1\r\n" + host + "\r\n";

void routes(Router& router) {
  router.add(Method::get, "/", [](Request&, const Captures&) { return Response::text(200, "hi"); });
  router.add(Method::put, "/drop", [](Request& request, const Captures&) {
    base::Bytes piece(64UL * 1024);
    while (true) {
      const auto size = request.body->read(piece);
      if (!size.ok()) return problem(size.error());
      if (*size == 0) return Response::empty(204);
    }
  });
  router.add(Method::put, "/reject",
             [](Request&, const Captures&) { return Response::text(401, "no"); });
  router.add(Method::get, "/large", [](Request&, const Captures&) {
    return Response::streamed(200, "text/plain",
                              std::make_unique<MemorySource>(std::string(64UL << 20, 'x')));
  });
}

// Holds handlers until it is opened.
class Gate {
 public:
  Response pass(Request&, const Captures&) {
    entered_.fetch_add(1);
    entered_.notify_all();
    opened_.wait();
    return Response::text(200, "passed");
  }
  void await(int count) {
    for (int now = entered_; now < count; now = entered_) entered_.wait(now);
  }
  void open() { opened_.count_down(); }
  TestServer::Routes routes() {
    return [this](Router& router) {
      router.add(Method::get, "/gate",
                 [this](Request& r, const Captures& c) { return pass(r, c); });
    };
  }
  static std::string request() { return "GET /gate HTTP/1.1\r\n" + host + "\r\n"; }

 private:
  std::atomic<int> entered_{0};
  std::latch opened_{1};
};

Options quick() {
  Options options = test_options();
  options.limits.header_time_max = milliseconds(200);
  options.limits.idle_time_max = milliseconds(300);
  options.limits.stall_time_max = milliseconds(200);
  options.limits.drain_time_max = milliseconds(300);
  return options;
}

TEST(Limits, CutASlowHead) {
  const TestServer server(routes, quick());
  Client client(server.port());
  const auto begin = steady_clock::now();
  // Never silent for as long as the limit, and cut all the same.
  for (int i = 0; i < 4; ++i) {
    client.send(i == 0 ? "GET / HTTP/1.1\r\n" : "A: b\r\n");
    std::this_thread::sleep_for(milliseconds(40));
  }
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 408);
  EXPECT_EQ(reply.header("content-type"), "application/problem+json");
  EXPECT_NE(reply.header("content-security-policy"), "");
  EXPECT_LT(steady_clock::now() - begin, milliseconds(1000));
}

TEST(Limits, CloseAnIdleConnectionWithoutAWord) {
  const TestServer server(routes, quick());
  Client fresh(server.port());
  Client used(server.port());
  used.send(get_root);
  EXPECT_EQ(used.receive().status, 200);
  EXPECT_TRUE(fresh.ends_within(milliseconds(1000)));
  EXPECT_TRUE(used.ends_within(milliseconds(1000)));
  EXPECT_EQ(server.counters().requests_total, 1U);
}

TEST(Limits, CutASmallBodyThatStalls) {
  const TestServer server(routes, quick());
  Client client(server.port());
  client.send("PUT /drop HTTP/1.1\r\n" + own + "Content-Length: 10\r\n\r\nabc");
  EXPECT_EQ(client.receive().status, 408);
}

TEST(Limits, CutALargeBodyThatStalls) {
  const TestServer server(routes, quick());
  Client client(server.port());
  client.send("PUT /drop HTTP/1.1\r\n" + own + "Content-Length: 100000\r\n\r\nabc");
  EXPECT_EQ(client.receive().status, 500);
  EXPECT_TRUE(client.ends_within(milliseconds(3000)));
}

TEST(Limits, CutALargeBodyThatTrickles) {
  Options options = quick();
  options.limits.body_bytes_per_second_min = 100'000;
  const TestServer server(routes, options);
  for (const std::size_t quickly : {0UL, 900'000UL}) {
    const std::uint64_t before = server.counters().responses_5xx_total;
    Client client(server.port());
    client.send("PUT /drop HTTP/1.1\r\n" + own + "Content-Length: 1000000\r\n\r\n" +
                std::string(quickly, 'x'));
    const auto begin = steady_clock::now();
    while (client.send("abc") && steady_clock::now() - begin < milliseconds(3000) &&
           server.counters().responses_5xx_total == before)
      std::this_thread::sleep_for(milliseconds(20));
    EXPECT_EQ(client.receive().status, 500) << quickly;
    EXPECT_LT(steady_clock::now() - begin, milliseconds(2500)) << quickly;
  }
}

TEST(Limits, CutAReaderThatStalls) {
  const TestServer server(routes, quick());
  Client client(server.port());
  client.send("GET /large HTTP/1.1\r\n" + host + "\r\n");
  server.await_requests(1);
  EXPECT_LT(server.counters().response_body_bytes_total, 64U << 20);
  EXPECT_FALSE(client.receive().whole);
}

TEST(Limits, RefuseADeclaredBodyThatIsTooLarge) {
  Options options = quick();
  options.limits.body_bytes_max = 1000;
  const TestServer server(routes, options);
  EXPECT_EQ(fetch(server, "PUT /drop HTTP/1.1\r\n" + own + "Content-Length: 1000\r\n\r\n" +
                              std::string(1000, 'x'))
                .status,
            204);
  EXPECT_EQ(fetch(server, "PUT /drop HTTP/1.1\r\n" + own + "Content-Length: 1001\r\n\r\n").status,
            413);
  EXPECT_EQ(fetch(server, "PUT /drop HTTP/1.1\r\n" + own + "Transfer-Encoding: chunked\r\n\r\n" +
                              "3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n")
                .status,
            413);
}

TEST(Limits, CloseConnectionsOverTheCap) {
  Options options = test_options();
  options.limits.connections_max = 2;
  const TestServer server(routes, options);
  Client one(server.port());
  Client two(server.port());
  for (Client* client : {&one, &two}) {
    client->send(get_root);
    EXPECT_EQ(client->receive().status, 200);
  }
  Client three(server.port());
  three.send(get_root);
  EXPECT_EQ(three.receive().status, 0);
  EXPECT_EQ(server.counters().refused_total, 1U);
  one.close();
  for (int i = 0; i < 200 && server.counters().connections == 2; ++i)
    std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(fetch(server, get_root).status, 200);
}

TEST(Limits, AnswerBusyOverTheRequestsInFlight) {
  Gate gate;
  Options options = test_options();
  options.limits.requests_in_flight_max = 2;
  const TestServer server(gate.routes(), options);
  Client one(server.port());
  Client two(server.port());
  one.send(Gate::request());
  two.send(Gate::request());
  gate.await(2);
  Client three(server.port());
  three.send(Gate::request());
  const Reply busy = three.receive();
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.header("retry-after"), "1");
  EXPECT_EQ(busy.header("content-type"), "application/problem+json");
  gate.open();
  EXPECT_EQ(one.receive().body, "passed");
  EXPECT_EQ(two.receive().body, "passed");
  three.send(Gate::request());
  EXPECT_EQ(three.receive().body, "passed");
}

TEST(Limits, SlowUploadsDoNotStarveOthers) {
  Options options = test_options();
  options.limits.pool_threads = 1;
  options.limits.upload_threads = 2;
  const TestServer server(routes, options);
  const std::string head = "PUT /drop HTTP/1.1\r\n" + own + "Content-Length: 100000\r\n\r\n";
  std::vector<Client> slow;
  for (int i = 0; i < 2; ++i) {
    slow.emplace_back(server.port());
    slow.back().send(head + "abc");
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fetch(server, get_root).status, 200);
  const auto in_flight = [&] { return server.counters().requests_in_flight.load(); };
  for (int i = 0; i < 200 && in_flight() < 2; ++i) std::this_thread::sleep_for(milliseconds(5));
  const Reply busy = fetch(server, head + std::string(100'000, 'x'));
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.header("retry-after"), "1");
  slow.pop_back();
  for (int i = 0; i < 200 && in_flight() == 2; ++i) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(fetch(server, head + std::string(100'000, 'x')).status, 204);
}

TEST(Limits, SlowUploadsOfOneNetworkLeaveRoomForOthers) {
  Options options = test_options();
  options.limits.upload_threads = 4;
  options.trusted_proxies = {AddressRange::parse("127.0.0.1").value()};
  const TestServer server(routes, options);
  const auto head = [](const std::string& client) {
    return "PUT /drop HTTP/1.1\r\n" + own + "X-Forwarded-For: " + client +
           "\r\nContent-Length: 100000\r\n\r\n";
  };
  std::vector<Client> slow;
  for (int i = 0; i < 2; ++i) {
    slow.emplace_back(server.port());
    slow.back().send(head("192.0.2.1") + "abc");
  }
  const auto in_flight = [&] { return server.counters().requests_in_flight.load(); };
  for (int i = 0; i < 200 && in_flight() < 2; ++i) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(fetch(server, head("192.0.2.7") + std::string(100'000, 'x')).status, 503);
  EXPECT_EQ(fetch(server, head("198.51.100.1") + std::string(100'000, 'x')).status, 204);
}

// What is short needs no thread until it is there, whatever its head says of how it comes.
TEST(Limits, SlowSmallBodiesHoldNoThread) {
  Options options = test_options();
  options.limits.upload_threads = 1;
  const TestServer server(routes, options);
  std::vector<Client> slow;
  for (const char* framing :
       {"Transfer-Encoding: chunked\r\n", "Content-Length: 9\r\nExpect: 100-continue\r\n",
        "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n", "Content-Length: 9\r\n"}) {
    slow.emplace_back(server.port());
    slow.back().send("PUT /drop HTTP/1.1\r\n" + own + framing + "\r\n3\r\nabc\r\n");
  }
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(fetch(server, "PUT /drop HTTP/1.1\r\n" + own + "Content-Length: 100000\r\n\r\n" +
                                std::string(100'000, 'x'))
                  .status,
              204);
  EXPECT_EQ(server.counters().requests_in_flight, 0U);
  slow.front().send("0\r\n\r\n");
  EXPECT_EQ(slow.front().receive().status, 204);
}

TEST(UnreadBody, IsDroppedWhereItIsSmall) {
  const TestServer server(routes, quick());
  Client client(server.port());
  const std::string body(100'000, 'x');
  for (int i = 0; i < 3; ++i) {
    client.send("PUT /reject HTTP/1.1\r\n" + own + "Content-Length: 100000\r\n\r\n" + body);
    const Reply reply = client.receive();
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.header("connection"), "keep-alive");
  }
  client.send(get_root);
  EXPECT_EQ(client.receive().body, "hi");
}

TEST(UnreadBody, EndsTheConnectionWhereItIsLarge) {
  const TestServer server(routes, quick());
  for (const char* framing : {"Content-Length: 10000000\r\n", "Transfer-Encoding: chunked\r\n"}) {
    Client client(server.port());
    client.send("PUT /reject HTTP/1.1\r\n" + own + framing + "\r\n1000\r\n");
    // The answer is not lost although the client goes on sending.
    client.send(std::string(100'000, 'x'));
    const Reply reply = client.receive();
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.body, "no");
    EXPECT_EQ(reply.header("connection"), "close");
    EXPECT_TRUE(client.ends_within(milliseconds(3000)));
  }
}

TEST(UnreadBody, IsLeftByWhoeverIsStoppedAndAnsweredAtOnce) {
  std::atomic<BodyReader*> read{nullptr};
  TestServer server([&](Router& router) {
    router.add(Method::put, "/take", [&](Request& request, const Captures&) {
      base::Bytes piece(64UL * 1024);
      base::Result<std::size_t> size = 0U;
      read = request.body;
      read.notify_all();
      do {
        size = request.body->read(piece);
      } while (size.ok() && *size > 0);
      EXPECT_EQ(size.code(), base::Code::io);
      EXPECT_EQ(request.body->read(piece).code(), base::Code::io);
      return Response::text(409, "stopped");
    });
  });
  Client client(server.port());
  ASSERT_TRUE(client.send("PUT /take HTTP/1.1\r\n" + own + "Content-Length: 2000000\r\n\r\n" +
                          std::string(100'000, 'x')));
  read.wait(nullptr);
  const auto begin = steady_clock::now();
  read.load()->stop();
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.body, "stopped");
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(Drain, EndsIdleConnectionsAndFinishesRequests) {
  Gate gate;
  TestServer server(gate.routes());
  Client idle(server.port());
  Client busy(server.port());
  busy.send(Gate::request());
  gate.await(1);
  server.stop();
  EXPECT_TRUE(idle.ends_within(milliseconds(1000)));
  gate.open();
  const Reply reply = busy.receive();
  EXPECT_EQ(reply.body, "passed");
  EXPECT_EQ(reply.header("connection"), "close");
  busy.close();
  server.join();
  EXPECT_ANY_THROW(Client(server.port()));
}

TEST(Drain, CutsWhatDoesNotEnd) {
  TestServer server(routes, [] {
    Options options = quick();
    options.limits.stall_time_max = std::chrono::seconds(30);
    return options;
  }());
  Client upload(server.port());
  upload.send("PUT /drop HTTP/1.1\r\n" + own + "Content-Length: 100000\r\n\r\nabc");
  Client download(server.port());
  download.send("GET /large HTTP/1.1\r\n" + host + "\r\n");
  EXPECT_FALSE(download.some(1).empty());
  std::this_thread::sleep_for(milliseconds(50));
  const auto begin = steady_clock::now();
  server.stop();
  server.join();
  EXPECT_LT(steady_clock::now() - begin, milliseconds(2000));
  EXPECT_GE(steady_clock::now() - begin, milliseconds(250));
}

TEST(Drain, IsQuickWithNothingToDo) {
  TestServer server(routes);
  EXPECT_EQ(fetch(server, get_root).status, 200);
  const auto begin = steady_clock::now();
  server.stop();
  server.stop();
  server.join();
  EXPECT_LT(steady_clock::now() - begin, milliseconds(500));
}

}  // namespace
}  // namespace http

// Bodies that are larger than memory ought to be, both ways, and the ways in which they end.
#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "base/crypto.h"
#include "http/harness.h"

namespace http {
namespace {

using base::Code;
using std::chrono::milliseconds;

const std::string host = "Host: localhost\r\n";
const std::string own = host + "Origin: http://localhost\r\n";
const std::string secure = host + "Origin: https://localhost\r\n";
constexpr std::uint64_t large = 64ULL << 20;

// Byte i of every large body here.
std::uint8_t byte_at(std::uint64_t i) { return static_cast<std::uint8_t>(i * 2654435761U >> 24U); }

std::string expected_digest(std::uint64_t size) {
  base::Sha256 hash;
  base::Bytes piece(1UL << 20);
  for (std::uint64_t at = 0; at < size; at += piece.size()) {
    for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = byte_at(at + i);
    hash.update(base::View(piece).first(std::min<std::uint64_t>(piece.size(), size - at)));
  }
  return base::hex(hash.finish());
}

// Sanitizers keep what was freed: with them there is nothing to measure.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::uint64_t growth_bytes_max = UINT64_MAX / 2;
#else
constexpr std::uint64_t growth_bytes_max = 20U << 20;
#endif

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t pages = 0;
  file >> pages >> pages;
  return pages * 4096;
}

class Pattern final : public BodySource {
 public:
  Pattern(std::uint64_t size, std::uint64_t given) : size_(size), given_(given) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read(base::Mutable out) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), given_ - at_));
    if (count == 0 && given_ < size_)
      return base::Error{Code::corrupt, "the stored bytes are damaged"};
    for (std::size_t i = 0; i < count; ++i) out[i] = byte_at(at_ + i);
    at_ += count;
    return count;
  }

 private:
  std::uint64_t size_;
  std::uint64_t given_;
  std::uint64_t at_ = 0;
};

struct Uploads {
  std::promise<Code> failed;
  std::atomic<bool> read{false};
};

TestServer::Routes routes(Uploads& uploads) {
  return [&uploads](Router& router) {
    router.add(Method::put, "/hash", [&uploads](Request& request, const Captures&) {
      base::Sha256 hash;
      base::Bytes piece(128UL * 1024);
      while (true) {
        const auto size = request.body->read(piece);
        uploads.read = true;
        if (!size.ok()) {
          uploads.failed.set_value(size.code());
          return problem(size.error());
        }
        if (*size == 0) return Response::text(200, base::hex(hash.finish()));
        hash.update(base::View(piece).first(*size));
      }
    });
    router.add(Method::put, "/ignore",
               [](Request&, const Captures&) { return Response::empty(204); });
    router.add(Method::get, "/pattern", [](Request& request, const Captures&) {
      const std::uint64_t given = request.query == "damaged" ? 1'000'000 : large;
      return Response::streamed(200, "application/octet-stream",
                                std::make_unique<Pattern>(large, given));
    });
    router.add(Method::get, "/small", [](Request& request, const Captures&) {
      const std::uint64_t given = request.query == "damaged" ? 700 : 1000;
      return Response::streamed(200, "application/octet-stream",
                                std::make_unique<Pattern>(1000, given));
    });
  };
}

enum class Wire : std::uint8_t { length, chunked };

std::string upload(std::uint16_t port, TlsVersion tls, Wire wire, std::uint64_t size) {
  Client client(port, tls);
  client.send("PUT /hash HTTP/1.1\r\n" + (tls == TlsVersion::none ? own : secure) +
              (wire == Wire::length ? "Content-Length: " + std::to_string(size)
                                    : "Transfer-Encoding: chunked") +
              "\r\n\r\n");
  std::string piece(1UL << 20, '\0');
  for (std::uint64_t at = 0; at < size; at += piece.size()) {
    for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = static_cast<char>(byte_at(at + i));
    if (wire == Wire::chunked) client.send("100000\r\n");
    client.send(piece);
    if (wire == Wire::chunked) client.send("\r\n");
  }
  if (wire == Wire::chunked) client.send("0\r\n\r\n");
  return client.receive().body;
}

TEST(Stream, TakesLargeBodiesInConstantMemory) {
  Uploads uploads;
  const TestServer server(routes(uploads));
  const std::string digest = expected_digest(large);
  EXPECT_EQ(upload(server.port(), TlsVersion::none, Wire::length, 8UL << 20),
            expected_digest(8UL << 20));
  const std::uint64_t before = resident_bytes();
  EXPECT_EQ(upload(server.port(), TlsVersion::none, Wire::length, large), digest);
  EXPECT_EQ(upload(server.port(), TlsVersion::none, Wire::chunked, large), digest);
  EXPECT_LT(resident_bytes(), before + growth_bytes_max);
}

TEST(Stream, GivesASmallBodyWithItsHeadOrAProblemInItsPlace) {
  Uploads uploads;
  const TestServer server(routes(uploads));
  Client client(server.port());
  client.send("GET /small HTTP/1.1\r\n" + host + "\r\n");
  const auto whole = client.receive();
  EXPECT_EQ(whole.status, 200);
  ASSERT_EQ(whole.body.size(), 1000U);
  for (std::size_t i = 0; i < 1000; ++i)
    EXPECT_EQ(static_cast<std::uint8_t>(whole.body[i]), byte_at(i)) << i;
  client.send("GET /small?damaged HTTP/1.1\r\n" + host + "\r\n");
  const auto damaged = client.receive();
  EXPECT_EQ(damaged.status, 500);
  EXPECT_EQ(damaged.body.find("damaged"), std::string::npos);
  // The head alone still tells the size.
  client.send("HEAD /small HTTP/1.1\r\n" + host + "\r\n");
  EXPECT_EQ(client.receive(BodyExpected::no).header("content-length"), "1000");
}

TEST(Stream, GivesLargeBodiesInConstantMemory) {
  Uploads uploads;
  const TestServer server(routes(uploads));
  Client client(server.port());
  client.send("GET /pattern HTTP/1.1\r\n" + host + "\r\n");
  EXPECT_EQ(client.receive(BodyExpected::no).header("content-length"), std::to_string(large));
  const std::uint64_t before = resident_bytes();
  base::Sha256 hash;
  for (std::uint64_t at = 0; at < large;) {
    const std::string piece = client.some(64UL * 1024);
    ASSERT_FALSE(piece.empty());
    hash.update(base::view(piece));
    at += piece.size();
  }
  EXPECT_EQ(base::hex(hash.finish()), expected_digest(large));
  EXPECT_LT(resident_bytes(), before + growth_bytes_max);
}

TEST(Stream, CutsAResponseThatCannotBeFinished) {
  Uploads uploads;
  const TestServer server(routes(uploads));
  Client client(server.port());
  client.send("GET /pattern?damaged HTTP/1.1\r\n" + host + "\r\n");
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 200);
  EXPECT_FALSE(reply.whole);
  EXPECT_LE(reply.body.size(), 1'000'000U);
  server.await_requests(1);
  EXPECT_TRUE(server.log().contains("the stored bytes are damaged"));
}

TEST(Stream, TellsTheHandlerThatTheClientIsGone) {
  for (const char* framing : {"Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n"}) {
    Uploads uploads;
    const TestServer server(routes(uploads));
    Client client(server.port());
    client.send("PUT /hash HTTP/1.1\r\n" + own + framing + "\r\n8000\r\n" +
                std::string(20'000, 'x'));
    while (!uploads.read) std::this_thread::sleep_for(milliseconds(1));
    client.close();
    EXPECT_EQ(uploads.failed.get_future().get(), Code::io);
  }
}

TEST(Stream, TellsTheHandlerOfBrokenChunks) {
  Uploads uploads;
  const TestServer server(routes(uploads));
  Client client(server.port());
  client.send("PUT /hash HTTP/1.1\r\n" + own +
              "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n");
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_TRUE(client.ends_within(milliseconds(3000)));
  EXPECT_EQ(uploads.failed.get_future().get(), Code::invalid);
}

TEST(Continue, IsSaidWhereTheBodyIsRead) {
  Uploads uploads;
  const TestServer server(routes(uploads));
  for (const char* framing : {"Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n"}) {
    Client client(server.port());
    client.send("PUT /hash HTTP/1.1\r\n" + own + framing + "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive().status, 100);
    client.send(std::string_view(framing).starts_with("C") ? "abc" : "3\r\nabc\r\n0\r\n\r\n");
    const Reply reply = client.receive();
    EXPECT_EQ(reply.body, base::hex(base::sha256(base::view("abc"))));
    EXPECT_EQ(reply.header("connection"), "keep-alive");
  }
}

TEST(Continue, IsNotSaidWhereTheHandlerDoesNotRead) {
  Uploads uploads;
  const TestServer server(routes(uploads));
  Client client(server.port());
  client.send("PUT /ignore HTTP/1.1\r\n" + own +
              "Content-Length: 300000\r\nExpect: 100-continue\r\n\r\n");
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.header("connection"), "close");
}

TEST(Continue, IsNotNeededWhereTheBodyIsThere) {
  Uploads uploads;
  const TestServer server(routes(uploads));
  Client client(server.port());
  client.send("PUT /hash HTTP/1.1\r\n" + own +
              "Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc");
  EXPECT_EQ(client.receive().status, 200);
}

class TlsTest : public testing::Test {
 protected:
  static Options options() {
    Options out = test_options();
    base::SystemEntropy entropy;
    base::SystemClock clock;
    out.tls =
        make_self_signed({"localhost", "127.0.0.1", "app.example"}, clock.now(), entropy).value();
    out.hosts = {"app.example"};
    return out;
  }
  Uploads uploads_;
  TestServer server_{routes(uploads_), options()};
};

TEST_F(TlsTest, SpeaksTls12And13AndNothingOlder) {
  for (const TlsVersion version : {TlsVersion::v1_2, TlsVersion::v1_3}) {
    Client client(server_.port(), version);
    ASSERT_TRUE(client.greeted());
    EXPECT_EQ(client.protocol(), "http/1.1");
    client.send("HEAD /none HTTP/1.1\r\n" + host + "\r\n");
    EXPECT_EQ(client.receive(BodyExpected::no).status, 404);
  }
  EXPECT_FALSE(Client(server_.port(), TlsVersion::v1_1).greeted());
}

TEST_F(TlsTest, IsSecureForTheRequest) {
  Client client(server_.port(), TlsVersion::v1_3);
  client.send("PUT /ignore HTTP/1.1\r\nHost: app.example\r\nOrigin: https://app.example\r\n\r\n");
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.headers.count("strict-transport-security"), 1U);
  client.send("PUT /ignore HTTP/1.1\r\nHost: app.example\r\nOrigin: http://app.example\r\n\r\n");
  EXPECT_EQ(client.receive().status, 403);
}

TEST_F(TlsTest, StreamsBothWays) {
  EXPECT_EQ(upload(server_.port(), TlsVersion::v1_3, Wire::length, 16UL << 20),
            expected_digest(16UL << 20));
  Client client(server_.port(), TlsVersion::v1_2);
  client.send("GET /pattern HTTP/1.1\r\nConnection: close\r\n" + host + "\r\n");
  EXPECT_EQ(client.receive().body.size(), large);
  EXPECT_TRUE(client.ends_within(milliseconds(1000)));
}

TEST_F(TlsTest, AnswersBeforeItEndsAnUnreadUpload) {
  Client client(server_.port(), TlsVersion::v1_3);
  client.send("PUT /ignore HTTP/1.1\r\n" + secure + "Content-Length: 100000000\r\n\r\n");
  client.send(std::string(500'000, 'x'));
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_TRUE(client.ends_within(milliseconds(3000)));
}

TEST_F(TlsTest, SurvivesWhoGoesAwayInTheMiddle) {
  for (const TlsVersion version : {TlsVersion::v1_2, TlsVersion::v1_3}) {
    Client client(server_.port(), version);
    client.send("GET /pattern HTTP/1.1\r\n" + host + "\r\n");
    EXPECT_FALSE(client.some(100'000).empty());
    client.close();
  }
  server_.await_requests(2);
  EXPECT_TRUE(Client(server_.port(), TlsVersion::v1_3).greeted());
}

TEST_F(TlsTest, TakesRequestsThatComeInOneRecord) {
  Client client(server_.port(), TlsVersion::v1_3);
  const std::string one = "PUT /hash HTTP/1.1\r\n" + secure + "Content-Length: 3\r\n\r\nabc";
  client.send(one + one + one);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client.receive().body, base::hex(base::sha256(base::view("abc"))));
}

TEST_F(TlsTest, EndsWhoReadsNothing) {
  Client client(server_.port(), TlsVersion::v1_3);
  client.send("GET /pattern HTTP/1.1\r\n" + host + "\r\n");
  server_.await_requests(1);  // it has given up on the answer
}

TEST_F(TlsTest, EndsWhoNeverGreets) {
  Client silent(server_.port());
  EXPECT_TRUE(silent.ends_within(milliseconds(3000)));
}

TEST_F(TlsTest, SurvivesWhoDoesNotSpeakIt) {
  Client plain(server_.port());
  plain.send("GET / HTTP/1.1\r\n" + host + "\r\n");
  EXPECT_EQ(plain.receive().status, 0);
  EXPECT_TRUE(Client(server_.port(), TlsVersion::v1_3).greeted());
}

TEST(TlsContext, RefusesWhatDoesNotFit) {
  base::SystemEntropy entropy;
  base::SystemClock clock;
  const Tls one = make_self_signed({"localhost"}, clock.now(), entropy).value();
  const Tls two = make_self_signed({"localhost"}, clock.now(), entropy).value();
  EXPECT_TRUE(make_tls_context(one).ok());
  EXPECT_EQ(make_tls_context({one.certificate_pem, two.key_pem}).code(), Code::invalid);
  EXPECT_EQ(make_tls_context({one.certificate_pem, ""}).code(), Code::invalid);
  EXPECT_EQ(make_tls_context({"", one.key_pem}).code(), Code::invalid);
  EXPECT_TRUE(make_tls_context({one.certificate_pem + two.certificate_pem, one.key_pem}).ok());
  for (const char* name : {"", "a b", "a,IP:1.2.3.4", "a:b", "\xc3\xa5"})
    EXPECT_EQ(make_self_signed({name}, clock.now(), entropy).code(), Code::invalid) << name;
  EXPECT_TRUE(make_self_signed({"::1", "*.example"}, clock.now(), entropy).ok());
  EXPECT_EQ(make_self_signed({}, clock.now(), entropy).code(), Code::invalid);
}

}  // namespace
}  // namespace http

#include "http/head.h"

#include <gtest/gtest.h>

#include "http/body_decoder.h"

namespace http {
namespace {

constexpr std::string_view host = "Host: localhost\r\n";

std::string get(std::string_view headers) {
  return "GET / HTTP/1.1\r\n" + std::string(headers) + "\r\n";
}

// The status with which a head is refused; 200 where it is taken.
int status_of(std::string_view raw, const HeadLimits& limits = {}, const Reach& reach = {}) {
  HeadScanner scanner;
  const Arrival arrival = scanner.scan(raw);
  if (arrival == Arrival::malformed) return 400;
  EXPECT_EQ(arrival, Arrival::complete) << raw;
  EXPECT_EQ(scanner.end(), raw.size()) << raw;
  auto head = parse_head(raw, limits);
  if (!head) return head.error().status;
  const auto request = make_request(*head, reach);
  return request ? 200 : request.error().status;
}

struct HeadCase {
  std::string raw;
  int status;
};

TEST(Head, IsRefusedWhereItCouldMeanTwoThings) {
  const std::string h(host);
  const HeadCase cases[] = {
      {get(h), 200},
      {"GET / HTTP/1.0\r\n" + h + "\r\n", 200},
      {"BREW / HTTP/1.1\r\n" + h + "\r\n", 200},  // 404 or 405 is the router's
      // the request line
      {"GET  / HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /  HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET / a HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /\tHTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /\r\n" + h + "\r\n", 400},
      {"GET HTTP/1.1\r\n" + h + "\r\n", 400},
      {" GET / HTTP/1.1\r\n" + h + "\r\n", 400},
      {"G(T / HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET / HTTP/1.1 \r\n" + h + "\r\n", 400},
      {"GET / http/1.1\r\n" + h + "\r\n", 400},
      {"GET / HTTP/2.0\r\n" + h + "\r\n", 505},
      {"GET / HTTP/1.2\r\n" + h + "\r\n", 505},
      {"GET / HTTP/0.9\r\n" + h + "\r\n", 505},
      {"GET / HTTP/1.10\r\n" + h + "\r\n", 505},
      {"\x16\x03\x01\x02", 400},
      // line ends and folding
      {"GET / HTTP/1.1\n" + h + "\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: localhost\n\r\n", 400},
      {get(h + "A: b\r\n c\r\n"), 400},
      {get(h + "A:\r\n\tb\r\n"), 400},
      {get(h + "A: b\rc\r\n"), 400},
      {get(" A: b\r\n" + h), 400},
      // header names and values
      {get(h + "A : b\r\n"), 400},
      {get(h + "A\r\n"), 400},
      {get(h + ": b\r\n"), 400},
      {get(h + "A(: b\r\n"), 400},
      {get(h + std::string("A: b\0c\r\n", 8)), 400},
      {get(h + "A: b\x7f\r\n"), 400},
      {get(h + "A: b\x01\r\n"), 400},
      {get(h + "A: \xc3\xa5\r\n"), 200},
      {get(h + "A:b\r\nA:\tc \r\n"), 200},
      // Host
      {get(""), 400},
      {"GET / HTTP/1.0\r\n\r\n", 400},
      {get(h + h), 400},
      {get("Host:\r\n"), 400},
      {get("Host: a b\r\n"), 400},
      {get("Host: a/b\r\n"), 400},
      {get("Host: user@localhost\r\n"), 400},
      {get("Host: localhost, localhost\r\n"), 400},
      {get("Host: localhost:99999\r\n"), 400},
      {get("Host: app.example\r\n"), 421},
      // targets
      {"GET http://localhost/a HTTP/1.1\r\n" + h + "\r\n", 200},
      {"GET http://LOCALHOST:80 HTTP/1.1\r\n" + h + "\r\n", 200},
      {"GET http://other/a HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET http:/// HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET ftp://localhost/ HTTP/1.1\r\n" + h + "\r\n", 400},
      {"CONNECT localhost:80 HTTP/1.1\r\n" + h + "\r\n", 400},
      {"OPTIONS * HTTP/1.1\r\n" + h + "\r\n", 200},
      {"GET * HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET a HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET ?a HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /a#b HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /?a#b HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /../etc HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /%2e%2e/etc HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /%00 HTTP/1.1\r\n" + h + "\r\n", 400},
      {"GET /" + std::string(5000, 'a') + " HTTP/1.1\r\n" + h + "\r\n", 414},
      {"GET /?" + std::string(9000, 'a') + " HTTP/1.1\r\n" + h + "\r\n", 414},
      // framing
      {get(h + "Content-Length: 5\r\n"), 200},
      {get(h + "Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {get(h + "Content-Length: 5, 5\r\n"), 400},
      {get(h + "Content-Length: -5\r\n"), 400},
      {get(h + "Content-Length: +5\r\n"), 400},
      {get(h + "Content-Length: 0x5\r\n"), 400},
      {get(h + "Content-Length: 5 5\r\n"), 400},
      {get(h + "Content-Length:\r\n"), 400},
      {get(h + "Content-Length: 99999999999999999999\r\n"), 400},
      {get(h + "Transfer-Encoding: chunked\r\n"), 200},
      {get(h + "Transfer-Encoding: Chunked\r\n"), 200},
      {get(h + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
      {get(h + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
      {get(h + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {get(h + "Transfer-Encoding: gzip, chunked\r\n"), 501},
      {get(h + "Transfer-Encoding: identity\r\n"), 501},
      {get(h + "Transfer-Encoding: \"chunked\"\r\n"), 501},
      {"GET / HTTP/1.0\r\n" + h + "Transfer-Encoding: chunked\r\n\r\n", 400},
      {get(h + "Expect: 100-continue\r\n"), 200},
      {get(h + "Expect: a-miracle\r\n"), 417},
      // what a proxy and we could choose differently
      {get(h + "Origin: http://localhost\r\nOrigin: http://localhost\r\n"), 400},
      {get(h + "Authorization: Bearer a\r\nauthorization: Bearer b\r\n"), 400},
  };
  for (const HeadCase& c : cases) EXPECT_EQ(status_of(c.raw), c.status) << c.raw;
}

TEST(Head, HoldsItsLimits) {
  std::string many(host);
  for (int i = 0; i < 64; ++i) many += "A: b\r\n";
  EXPECT_EQ(status_of(get(many)), 431);
  EXPECT_EQ(status_of(get(many), {.headers_max = 65}), 200);
  EXPECT_EQ(status_of(get(std::string(host) + "Content-Length: 11\r\n"), {.body_bytes_max = 10}),
            413);
}

TEST(Head, IsFoundPieceByPiece) {
  const std::string raw = get(host);
  HeadScanner scanner;
  for (std::size_t size = 1; size < raw.size(); ++size)
    ASSERT_EQ(scanner.scan(std::string_view(raw).substr(0, size)), Arrival::incomplete);
  EXPECT_TRUE(scanner.has_request_line());
  EXPECT_EQ(scanner.scan(raw + "next"), Arrival::complete);
  EXPECT_EQ(scanner.end(), raw.size());
}

Request request_of(std::string_view raw, const Reach& reach) {
  auto head = parse_head(raw, {});
  return make_request(*head, reach).value();
}

TEST(Head, BecomesARequest) {
  const Reach reach{.tls = true, .hosts = {"app.example"}};
  const Request request = request_of(
      "PUT /v1/files/a%20b?x=%31 HTTP/1.1\r\nHOST: App.Example:443\r\nX-A:  b \r\n"
      "Content-Length: 7\r\n\r\n",
      reach);
  EXPECT_EQ(request.method, Method::put);
  EXPECT_EQ(request.path, "/v1/files/a b");
  EXPECT_EQ(request.query, "x=%31");
  EXPECT_EQ(request.header("x-a"), "b");
  EXPECT_EQ(request.authority, "app.example");
  EXPECT_EQ(request.origin(), "https://app.example");
  EXPECT_EQ(request.body_size, 7U);
}

TEST(Head, BelievesAProxyOnlyWhereOneIsDeclared) {
  const std::string raw = get(std::string(host) + "X-Forwarded-Proto: https\r\n");
  EXPECT_FALSE(request_of(raw, {}).secure);
  EXPECT_TRUE(request_of(raw, {.proxy = Reach::Proxy::declared}).secure);
  EXPECT_FALSE(request_of(get(host), {.proxy = Reach::Proxy::declared}).secure);
  EXPECT_TRUE(request_of(get(host), {.tls = true}).secure);
}

TEST(Head, BelievesOfTheClientWhatATrustedProxySaysAlone) {
  const auto peer = ClientAddress::parse("10.0.0.1").value();
  const auto client = ClientAddress::parse("203.0.113.9").value();
  const auto of = [&](std::string_view raw, const AddressRanges& trusted) {
    auto head = parse_head(raw, {});
    return make_request(*head, {.proxy = Reach::Proxy::declared, .trusted = trusted}, peer).value();
  };
  const AddressRanges ours = {AddressRange::parse("10.0.0.0/8").value()};
  const AddressRanges others = {AddressRange::parse("172.16.0.0/12").value()};
  const std::string raw = get(
      std::string(host) +
      "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 10.0.0.2\r\nX-Forwarded-Proto: https\r\n");
  EXPECT_EQ(of(raw, {}).client, peer);
  EXPECT_EQ(of(raw, others).client, peer);
  EXPECT_EQ(of(raw, ours).client, client);
  // The scheme as well: who says which proxies are trusted, trusts no other.
  EXPECT_TRUE(of(raw, {}).secure);
  EXPECT_TRUE(of(raw, ours).secure);
  EXPECT_FALSE(of(raw, others).secure);
}

TEST(Head, KnowsWhetherTheConnectionGoesOn) {
  const auto after = [](std::string_view raw) { return parse_head(raw, {})->after; };
  EXPECT_EQ(after(get(host)), Head::After::keep);
  EXPECT_EQ(after(get(std::string(host) + "Connection: Close\r\n")), Head::After::close);
  EXPECT_EQ(after("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"),
            Head::After::close);
}

struct Decoded {
  std::string body;
  std::size_t consumed = 0;
  bool done = false;
  std::optional<base::Code> code;
};

Decoded decode(std::string_view in, std::size_t out_size, std::size_t in_size) {
  BodyDecoder decoder(Framing::chunked, 0, 100);
  Decoded all;
  base::Bytes out(out_size);
  while (!decoder.done() && all.consumed < in.size()) {
    const auto step = decoder.decode(base::view(in.substr(all.consumed, in_size)), out);
    if (!step.ok()) {
      all.code = step.code();
      return all;
    }
    all.body += base::text(base::View(out).first(step->produced));
    all.consumed += step->consumed;
  }
  all.done = decoder.done();
  return all;
}

TEST(Chunks, AreDecodedHoweverTheyAreCut) {
  const std::string wire =
      "5\r\nhello\r\n00B;x=\"y\"\r\n, chunked w\r\n4 ;a\r\norld\r\n0\r\nT: v\r\n\r\n";
  for (std::size_t in = 1; in < wire.size(); ++in)
    for (const std::size_t out : {1U, 3U, 100U}) {
      const Decoded all = decode(wire + "GET", out, in);
      EXPECT_EQ(all.body, "hello, chunked world");
      EXPECT_EQ(all.consumed, wire.size());
      EXPECT_TRUE(all.done);
    }
}

TEST(Chunks, AreRefusedWhereBroken) {
  for (const std::string& wire :
       {std::string("\r\n"), std::string("x\r\n"), std::string("-1\r\n"), std::string("0x5\r\n"),
        std::string("5\nhello"), std::string("5\r\nhello!"), std::string("5\r\nhello\n"),
        std::string("5\rhello"), std::string("0\r\n\n"), std::string("0\r\nT: v\n"),
        std::string("1000000000000000\r\n"), std::string("5;\x01\r\n"),
        "5;" + std::string(300, 'a'), "0\r\n" + std::string(5000, 'a')})
    EXPECT_EQ(decode(wire, 10, 1000).code, base::Code::invalid) << wire;
  EXPECT_EQ(decode("65\r\n", 10, 10).code, base::Code::too_large);
  EXPECT_EQ(decode("32\r\n" + std::string(50, 'a') + "\r\n33\r\n", 100, 200).code,
            base::Code::too_large);
}

}  // namespace
}  // namespace http

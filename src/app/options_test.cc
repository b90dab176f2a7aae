#include "app/options.h"

#include <gtest/gtest.h>

namespace app {
namespace {

notice::Document document() {
  notice::Document document;
  document.operator_.origins = {"https://example.com", "https://www.example.com:8443"};
  return document;
}

ServeOptions local() {
  ServeOptions options;
  options.data = "data";
  return options;
}

TEST(Endpoint, IsANumericAddressAndAPort) {
  const auto v4 = parse_endpoint("127.0.0.1:8080");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->port, 8080);
  EXPECT_TRUE(v4->loopback);
  const auto v6 = parse_endpoint("[::1]:0");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->address, "::1");
  EXPECT_TRUE(v6->loopback);
  EXPECT_TRUE(parse_endpoint("localhost:1")->loopback);
  EXPECT_FALSE(parse_endpoint("0.0.0.0:80")->loopback);
  for (const char* bad : {"", ":", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "::1:80",
                          "127.0.0.1:65536", "example.com:80", "127.0.0.1:80 "})
    EXPECT_FALSE(parse_endpoint(bad)) << bad;
}

TEST(Objections, HoldersOfKeysStandInTheNotice) {
  notice::Document notice = document();
  EXPECT_TRUE(holder_objections({}, notice).empty());
  EXPECT_EQ(holder_objections({"holder.example"}, notice).size(), 1U);
  notice::Recipient keeper;
  keeper.hosts = {"holder.example"};
  keeper.enabled = false;
  notice.recipients.push_back(keeper);
  EXPECT_EQ(holder_objections({"holder.example"}, notice).size(), 1U);
  notice.recipients.back().enabled = true;
  EXPECT_TRUE(holder_objections({"holder.example"}, notice).empty());
  EXPECT_EQ(holder_objections({"other.example"}, notice).size(), 1U);
}

TEST(Objections, NoneOnLoopback) {
  EXPECT_TRUE(objections(local(), document(), {}).empty());
  auto options = local();
  options.listen = "[::1]:0";
  options.test_clock = true;
  options.tls_self_signed = true;
  EXPECT_TRUE(objections(options, document(), {}).empty());
}

TEST(Objections, NameEveryReasonAtOnce) {
  auto options = local();
  options.listen = "0.0.0.0:80";
  options.test_clock = true;
  options.names = {"other.example"};
  options.metrics = "nowhere";
  const auto reasons = objections(options, document(), {"cert.example"});
  EXPECT_EQ(reasons.size(), 6u);
}

TEST(Objections, TheRootLiesNeverInTheData) {
  for (const char* root : {"data", "data/root", "./data/x", "other/../data/root"}) {
    auto options = local();
    options.root = root;
    EXPECT_EQ(objections(options, document(), {}).size(), 1u) << root;
  }
  auto options = local();
  options.root = "data.root";
  EXPECT_TRUE(objections(options, document(), {}).empty());
}

TEST(Objections, PlainHttpOutsideLoopback) {
  auto options = local();
  options.listen = "192.0.2.1:80";
  const auto plain = objections(options, document(), {});
  options.behind_proxy = true;
  const auto proxied = objections(options, document(), {});
  EXPECT_EQ(plain.size(), proxied.size() + 1);
  EXPECT_NE(plain.front().find("plain HTTP"), std::string::npos);
  ASSERT_EQ(proxied.size(), 1u);
  EXPECT_NE(proxied.front().find("SMTP"), std::string::npos);
}

TEST(Objections, TrustedProxiesAreAddressesOrRanges) {
  auto options = local();
  options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8", "2001:db8::/32"};
  EXPECT_TRUE(objections(options, document(), {}).empty());
  options.trusted_proxies = {"proxy.example", "10.0.0.1/8"};
  EXPECT_EQ(objections(options, document(), {}).size(), 2u);
}

TEST(Objections, MetricsStayOnLoopback) {
  auto options = local();
  options.metrics = "127.0.0.1:9100";
  EXPECT_TRUE(objections(options, document(), {}).empty());
  options.metrics = "0.0.0.0:9100";
  EXPECT_EQ(objections(options, document(), {}).size(), 1u);
}

TEST(Objections, NamesMustBeOrigins) {
  auto options = local();
  options.names = {"example.com", "www.example.com", "localhost"};
  EXPECT_TRUE(objections(options, document(), {"example.com"}).empty());
  options.names = {"example.org"};
  EXPECT_EQ(objections(options, document(), {"example.net"}).size(), 2u);
}

TEST(Objections, CertificateAndKeyBelongTogether) {
  auto options = local();
  options.tls_certificate = "cert.pem";
  EXPECT_EQ(objections(options, document(), {}).size(), 1u);
  options.tls_key = "key.pem";
  EXPECT_TRUE(objections(options, document(), {}).empty());
  options.test_clock = true;
  EXPECT_EQ(objections(options, document(), {}).size(), 1u);
  options.test_clock = false;
  options.tls_self_signed = true;
  EXPECT_EQ(objections(options, document(), {}).size(), 1u);
}

TEST(Names, AreThoseOfTheOrigins) {
  EXPECT_EQ(served_names(local(), document()),
            (std::vector<std::string>{"example.com", "www.example.com"}));
}

TEST(LoopbackName, IsLocalhostOrALoopbackAddress) {
  for (const char* yes : {"localhost", "x.localhost", "127.0.0.1", "127.1.2.3", "::1"})
    EXPECT_TRUE(loopback_name(yes)) << yes;
  for (const char* no : {"example.com", "notlocalhost", "192.0.2.1", "localhost.example.com", ""})
    EXPECT_FALSE(loopback_name(no)) << no;
}

}  // namespace
}  // namespace app

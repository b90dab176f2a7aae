#include "http/client_address.h"

#include <gtest/gtest.h>

namespace http {
namespace {

ClientAddress at(std::string_view text) { return ClientAddress::parse(text).value(); }

AddressRanges ranges(std::initializer_list<std::string_view> texts) {
  AddressRanges all;
  for (const std::string_view text : texts) all.push_back(AddressRange::parse(text).value());
  return all;
}

base::Digest network_of(std::string_view text) {
  return at(text).network_digest(base::view("a key"));
}

TEST(ClientAddress, IsAnAddressAndNothingElse) {
  EXPECT_EQ(at("192.0.2.7"), at("::ffff:192.0.2.7"));
  EXPECT_NE(at("192.0.2.7"), at("192.0.2.8"));
  for (const char* bad : {"", "192.0.2", "192.0.2.256", "192.0.2.7 ", "fe80::1%eth0",
                          "::1::", "localhost", "192.0.2.7/24", "[::1]", "0x7f.1"})
    EXPECT_FALSE(ClientAddress::parse(bad)) << bad;
  EXPECT_FALSE(ClientAddress::parse(std::string_view("192.0.2.7\0", 10)));
  EXPECT_FALSE(ClientAddress::parse(std::string(1000, '1')));
}

TEST(ClientAddress, SharesANetworkWithItsNeighbours) {
  EXPECT_EQ(network_of("192.0.2.7"), network_of("192.0.2.250"));
  EXPECT_NE(network_of("192.0.2.7"), network_of("192.0.3.7"));
  EXPECT_EQ(network_of("2001:db8:1:4200::1"), network_of("2001:db8:1:42ff:9::2"));
  EXPECT_NE(network_of("2001:db8:1:4200::1"), network_of("2001:db8:1:4300::1"));
  EXPECT_NE(network_of("0.0.2.7"), network_of("::2:7"));
  EXPECT_NE(network_of("192.0.2.7"), at("192.0.2.7").network_digest(base::view("another")));
  EXPECT_EQ(at("192.0.2.7").network(), at("192.0.2.8").network());
}

TEST(ClientAddress, KnowsThisMachine) {
  for (const char* here : {"127.0.0.1", "127.9.8.7", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(at(here).is_loopback()) << here;
  for (const char* other : {"128.0.0.1", "10.0.0.1", "::2", "1::1", "::"})
    EXPECT_FALSE(at(other).is_loopback()) << other;
}

TEST(AddressRange, HoldsWhatBeginsAlike) {
  const AddressRange ten = AddressRange::parse("10.0.0.0/8").value();
  EXPECT_TRUE(ten.contains(at("10.255.1.2")));
  EXPECT_TRUE(ten.contains(at("::ffff:10.1.1.1")));
  EXPECT_FALSE(ten.contains(at("11.0.0.0")));
  EXPECT_FALSE(ten.contains(at("::1")));
  const AddressRange odd = AddressRange::parse("192.0.2.128/25").value();
  EXPECT_TRUE(odd.contains(at("192.0.2.129")));
  EXPECT_FALSE(odd.contains(at("192.0.2.127")));
  EXPECT_TRUE(AddressRange::parse("::1")->contains(at("::1")));
  EXPECT_FALSE(AddressRange::parse("::1")->contains(at("::2")));
  EXPECT_TRUE(AddressRange::parse("0.0.0.0/0")->contains(at("198.51.100.1")));
  EXPECT_FALSE(AddressRange::parse("0.0.0.0/0")->contains(at("2001:db8::1")));
  for (const char* bad : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                          "2001:db8::/129", "/8", "ten/8"})
    EXPECT_FALSE(AddressRange::parse(bad)) << bad;
}

TEST(ClientOf, IsThePeerWhereNobodyIsTrusted) {
  EXPECT_EQ(client_of(at("192.0.2.1"), "203.0.113.9", {}), at("192.0.2.1"));
  EXPECT_EQ(client_of(at("192.0.2.1"), "203.0.113.9", ranges({"10.0.0.0/8"})), at("192.0.2.1"));
  EXPECT_EQ(client_of(at("10.0.0.1"), "", ranges({"10.0.0.0/8"})), at("10.0.0.1"));
}

TEST(ClientOf, IsWhomTheOutermostTrustedProxySaw) {
  const auto trusted = ranges({"10.0.0.0/8", "2001:db8:99::/48"});
  EXPECT_EQ(client_of(at("10.0.0.1"), "203.0.113.9", trusted), at("203.0.113.9"));
  EXPECT_EQ(client_of(at("10.0.0.1"), "203.0.113.9, 2001:db8:99::1 ,10.3.3.3", trusted),
            at("203.0.113.9"));
  // What a client wrote itself stands to the left of where it was seen, and counts for nothing.
  EXPECT_EQ(client_of(at("10.0.0.1"), "198.51.100.1, 203.0.113.9", trusted), at("203.0.113.9"));
  EXPECT_EQ(client_of(at("10.0.0.1"), "10.9.9.9", trusted), at("10.9.9.9"));
}

TEST(ClientOf, StopsAtWhatCannotBeRead) {
  const auto trusted = ranges({"10.0.0.0/8"});
  for (const char* bad : {"unknown", "203.0.113.9,", "_hidden", "[::1", "203.0.113.9:99999",
                          "[::1]x", "203.0.113.9, ,", "1.2.3.4:", "\"203.0.113.9\""})
    EXPECT_EQ(client_of(at("10.0.0.1"), bad, trusted), at("10.0.0.1")) << bad;
  EXPECT_EQ(client_of(at("10.0.0.1"), "203.0.113.9, junk, 10.0.0.2", trusted), at("10.0.0.2"));
  EXPECT_EQ(client_of(at("10.0.0.1"), "203.0.113.9:4711", trusted), at("203.0.113.9"));
  EXPECT_EQ(client_of(at("10.0.0.1"), "[2001:db8::9]:4711", trusted), at("2001:db8::9"));
}

}  // namespace
}  // namespace http

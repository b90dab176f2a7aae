#include "client/server_address.h"

#include <gtest/gtest.h>

namespace client {
namespace {

using base::Code;

std::string origin_of(const char* text) {
  const auto address = ServerAddress::parse(text);
  return address.ok() ? address->origin() : address.error().chain();
}

TEST(ServerAddress, IsAnOrigin) {
  EXPECT_EQ(origin_of("https://dokk.example"), "https://dokk.example");
  EXPECT_EQ(origin_of("https://Dokk.Example/"), "https://dokk.example");
  EXPECT_EQ(origin_of("dokk.example"), "https://dokk.example");
  EXPECT_EQ(origin_of("https://dokk.example:443"), "https://dokk.example");
  EXPECT_EQ(origin_of("https://dokk.example:8443"), "https://dokk.example:8443");
  EXPECT_EQ(origin_of("http://localhost:8080"), "http://localhost:8080");
  EXPECT_EQ(origin_of("http://127.0.0.1:80"), "http://127.0.0.1");
  EXPECT_EQ(origin_of("http://[::1]:8080"), "http://[::1]:8080");
  EXPECT_TRUE(ServerAddress::parse("http://localhost")->plain());
  EXPECT_FALSE(ServerAddress::parse("https://localhost")->plain());
}

TEST(ServerAddress, PlainHttpIsForThisMachineAlone) {
  for (const char* other : {"http://dokk.example", "http://192.0.2.1", "http://localhost.example",
                            "http://127.0.0.1.example", "http://[2001:db8::1]"})
    EXPECT_EQ(ServerAddress::parse(other).code(), Code::denied) << other;
}

TEST(ServerAddress, IsNothingElse) {
  for (const char* bad :
       {"", "https://", "ftp://dokk.example", "file:///etc/passwd", "https://kari@dokk.example",
        "https://kari:secret@dokk.example", "https://dokk.example/files",
        "https://dokk.example?a=b", "https://dokk.example#a", "https://dokk example",
        "https://dokk.example\nHost: other", "https://dokk.example:99999"})
    EXPECT_EQ(ServerAddress::parse(bad).code(), Code::invalid) << bad;
}

}  // namespace
}  // namespace client

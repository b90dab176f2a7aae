#include "vault/address.h"

#include <gtest/gtest.h>

#include "vault/door.h"

namespace vault {
namespace {

using base::Code;

TEST(Address, MailboxesWithADottedDomain) {
  for (const char* good :
       {"kari@example.com", "Kari.Nordmann@Example.COM", "a@b.c", "k+tag@mail.example.com",
        "o'hara@example.com", "1@1.no", "x_y-z@a-b.example", "!#$%&'*/=?^`{|}~@example.com"}) {
    const auto address = Address::parse(good);
    ASSERT_TRUE(address.ok()) << good;
    EXPECT_EQ(Door::open(address->text()), good);  // as she wrote it
  }
}

TEST(Address, EverythingElseIsRefused) {
  const std::string long_local(65, 'a');
  const std::string long_label(64, 'a');
  const std::string too_long = "a@" + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
                               std::string(63, 'd') + "." + std::string(61, 'e') + ".no";
  for (const std::string& bad : std::vector<std::string>{"",
                                                         "@",
                                                         "kari",
                                                         "kari@",
                                                         "@example.com",
                                                         "kari@example",
                                                         "kari@@example.com",
                                                         "kari@a@example.com",
                                                         "kari nordmann@example.com",
                                                         "kari@exam ple.com",
                                                         "\"kari\"@example.com",
                                                         "kari@[127.0.0.1]",
                                                         "<kari@example.com>",
                                                         "kari@-example.com",
                                                         "kari@example-.com",
                                                         "kari@.example.com",
                                                         "kari@example.com.",
                                                         "kari@example..com",
                                                         ".kari@example.com",
                                                         "kari.@example.com",
                                                         "ka..ri@example.com",
                                                         "kari@exa_mple.com",
                                                         "kari@example.com\n",
                                                         "kari\r\nBcc: x@example.com",
                                                         std::string("kari\0@example.com", 17),
                                                         "k\xc3\xa5ri@example.com",
                                                         "kari@ex\x7f"
                                                         "ample.com",
                                                         "kari,ola@example.com",
                                                         "kari@example.com (Kari)",
                                                         long_local + "@example.com",
                                                         "a@" + long_label + ".no",
                                                         too_long}) {
    const auto address = Address::parse(bad);
    ASSERT_FALSE(address.ok()) << bad;
    EXPECT_EQ(address.code(), Code::invalid);
  }
  EXPECT_EQ(too_long.size(), 258U);
}

TEST(Address, LengthsAtTheLimitPass) {
  const std::string local(64, 'a');
  const std::string longest = local + "@" + std::string(63, 'b') + "." + std::string(63, 'c') +
                              "." + std::string(58, 'd') + ".no";
  ASSERT_EQ(longest.size(), 254U);
  EXPECT_TRUE(Address::parse(longest).ok());
}

TEST(Address, SpellingsThatDifferInTheCaseOfLettersAreOne) {
  const auto written = Address::parse("Kari.Z@Example.COM").value();
  const auto lower = Address::parse("kari.z@example.com").value();
  EXPECT_EQ(Door::open(written.folded().text()), "kari.z@example.com");
  const base::Bytes key(32, 7);
  EXPECT_EQ(written.digest(key), lower.digest(key));
  EXPECT_NE(written.digest(key), written.digest(base::Bytes(32, 8)));
  EXPECT_NE(written.digest(key), Address::parse("kari.y@example.com")->digest(key));
}

}  // namespace
}  // namespace vault

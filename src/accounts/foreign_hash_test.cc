// Hashes of one password, made by other implementations: Python's bcrypt 3.2, Passlib 1.7,
// argon2-cffi 21.1 and Django 3.2, of Debian 12.
#include "accounts/foreign_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace accounts {
namespace {

using Refusal = ForeignHash::Refusal;

constexpr std::string_view kPassword = "correct horse battery";

struct Vector {
  const char* text;
  ForeignCost cost;
};
const Vector kVectors[] = {
    {"$2a$05$G6uN/LbaZLRL5mBQmCXlQurHI69S0pI9m.20zZmmm1cTlF2qR.LYy", {Scheme::bcrypt, 5}},
    {"$2b$05$C54xPnxNH7krrOcdhGZBju18G9lAnK0hpTEa8lcSuRKLGYOBNhGki", {Scheme::bcrypt, 5}},
    {"$2y$05$C54xPnxNH7krrOcdhGZBju18G9lAnK0hpTEa8lcSuRKLGYOBNhGki", {Scheme::bcrypt, 5}},
    {"$pbkdf2-sha256$1500$vxdCyFlrrVWqtVZKaS2l9A$4A3ereCG2C5bdVPmN9UkNW7D2I4EZE/wNNjopl7ZT0Y",
     {Scheme::pbkdf2_sha256, 1500, 0, 0, 32}},
    // The same in the PHC's own form.
    {"$pbkdf2-sha256$i=1500,l=32$vxdCyFlrrVWqtVZKaS2l9A$"
     "4A3ereCG2C5bdVPmN9UkNW7D2I4EZE/wNNjopl7ZT0Y",
     {Scheme::pbkdf2_sha256, 1500, 0, 0, 32}},
    {"$pbkdf2-sha512$1500$1TrHmHMuxfjfu5dyzjlHKA$OiRik3K2e2Doln/nHjQnOLyaMBn1Zg4q6HSv6ZRHa7Qnv10."
     "T5F0lNOOTOKEHtqw6RcpiDOBkDlGax7V2VK/GQ",
     {Scheme::pbkdf2_sha512, 1500, 0, 0, 64}},
    {"pbkdf2_sha256$1500$Qm9yZ2Vu$+SqkEMOT0hPu1+ThJ+MQ7ObO42VEsjgRHKadsGz3r0U=",
     {Scheme::pbkdf2_sha256, 1500, 0, 0, 32}},
    {"$scrypt$ln=10,r=8,p=1$AMDYG2PMGQPgnBPi3Nu7Vw$MzcYrby1EAEZCYgnOnGMog6DeO7INCMxTTJSIKSG5Qo",
     {Scheme::scrypt, 10, 8, 1, 32}},
    {"$argon2id$v=19$m=1024,t=2,p=4$J8bg+XwgtSi1gueJHaaocA$o67nfw7OoMDhNsEk9SWG0A",
     {Scheme::argon2id, 2, 1024, 4, 16}},
    {"$argon2id$v=19$m=1024,t=2,p=1$qF5i1dzOGJFUhZLjG2XSXA$mGUqzJ4jqEiNg9Dht3jd7g",
     {Scheme::argon2id, 2, 1024, 1, 16}},
    {"$argon2i$v=19$m=1024,t=3,p=1$3fBNlZtotc0unAc+1vEs/w$5LypbGYrb6Qbja8z7UfSlA",
     {Scheme::argon2i, 3, 1024, 1, 16}},
};

base::SecretBytes secret(std::string_view text) {
  return base::SecretBytes::copy_of(base::view(text));
}

std::optional<ForeignHash> parsed(std::string_view text) {
  auto read = ForeignHash::parse(text);
  if (auto* hash = std::get_if<ForeignHash>(&read)) return std::move(*hash);
  return std::nullopt;
}

std::optional<Refusal> refusal(std::string_view text) {
  const auto read = ForeignHash::parse(text);
  const auto* why = std::get_if<Refusal>(&read);
  return why == nullptr ? std::nullopt : std::optional(*why);
}

TEST(ForeignHash, OpensForThePasswordAloneThatOthersHaveHashed) {
  for (const Vector& vector : kVectors) {
    const auto hash = parsed(vector.text);
    ASSERT_TRUE(hash.has_value()) << vector.text;
    EXPECT_EQ(hash->cost(), vector.cost) << vector.text;
    EXPECT_TRUE(hash->matches(secret(kPassword)).value()) << vector.text;
    EXPECT_FALSE(hash->matches(secret("correct horse batterz")).value()) << vector.text;
    EXPECT_FALSE(hash->matches(secret("")).value()) << vector.text;
    // To HMAC, and so to PBKDF2 and scrypt, zeros behind a short password are nothing.
    if (vector.cost.scheme == Scheme::bcrypt) {
      EXPECT_FALSE(hash->matches(secret(std::string(kPassword) + '\0')).value()) << vector.text;
    }
  }
}

TEST(ForeignHash, OfNobodyCostsTheSameAndOpensForNobody) {
  for (const Vector& vector : kVectors) {
    const auto nobody = ForeignHash::of_nobody(vector.cost);
    EXPECT_EQ(nobody.cost(), vector.cost);
    EXPECT_FALSE(nobody.matches(secret(kPassword)).value()) << vector.text;
    EXPECT_EQ(ForeignCost::from(vector.cost.bytes()).value(), vector.cost);
  }
  EXPECT_FALSE(ForeignCost::from(base::Bytes(17)).ok());
  EXPECT_FALSE(ForeignCost::from(base::Bytes(18, 1)).ok());
}

TEST(ForeignHash, RefusesWhatIsNoHash) {
  for (const Vector& vector : kVectors) {
    const std::string text = vector.text;
    EXPECT_TRUE(refusal(text.substr(0, text.size() - 2)).has_value() ||
                parsed(text.substr(0, text.size() - 2))->cost() != vector.cost)
        << text;
    EXPECT_EQ(refusal(text + "$"), Refusal::malformed) << text;
    EXPECT_EQ(refusal(text + "!"), Refusal::malformed) << text;
  }
  EXPECT_EQ(refusal(""), Refusal::unknown);
  EXPECT_EQ(refusal("5f4dcc3b5aa765d61d8327deb882cf99"), Refusal::unknown);
  EXPECT_EQ(refusal("$6$salt$digest"), Refusal::unknown);
  EXPECT_EQ(refusal("$argon2d$v=19$m=1024,t=2,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
            Refusal::unknown);
  EXPECT_EQ(refusal("$argon2id$m=1024,t=2,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
            Refusal::malformed);  // of version 16
  EXPECT_EQ(refusal("$2b$03$" + std::string(53, 'a')), Refusal::malformed);
  EXPECT_EQ(refusal("$2b$1x$" + std::string(53, 'a')), Refusal::malformed);
  EXPECT_EQ(refusal("$pbkdf2-md5$1500$vxdCyFlrrVWqtVZKaS2l9A$4A3ereCG2C5bdVPmN9UkNW"),
            Refusal::malformed);
  EXPECT_EQ(refusal("$pbkdf2-sha256$i=1500,l=31$vxdCyFlrrVWqtVZKaS2l9A$"
                    "4A3ereCG2C5bdVPmN9UkNW7D2I4EZE/wNNjopl7ZT0Y"),
            Refusal::malformed);
  EXPECT_EQ(refusal("$2b$05$" + std::string(600, 'a')), Refusal::malformed);
}

TEST(ForeignHash, RefusesWhatWouldTakeMinutesOrGigabytes) {
  const std::string digest(43, 'A');
  EXPECT_FALSE(refusal("$2b$14$" + std::string(53, 'a')).has_value());
  EXPECT_EQ(refusal("$2b$15$" + std::string(53, 'a')), Refusal::too_dear);
  EXPECT_EQ(refusal("$2b$31$" + std::string(53, 'a')), Refusal::too_dear);
  EXPECT_FALSE(refusal("$pbkdf2-sha256$1000000$c2FsdHNhbHQ$" + digest).has_value());
  EXPECT_EQ(refusal("$pbkdf2-sha256$4000000000$c2FsdHNhbHQ$" + digest), Refusal::too_dear);
  EXPECT_EQ(refusal("pbkdf2_sha256$4000000000$salt$" + digest + "="), Refusal::too_dear);
  EXPECT_FALSE(refusal("$scrypt$ln=16,r=8,p=1$c2FsdHNhbHQ$" + digest).has_value());
  EXPECT_EQ(refusal("$scrypt$ln=20,r=8,p=1$c2FsdHNhbHQ$" + digest), Refusal::too_dear);
  EXPECT_EQ(refusal("$scrypt$ln=10,r=4000000000,p=1$c2FsdHNhbHQ$" + digest), Refusal::too_dear);
  EXPECT_EQ(refusal("$scrypt$ln=31,r=2,p=16$c2FsdHNhbHQ$" + digest), Refusal::too_dear);
  EXPECT_FALSE(refusal("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$" + digest).has_value());
  EXPECT_EQ(refusal("$argon2id$v=19$m=2097152,t=1,p=4$c2FsdHNhbHQ$" + digest), Refusal::too_dear);
  EXPECT_EQ(refusal("$argon2id$v=19$m=65536,t=4000000000,p=4$c2FsdHNhbHQ$" + digest),
            Refusal::too_dear);
}

// Whatever is taken must be computed at each login of everybody.
TEST(ForeignHash, TakesNoScryptThatCannotBeComputed) {
  const std::string rest = "$c2FsdHNhbHQ$" + std::string(43, 'A');
  EXPECT_EQ(refusal("$scrypt$ln=16,r=1,p=1" + rest), Refusal::malformed)
      << "RFC 7914: N < 2^(16 r)";
  for (const char* cost : {"ln=15,r=1,p=1", "ln=1,r=8192,p=1", "ln=1,r=8192,p=16"}) {
    const auto hash = parsed("$scrypt$" + (cost + rest));
    ASSERT_TRUE(hash.has_value()) << cost;
    EXPECT_TRUE(ForeignHash::of_nobody(hash->cost()).matches(secret("nobody")).ok()) << cost;
  }
}

TEST(ForeignHash, CountsNoMoreOfAPasswordThanItsMakerDid) {
  // bcrypt looks at 72 bytes, and whoever chose a longer one comes in with it. Of eighty:
  const auto hash = parsed("$2b$04$NVQsJ/glU5LFZ1bB3GK4UenbYB2k00QPq.OUMbLO3L5J6OXzLeAGq");
  ASSERT_TRUE(hash.has_value());
  EXPECT_TRUE(hash->matches(secret(std::string(80, 'a'))).value());
  EXPECT_TRUE(hash->matches(secret(std::string(72, 'a'))).value());
  EXPECT_FALSE(hash->matches(secret(std::string(71, 'a'))).value());
}

}  // namespace
}  // namespace accounts

#include "accounts/strength.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace accounts {
namespace {

constexpr std::array<std::string_view, 2> kAbout = {"Kari Nordmann-Åsen",
                                                    "kari.n@fjellrev.example"};

Strength strength(std::string_view password) { return strength_of(password, kAbout); }

TEST(Strength, KnowsWhatIsGuessedFirst) {
  for (const char* weak : {"", "password1234", "passwordpassword", "123456789012", "qwertyuiopas",
                           "abcdefghijkl", "aaaaaaaaaaaa", "letmeinletmein", "P4ssw0rdP4ssw0rd"})
    EXPECT_LT(strength(weak), Strength::safely_unguessable) << weak;
  EXPECT_LT(strength(std::string(1024, 'x')), Strength::safely_unguessable);
}

TEST(Strength, LetsWordsInARowAndChanceThrough) {
  for (const char* strong :
       {"correct horse battery", "fjellrev-i-regn", "Xk3-vvQ!pw9z", "en gul sykkel i bekken"})
    EXPECT_GE(strength(strong), Strength::safely_unguessable) << strong;
}

TEST(Strength, CountsWhatIsKnownOfHerAsGuessed) {
  for (const char* hers :
       {"Kari Nordmann", "karinordmann", "nordmann2026", "Kari.n@fjellrev.example", "fjellrev1234",
        "nordmannkari", "fjellrevfjellrev"})
    EXPECT_LT(strength(hers), Strength::safely_unguessable) << hers;
  const std::array<std::string_view, 2> somebody = {"Ola Hansen", "ola@example.com"};
  EXPECT_GT(strength_of("fjellrevnordmann", somebody), strength("fjellrevnordmann"));
}

TEST(Strength, LooksBehindAZeroByte) {
  const std::string behind("a\0correct horse battery", 23);
  EXPECT_GE(strength(behind), Strength::safely_unguessable);
  EXPECT_LT(strength(std::string(20, '\0')), Strength::safely_unguessable);
}

}  // namespace
}  // namespace accounts

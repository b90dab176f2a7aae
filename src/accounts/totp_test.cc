#include "accounts/totp.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

base::SecretBytes rfc_secret() {
  return base::SecretBytes::copy_of(base::view("12345678901234567890"));
}
base::Time at(std::int64_t seconds) { return base::Time(std::chrono::seconds(seconds)); }

// RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
TEST(Totp, MakesTheCodesOfTheStandard) {
  const std::pair<std::int64_t, const char*> vectors[] = {
      {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
      {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [seconds, digits] : vectors)
    EXPECT_EQ(totp::code(rfc_secret(), totp::step_of(at(seconds))), digits) << seconds;
}

TEST(Totp, TakesTheNeighboursOfTheStepAndNoOther) {
  const base::Time now = at(1'234'567'890);
  const std::int64_t present = totp::step_of(now);
  for (const std::int64_t by : {-1, 0, 1})
    EXPECT_EQ(totp::step_of_code(rfc_secret(), totp::code(rfc_secret(), present + by), now, 0),
              present + by);
  for (const std::int64_t by : {-2, 2})
    EXPECT_FALSE(totp::step_of_code(rfc_secret(), totp::code(rfc_secret(), present + by), now, 0));
}

TEST(Totp, TakesNoStepThatWasUsed) {
  const base::Time now = at(1'234'567'890);
  const std::int64_t present = totp::step_of(now);
  const std::string code = totp::code(rfc_secret(), present);
  EXPECT_TRUE(totp::step_of_code(rfc_secret(), code, now, present - 1));
  EXPECT_FALSE(totp::step_of_code(rfc_secret(), code, now, present));
  EXPECT_FALSE(totp::step_of_code(rfc_secret(), code, now, present + 1));
}

TEST(Totp, ReadsDigitsWithSpacesAndNothingElse) {
  const base::Time now = at(59);
  EXPECT_TRUE(totp::step_of_code(rfc_secret(), " 287 082 ", now, 0));
  for (const char* bad : {"", "28708", "2870820", "28708a", "\xff\xff\xff\xff\xff\xff", "-87082"})
    EXPECT_FALSE(totp::step_of_code(rfc_secret(), bad, now, 0)) << bad;
}

TEST(Totp, WritesWhatAppsRead) {
  EXPECT_EQ(totp::secret_text(rfc_secret()), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(totp::uri("Bergen & Co", "kari+x@example.com", rfc_secret()),
            "otpauth://totp/Bergen%20%26%20Co:kari%2Bx@example.com?secret="
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Bergen%20%26%20Co"
            "&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace accounts

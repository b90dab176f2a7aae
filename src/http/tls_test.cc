#include "http/tls.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Certificate, SaysItsNamesAndItsTerm) {
  base::SystemEntropy entropy;
  const base::Time now = std::chrono::sys_days(std::chrono::year(2027) / 2 / 28);
  const Tls tls = make_self_signed({"a.example", "127.0.0.1", "*.b.example"}, now, entropy).value();
  EXPECT_EQ(certificate_names(tls.certificate_pem),
            (std::vector<std::string>{"a.example", "*.b.example"}));
  const auto term = certificate_term(tls.certificate_pem);
  ASSERT_TRUE(term);
  EXPECT_EQ(term->from, now - std::chrono::hours(1));
  EXPECT_EQ(term->until, term->from + std::chrono::days(90));
  EXPECT_FALSE(certificate_term("no certificate"));
  EXPECT_FALSE(certificate_term(tls.key_pem));
}

}  // namespace
}  // namespace http

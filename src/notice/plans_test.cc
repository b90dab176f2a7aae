#include "notice/plans.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace notice {
namespace {

std::string with(std::string_view was, std::string_view is) {
  std::string text(default_plans_text());
  const auto at = text.find(was);
  EXPECT_NE(at, std::string::npos) << was;
  return text.replace(at, was.size(), is);
}

/// How an error names the line in which the defaults say that.
std::string line_of(std::string_view said) {
  const std::string_view text = default_plans_text();
  const auto at = text.find(said);
  EXPECT_NE(at, std::string::npos) << said;
  return "p.yaml:" + std::to_string(1 + std::ranges::count(text.substr(0, at), '\n')) + ":";
}

TEST(Plans, TheDefaultsGiveFiveGibibytes) {
  const Plans& plans = default_plans();
  EXPECT_EQ(plans.first.name, "free");
  EXPECT_EQ(plans.first.storage_bytes_max, std::uint64_t{5} << 30);
  EXPECT_EQ(plans.first.paid, Plan::Paid::no);
  EXPECT_EQ(in(plans.first.title, "nb"), "Gratis");
  ASSERT_NE(plans.named("team"), nullptr);
  EXPECT_EQ(plans.named("team")->paid, Plan::Paid::yes);
  EXPECT_EQ(plans.named("gold"), nullptr);
  EXPECT_EQ(plans.numbered(2), plans.named("team"));
  EXPECT_EQ(plans.numbered(0), nullptr);
}

TEST(Plans, SayHowOftenATokenIsLetThrough) {
  EXPECT_EQ(default_plans().first.token_requests_per_minute, 1200U);
  EXPECT_EQ(default_plans().named("team")->token_requests_per_minute, 60'000U);
  constexpr const char* kSaid = "    token_requests_per_minute: 60000\n";
  const auto silent = check_plans("p.yaml", with(kSaid, ""));
  ASSERT_TRUE(silent.ok()) << silent.report();
  EXPECT_EQ(silent.plans->named("team")->token_requests_per_minute, 1200U);
  for (const char* number : {"59", "600001", "many"}) {
    const auto wrong = check_plans(
        "p.yaml", with(kSaid, std::string("    token_requests_per_minute: ") + number + "\n"));
    EXPECT_FALSE(wrong.ok()) << number;
    EXPECT_NE(wrong.report().find(line_of("    token_requests_per_minute: 60000")),
              std::string::npos)
        << wrong.report();
  }
}

TEST(Plans, UnitsArePowersOfTwo) {
  for (const auto& [text, bytes] : {std::pair{"1 MiB", std::uint64_t{1} << 20},
                                    {"3 TiB", std::uint64_t{3} << 40},
                                    {"9999999 TiB", std::uint64_t{9'999'999} << 40}}) {
    const auto checked = check_plans("p.yaml", with("5 GiB", text));
    ASSERT_TRUE(checked.ok()) << checked.report();
    EXPECT_EQ(checked.plans->first.storage_bytes_max, bytes);
  }
}

TEST(Plans, WhatIsWrongIsSaidAtItsPlace) {
  for (const auto& [text, said] :
       {std::pair{with("default: free", "default: fre"),
                  line_of("default:") + "10: error: the default"},
        {with("default: free", "default: fre"), "did you mean `free`?"},
        {with("5 GiB", "5GB"), line_of("5 GiB")},
        {with("5 GiB", "0 GiB"), line_of("5 GiB")},
        {with("5 GiB", "99999999 TiB"), line_of("5 GiB")},
        {with("    paid: false\n", ""), "paid"},
        {with("  free:", "  Free:"), line_of("  free:")},
        {with("      en: Free\n", ""), "en"},
        {with("number: 2", "number: 1"), "`team` has the number of another plan"},
        {with("format: 1", "format: 2"), line_of("format:")},
        {with("    paid: true", "    paid: true\n    price: 3"), "price"},
        {std::string("- a"), "a map of keys"},
        {std::string("a: [b"), "p.yaml:1:"},
        {std::string(), "p.yaml:1:"}}) {
    const auto checked = check_plans("p.yaml", text);
    EXPECT_FALSE(checked.ok()) << text;
    EXPECT_NE(checked.report().find(said), std::string::npos) << said << "\n" << checked.report();
  }
}

}  // namespace
}  // namespace notice

#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace base {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{Code::invalid, "not even"};
  return number / 2;
}
Result<int> quarter(int number) {
  const int once = TRY(half(number));
  return half(once);
}
Result<void> check_half(int number) {
  TRY(half(number));
  return {};
}
Result<int> wrapped(int number) {
  const int once = TRY_AS(half(number), "cannot halve");
  return once;
}
Result<std::unique_ptr<int>> boxed(int number) {
  const int once = TRY(half(number));
  return std::make_unique<int>(once);
}
Result<int> unboxed(int number) {
  const auto box = TRY(boxed(number));
  return *box;
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> four = half(8), none = half(7);
  ASSERT_TRUE(four.ok());
  EXPECT_EQ(*four, 4);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.code(), Code::invalid);
  EXPECT_STREQ(none.error().reason().c_str(), "not even");
  EXPECT_EQ(none.error().cause(), nullptr);
}

TEST(Result, TryGivesTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).code(), Code::invalid);
  EXPECT_TRUE(check_half(2).ok());
  EXPECT_EQ(check_half(3).code(), Code::invalid);
}

TEST(Result, TryMovesWhatCannotBeCopied) {
  EXPECT_EQ(unboxed(10).value(), 5);
  EXPECT_EQ(unboxed(9).code(), Code::invalid);
}

TEST(Result, TryEvaluatesOnce) {
  int calls = 0;
  const auto count = [&]() -> Result<int> { return ++calls; };
  const auto caller = [&]() -> Result<int> {
    const int first = TRY(count());
    return first;
  };
  EXPECT_EQ(caller().value(), 1);
  EXPECT_EQ(calls, 1);
}

TEST(Result, TryAsPutsTheErrorUnderAReason) {
  const Result<int> none = wrapped(5);
  EXPECT_EQ(none.code(), Code::invalid);
  EXPECT_STREQ(none.error().reason().c_str(), "cannot halve");
  ASSERT_NE(none.error().cause(), nullptr);
  EXPECT_EQ(none.error().chain(), "cannot halve: not even");
  EXPECT_EQ(wrapped(4).value(), 2);
}

TEST(Result, AnErrorIsCheapToPassOnAndKeepsItsChain) {
  const Error bottom{Code::io, "bottom"};
  const Error middle{Code::corrupt, "middle", bottom};
  const Error top{Code::internal, "top", middle};
  const Error copy = top;
  EXPECT_EQ(copy.chain(), "top: middle: bottom");
  EXPECT_EQ(copy.code(), Code::internal);
}

TEST(Result, CodesHaveDistinctNames) {
  std::set<std::string> names;
  const std::vector<Code> codes = {Code::invalid,     Code::unauthenticated,
                                   Code::denied,      Code::missing,
                                   Code::conflict,    Code::stale,
                                   Code::gone,        Code::too_large,
                                   Code::unsupported, Code::exhausted,
                                   Code::unavailable, Code::corrupt,
                                   Code::io,          Code::full,
                                   Code::internal};
  for (const Code code : codes) names.insert(to_string(code));
  EXPECT_EQ(names.size(), codes.size());
}

TEST(ResultDeathTest, AWrongAssumptionStopsTheProgram) {
  const Result<int> value = 1, error = Error{Code::io, "no"};
  const Result<void> fine;
  EXPECT_DEATH(static_cast<void>(error.value()), "CHECK failed");
  EXPECT_DEATH(static_cast<void>(value.error()), "CHECK failed");
  EXPECT_DEATH(static_cast<void>(fine.error()), "CHECK failed");
  EXPECT_DEATH(CHECK(1 + 1 == 3), "1 \\+ 1 == 3");
}

}  // namespace
}  // namespace base

#include "http/acting.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Acting, RefusesWhatNamesAnotherAccountHoweverItDoes) {
  Request request;
  EXPECT_TRUE(means(request, "hers").ok());
  request.headers = {{"acting-account", "hers"}};
  EXPECT_TRUE(means(request, "hers").ok());
  EXPECT_TRUE(is_other_account(means(request, "theirs").error()));
  request.query = "limit=1&account=theirs";
  EXPECT_TRUE(is_other_account(means(request, "hers").error())) << "the one may not hide the other";
  EXPECT_TRUE(is_other_account(means(request, "theirs").error()));
  request.headers.clear();
  EXPECT_TRUE(means(request, "theirs").ok());
  request.query = "account=";
  EXPECT_TRUE(is_other_account(means(request, "hers").error()));
}

TEST(Acting, IsAProblemThatIsToldFromOtherConflicts) {
  const Response refused = problem(other_account());
  EXPECT_EQ(refused.status, 409);
  EXPECT_TRUE(refused.body.contains("/problems/other-account"));
  const base::Error taken = {base::Code::conflict, "this name is taken"};
  EXPECT_FALSE(is_other_account(taken));
  EXPECT_TRUE(problem(taken).body.contains("/problems/conflict"));
}

}  // namespace
}  // namespace http

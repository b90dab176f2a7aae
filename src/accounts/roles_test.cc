#include "accounts/roles.h"

#include <gtest/gtest.h>

#include <set>

namespace accounts {
namespace {

TEST(Roles, EachMayWhatTheOneBelowMayAndMore) {
  const std::map<Right, std::set<Role>> allowed = {
      {Right::read_files, {Role::owner, Role::admin, Role::member, Role::reader}},
      {Right::write_files, {Role::owner, Role::admin, Role::member}},
      {Right::manage_members, {Role::owner, Role::admin}},
      {Right::hand_over, {Role::owner}},
      {Right::cancel, {Role::owner}}};
  for (const auto& [right, roles] : allowed)
    for (const Role role : all_roles) {
      EXPECT_EQ(may(role, right), roles.contains(role)) << to_string(role).c_str();
      EXPECT_EQ(require(role, right).ok(), roles.contains(role));
      if (!roles.contains(role)) EXPECT_EQ(require(role, right).code(), base::Code::denied);
    }
}

TEST(Roles, AreNamedAndNumberedForGood) {
  const std::vector<std::string> names = {"owner", "admin", "member", "reader"};
  for (std::size_t number = 0; number < names.size(); ++number) {
    EXPECT_EQ(role_of(static_cast<std::int64_t>(number)), parse_role(names[number]));
    EXPECT_EQ(to_string(all_roles.at(number)).c_str(), names[number]);
  }
  EXPECT_FALSE(role_of(4));
  EXPECT_FALSE(role_of(-1));
  EXPECT_FALSE(parse_role("Owner"));
  EXPECT_FALSE(parse_role(""));
}

}  // namespace
}  // namespace accounts

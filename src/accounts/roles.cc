#include "accounts/roles.h"

#include <algorithm>

namespace accounts {

base::Literal to_string(Role role) {
  switch (role) {
    case Role::owner:
      return "owner";
    case Role::admin:
      return "admin";
    case Role::member:
      return "member";
    case Role::reader:
      break;
  }
  return "reader";
}

std::optional<Role> parse_role(std::string_view text) {
  const auto* found =
      std::ranges::find_if(all_roles, [&](Role role) { return text == to_string(role).c_str(); });
  return found == all_roles.end() ? std::nullopt : std::optional(*found);
}

std::optional<Role> role_of(std::int64_t number) {
  const auto* found = std::ranges::find_if(
      all_roles, [&](Role role) { return static_cast<std::int64_t>(role) == number; });
  return found == all_roles.end() ? std::nullopt : std::optional(*found);
}

bool may(Role role, Right right) {
  switch (right) {
    case Right::read_files:
    case Right::read_records:
      return true;
    case Right::write_files:
    case Right::write_records:
      return role != Role::reader;
    case Right::manage_members:
      return role == Role::owner || role == Role::admin;
    case Right::hand_over:
    case Right::cancel:
      break;
  }
  return role == Role::owner;
}

base::Result<void> require(Role role, Right right) {
  if (may(role, right)) return {};
  return base::Error{base::Code::denied, "your role in this account does not allow this"};
}

}  // namespace accounts

// What somebody may do in an account, by the role that she has there. Owns the roles and the one
// table of what each allows, which every face asks; never looks up who has which (memberships.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace accounts {

/// The numbers are kept: never used again for anything else. Exactly one owner an account.
enum class Role : std::uint8_t { owner = 0, admin = 1, member = 2, reader = 3 };
inline constexpr std::array all_roles = {Role::owner, Role::admin, Role::member, Role::reader};

/// `owner` and so on.
base::Literal to_string(Role role);
std::optional<Role> parse_role(std::string_view text);
/// From its number; nothing where it is none.
std::optional<Role> role_of(std::int64_t number);

/// What an account is asked for. What concerns the person alone (her name, password, sessions,
/// tokens, leaving) is everybody's own, and not among these.
enum class Right : std::uint8_t {
  read_files,
  write_files,
  read_records,
  write_records,
  manage_members,  // invitations, roles, removing; of all but the owner
  hand_over,       // to another owner
  cancel,
};

bool may(Role role, Right right);
/// Code::denied where the role does not allow it.
base::Result<void> require(Role role, Right right);

}  // namespace accounts

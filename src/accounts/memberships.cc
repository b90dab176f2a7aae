#include "accounts/memberships.h"

#include "accounts/sessions.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// Of a row of account, user, role.
Result<Membership> membership(const store::Row& row) {
  const auto account = TRY(row.id<base::AccountId>(0));
  const auto user = TRY(row.id<base::UserId>(1));
  const auto role = role_of(row.integer(2));
  if (!role) return Error{Code::corrupt, "a member's role is none that there is"};
  return Membership{account, user, *role};
}

/// Why somebody without a role in the account is refused.
Error out_of(store::Reader& reader, base::AccountId account) {
  bool there = false;
  const auto looked = reader.query("SELECT 1 FROM accounts_account WHERE id = ?", {account},
                                   [&](const store::Row&) -> Result<void> {
                                     there = true;
                                     return {};
                                   });
  if (!looked.ok()) return looked.error();
  if (!there) return {Code::gone, "the account is gone"};
  return {Code::denied, "you do not belong to this account any more"};
}

}  // namespace

Result<std::optional<Role>> role_in(store::Reader& reader, base::AccountId account,
                                    base::UserId user) {
  std::optional<Role> role;
  TRY(reader.query("SELECT role FROM accounts_member WHERE account = ? AND user = ?",
                   {account, user}, [&](const store::Row& row) -> Result<void> {
                     role = role_of(row.integer(0));
                     return {};
                   }));
  return role;
}

Result<Role> require(store::Reader& reader, const Identity& identity, Right right) {
  const auto role = TRY(role_in(reader, identity.account, identity.user));
  if (!role) return out_of(reader, identity.account);
  TRY(require(*role, right));
  return *role;
}

Result<std::vector<Membership>> members_of(store::Reader& reader, base::AccountId account) {
  std::vector<Membership> members;
  TRY(
      reader.query("SELECT account, user, role FROM accounts_member WHERE account = ?"
                   " ORDER BY role, user",
                   {account}, [&](const store::Row& row) -> Result<void> {
                     members.push_back(TRY(membership(row)));
                     return {};
                   }));
  return members;
}

Result<std::vector<Membership>> accounts_of(store::Reader& reader, base::UserId user) {
  std::vector<Membership> accounts;
  TRY(
      reader.query("SELECT account, user, role FROM accounts_member WHERE user = ?"
                   " ORDER BY chosen_state DESC, role, account",
                   {user}, [&](const store::Row& row) -> Result<void> {
                     accounts.push_back(TRY(membership(row)));
                     return {};
                   }));
  return accounts;
}

Result<bool> belongs_elsewhere(store::Reader& reader, base::AccountId account, base::UserId user) {
  bool found = false;
  TRY(reader.query("SELECT 1 FROM accounts_member WHERE user = ? AND account <> ? LIMIT 1",
                   {user, account}, [&](const store::Row&) -> Result<void> {
                     found = true;
                     return {};
                   }));
  return found;
}

Result<void> join(store::Tx& tx, const Membership& as) {
  const auto members = TRY(members_of(tx, as.account));
  for (const Membership& member : members)
    if (member.user == as.user)
      return Error{Code::conflict, "this person belongs to the account already"};
  if (members.size() >= members_max)
    return Error{Code::conflict, "the account has as many members as it may have"};
  TRY(tx.run("INSERT INTO accounts_member (account, user, role) VALUES (?, ?, ?)",
             {as.account, as.user, as.role}));
  return {};
}

Result<void> choose(store::Tx& tx, base::AccountId account, base::UserId user) {
  TRY(tx.run("UPDATE accounts_member SET chosen_state = (account = ?) WHERE user = ?",
             {account, user}));
  return {};
}

}  // namespace accounts

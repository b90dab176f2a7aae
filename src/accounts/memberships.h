// Who belongs to which account, and as what: what is asked of the one plain table that says so
// (accounts_member, of Accounts::schema()). A person may belong to several accounts; whoever has no
// row here has no account, whatever a session or a token says. Never opens anything of theirs.
#pragma once

#include <optional>
#include <vector>

#include "accounts/roles.h"
#include "base/id.h"
#include "store/store.h"

namespace accounts {

struct Identity;

struct Membership {
  base::AccountId account;
  base::UserId user;
  Role role = Role::reader;
};

/// Nothing where she does not belong to the account.
base::Result<std::optional<Role>> role_in(store::Reader& reader, base::AccountId account,
                                          base::UserId user);
/// Her role, as the transaction sees it. Code::denied where it does not allow this, or where she
/// does not belong to the account any more; Code::gone where the account is no more.
base::Result<Role> require(store::Reader& reader, const Identity& identity, Right right);
/// All of the account, by role and then by id.
base::Result<std::vector<Membership>> members_of(store::Reader& reader, base::AccountId account);
/// All of hers: the one that she chose last first, then by role.
base::Result<std::vector<Membership>> accounts_of(store::Reader& reader, base::UserId user);
/// Whether she belongs to an account besides this one.
base::Result<bool> belongs_elsewhere(store::Reader& reader, base::AccountId account,
                                     base::UserId user);

/// Code::conflict where she belongs to it already, or as many do as may.
base::Result<void> join(store::Tx& tx, const Membership& as);
/// From now on her logins lead to this account of hers.
base::Result<void> choose(store::Tx& tx, base::AccountId account, base::UserId user);

/// How many people an account has at most: as many are erased with it in one transaction.
inline constexpr std::size_t members_max = 500;

}  // namespace accounts

// An account that is handed over to another owner: offered by the one, accepted by the other.
#include "accounts/members.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;
using egress::MailKind;

Error none_waits() { return {Code::missing, "this account is not offered to anybody"}; }

Result<void> set_role(store::Tx& tx, base::AccountId account, base::UserId user, Role role) {
  TRY(tx.run("UPDATE accounts_member SET role = ? WHERE account = ? AND user = ?",
             {role, account, user}));
  return {};
}

}  // namespace

store::Schema Members::schema() {
  return {"members_hand_over",
          {"CREATE TABLE members_hand_over ("
           " account BLOB PRIMARY KEY,"
           " next_user BLOB NOT NULL,"
           " expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"},
          store::Keeping::bulk,
          {{"members_hand_over", "account"}, {"members_hand_over", "next_user"}}};
}

Result<std::optional<HandOver>> Members::waiting(store::Reader& reader, base::AccountId account) {
  std::optional<HandOver> found;
  TRY(reader.query(
      "SELECT next_user, expires_at FROM members_hand_over WHERE account = ? AND expires_at > ?",
      {account, parts_.clock.now()}, [&](const store::Row& row) -> Result<void> {
        const auto to = TRY(row.id<base::UserId>(0));
        found = HandOver{to, row.time(1)};
        return {};
      }));
  return found;
}

Result<void> Members::offer(const Identity& identity, base::UserId to, const std::string& origin) {
  return parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session, Act::change_roles));
    TRY(require(tx, identity, Right::hand_over));
    const auto role = TRY(role_in(tx, identity.account, to));
    if (!role) return Error{Code::missing, "there is no such member"};
    if (*role == Role::owner) return Error{Code::conflict, "you own this account already"};
    TRY(tx.run("DELETE FROM members_hand_over WHERE account = ?", {identity.account}));
    TRY(tx.run("INSERT INTO members_hand_over (account, next_user, expires_at) VALUES (?, ?, ?)",
               {identity.account, to, parts_.clock.now() + hand_over_lives}));
    const Contact owner = TRY(accounts_.contact(tx, identity.user));
    const Contact next = TRY(accounts_.contact(tx, to));
    egress::Mail mail{MailKind::hand_over, base::owner_of(to), next.address, {}, origin,
                      next.language};
    mail.by = owner.address.text();
    return parts_.outbox.queue(tx, mail);
  });
}

Result<std::optional<HandOver>> Members::offered(const Identity& identity) {
  std::optional<HandOver> found;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    const Role role = TRY(require(reader, identity, Right::read_files));
    found = TRY(waiting(reader, identity.account));
    if (found && role != Role::owner && found->to != identity.user) found.reset();
    return {};
  }));
  return found;
}

Result<void> Members::take_back(const Identity& identity) {
  return parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session));
    const Role role = TRY(require(tx, identity, Right::read_files));
    const auto found = TRY(waiting(tx, identity.account));
    if (!found || (role != Role::owner && found->to != identity.user)) return none_waits();
    return end_hand_over(tx, identity.account);
  });
}

Result<void> Members::accept(const Identity& identity, const std::string& origin) {
  return parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session, Act::change_roles));
    TRY(require(tx, identity, Right::read_files));
    const auto found = TRY(waiting(tx, identity.account));
    if (!found || found->to != identity.user) return none_waits();
    const auto members = TRY(members_of(tx, identity.account));
    const Membership& former = members.front();  // by role: the owner
    if (former.role != Role::owner) return Error{Code::corrupt, "an account has no owner"};
    TRY(end_hand_over(tx, identity.account));
    // The first before the second: no account has two owners, not for a moment.
    TRY(set_role(tx, identity.account, former.user, Role::admin));
    TRY(set_role(tx, identity.account, identity.user, Role::owner));
    const Contact was = TRY(accounts_.contact(tx, former.user));
    TRY(accounts_.tell(tx, MailKind::former_owner, base::owner_of(former.user), was, origin));
    const Contact is = TRY(accounts_.contact(tx, identity.user));
    return accounts_.tell(tx, MailKind::now_owner, base::owner_of(identity.user), is, origin);
  });
}

Result<void> Members::end_hand_over(store::Tx& tx, base::AccountId account, base::UserId user) {
  TRY(tx.run("DELETE FROM members_hand_over WHERE account = ? AND next_user = ?", {account, user}));
  return {};
}

Result<void> Members::end_hand_over(store::Tx& tx, base::AccountId account) {
  TRY(tx.run("DELETE FROM members_hand_over WHERE account = ?", {account}));
  return {};
}

Result<void> Members::end_offers_of(store::Tx& tx, base::UserId owner) {
  TRY(
      tx.run("DELETE FROM members_hand_over WHERE account IN"
             " (SELECT account FROM accounts_member WHERE user = ? AND role = ?)",
             {owner, Role::owner}));
  return {};
}

/// In a backup, an account may have another owner than today's, who has left since: whoever may do
/// most in it owns it then.
Result<void> Members::restored(store::Tx& tx) {
  TRY(tx.run("DELETE FROM members_hand_over", {}));
  std::vector<base::AccountId> nobodys;
  TRY(
      tx.query("SELECT DISTINCT account FROM accounts_member AS any WHERE NOT EXISTS (SELECT 1 FROM"
               " accounts_member AS owner WHERE owner.account = any.account AND owner.role = ?)",
               {Role::owner}, [&](const store::Row& row) -> Result<void> {
                 nobodys.push_back(TRY(row.id<base::AccountId>(0)));
                 return {};
               }));
  for (const base::AccountId account : nobodys) {
    const auto members = TRY(members_of(tx, account));
    TRY(set_role(tx, account, members.front().user, Role::owner));
  }
  return {};
}

}  // namespace accounts

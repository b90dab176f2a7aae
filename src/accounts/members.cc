#include "accounts/members.h"

#include "accounts/erased.h"
#include "accounts/invitations.h"
#include "accounts/receipt.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;
using egress::MailKind;

}  // namespace

Result<void> Members::may_still(store::Reader& reader, const Identity& identity, Right right) {
  const base::Time now = parts_.clock.now();
  if (identity.token)
    TRY(Tokens::require(reader, identity.user, *identity.token, now));
  else
    TRY(Sessions::require(reader, identity.user, identity.session, now));
  TRY(require(reader, identity, right));
  return {};
}

Result<void> Members::may_still(const Identity& identity, Right right) {
  return parts_.vault.store().read(
      [&](store::Reader& reader) { return may_still(reader, identity, right); });
}

Result<std::vector<MemberShown>> Members::list(const Identity& identity) {
  std::vector<MemberShown> shown;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    const Role hers = TRY(require(reader, identity, Right::read_files));
    for (const Membership& member : TRY(members_of(reader, identity.account))) {
      const auto record = accounts_.read_one(reader, base::owner_of(member.user),
                                             accounts_.leave_.identity, "identity");
      if (is_erased(record)) continue;  // she is leaving just now
      if (!record.ok()) return record.error();
      MemberShown one{member.user,
                      TRY(record->fields.text("legal_name")),
                      {},
                      member.role,
                      member.user == identity.user};
      if (accounts::may(hers, Right::manage_members) || one.self)
        one.email = TRY(record->fields.text("email"));
      shown.push_back(std::move(one));
    }
    return {};
  }));
  return shown;
}

Result<std::vector<AccountShown>> Members::accounts(const Identity& identity) {
  std::vector<AccountShown> shown;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    for (const Membership& hers : TRY(accounts_of(reader, identity.user))) {
      AccountShown one{hers.account, {}, hers.role, hers.account == identity.account};
      const auto people = TRY(members_of(reader, hers.account));
      const auto record = TRY(accounts_.read_one(reader, base::owner_of(people.front().user),
                                                 accounts_.leave_.identity, "identity"));
      one.owner_name = TRY(record.fields.text("legal_name"));
      shown.push_back(std::move(one));
    }
    return {};
  }));
  return shown;
}

Result<Role> Members::subject(store::Reader& reader, const Identity& identity, base::UserId user) {
  TRY(require(reader, identity, Right::manage_members));
  const auto role = TRY(role_in(reader, identity.account, user));
  if (!role) return Error{Code::missing, "there is no such member"};
  if (*role == Role::owner)
    return Error{Code::conflict, "the owner stays the owner until the account is handed over"};
  if (user == identity.user)
    return Error{Code::conflict,
                 "somebody else who administers the account does this, or you "
                 "leave it"};
  return *role;
}

Result<void> Members::change_role(const Identity& identity, base::UserId user, Role role,
                                  const std::string& origin) {
  if (role == Role::owner)
    return Error{Code::conflict, "an account gets another owner by being handed over"};
  return parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session, Act::change_roles));
    const Role before = TRY(subject(tx, identity, user));
    if (before == role) return {};
    TRY(tx.run("UPDATE accounts_member SET role = ? WHERE account = ? AND user = ?",
               {role, identity.account, user}));
    // What she offered as somebody who administers the account stands no longer.
    if (!accounts::may(role, Right::manage_members))
      TRY(Invitations::end_of(tx, identity.account, user));
    const Contact her = TRY(accounts_.contact(tx, user));
    return accounts_.tell(tx, MailKind::role_changed, base::owner_of(user), her, origin);
  });
}

/// Whether `removal` may be.
Result<void> Members::may_go(store::Reader& reader, const Identity& identity,
                             const Removal& removal) {
  if (removal.by == By::administrator) {
    TRY(subject(reader, identity, removal.user));
    return {};
  }
  const Role role = TRY(require(reader, identity, Right::read_files));
  if (role == Role::owner)
    return Error{Code::conflict,
                 "the owner cannot leave: hand the account over first, or cancel it"};
  return {};
}

/// The same in its transaction: whether whoever asks is logged in still, and has proved it lately.
Result<void> Members::require_go(store::Tx& tx, const Identity& identity, const Removal& removal) {
  const Act act = removal.by == By::herself ? Act::leave_account : Act::change_roles;
  TRY(parts_.proofs.require(tx, identity.user, identity.session, act));
  return may_go(tx, identity, removal);
}

/// Somebody who belongs to another account as well.
Result<void> Members::let_go(const Identity& identity, const Removal& removal) {
  return parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
    TRY(require_go(tx, identity, removal));
    const bool elsewhere = TRY(belongs_elsewhere(tx, identity.account, removal.user));
    if (!elsewhere) return Error{Code::stale, "she has left her other account meanwhile"};
    TRY(accounts_.depart(tx, removal.user, identity.account));
    if (removal.by == By::herself) return {};
    const Contact her = TRY(accounts_.contact(tx, removal.user));
    return accounts_.tell(tx, MailKind::removed, base::owner_of(removal.user), her, removal.origin);
  });
}

/// Somebody who belongs to no other: her key is destroyed.
Result<std::string> Members::erase(const Identity& identity, const Removal& removal) {
  const base::OwnerId owner = base::owner_of(removal.user);
  const auto her = TRY(accounts_.people({removal.user}));
  const auto ending = TRY(accounts_.ending(her));
  // Her own key is gone when the mail leaves.
  std::optional<base::OwnerId> farewell;
  if (removal.by == By::administrator) farewell = TRY(accounts_.links_.make_farewell());
  const vault::Vault::Erasing what{
      owner, ending.links.owners, ending.addresses,
      vault::Entry{"erasure",
                   departure_statement(identity.account, removal.user, accounts_.facts_,
                                       parts_.ledger.origin(), parts_.ledger.verifier_key())}};
  const auto erased = parts_.vault.erase(what, [&](store::Tx& tx) -> Result<void> {
    TRY(require_go(tx, identity, removal));
    const bool elsewhere = TRY(belongs_elsewhere(tx, identity.account, removal.user));
    if (elsewhere) return Error{Code::stale, "she has come into another account meanwhile"};
    TRY(Invitations::end_of(tx, identity.account, removal.user));
    TRY(end_hand_over(tx, identity.account, removal.user));
    TRY(Accounts::forget(tx, ending));
    if (!farewell) return {};
    return accounts_.tell(tx, MailKind::removed_and_erased, *farewell, her.front().contact,
                          removal.origin);
  });
  // A farewell without a mail is left to the sweep: where the intent is durable, there is one in
  // it.
  if (!erased.ok()) return accounts_.overtaken(erased.error(), owner);
  parts_.log.info("person erased", {{"account", identity.account}, {"epoch", erased->epoch}});
  const std::string proof = TRY(parts_.ledger.prove(erased->index));
  return receipt(*erased, proof);
}

Result<std::optional<std::string>> Members::try_remove(const Identity& identity,
                                                       const Removal& removal) {
  bool elsewhere = false;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    TRY(may_go(reader, identity, removal));
    elsewhere = TRY(belongs_elsewhere(reader, identity.account, removal.user));
    return {};
  }));
  if (elsewhere) {
    TRY(let_go(identity, removal));
    return std::optional<std::string>();
  }
  std::string receipt = TRY(erase(identity, removal));
  return std::optional(std::move(receipt));
}

Result<std::optional<std::string>> Members::remove(const Identity& identity,
                                                   const Removal& removal) {
  // Between the look and the change she may come into another account, or leave it.
  return while_stale([&] { return try_remove(identity, removal); },
                     "this person is joining or leaving an account just now: try again");
}

Result<void> Members::remove(const Identity& identity, base::UserId user,
                             const std::string& origin) {
  // Whom it erased nobody holds a receipt for: it would have to go by mail, and she has no account.
  TRY(remove(identity, {By::administrator, user, origin}));
  return {};
}

Result<std::optional<std::string>> Members::leave(const Identity& identity) {
  return remove(identity, {By::herself, identity.user, {}});
}

}  // namespace accounts

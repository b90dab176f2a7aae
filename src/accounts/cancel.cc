// Cancelling an account (RETN-1): the keys of the account and of the people who belong to it alone
// are destroyed in one commit; the answer is the receipt.
#include <algorithm>

#include "accounts/accounts.h"
#include "accounts/erased.h"
#include "accounts/invitations.h"
#include "accounts/members.h"
#include "accounts/receipt.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

}  // namespace

Result<std::vector<Person>> Accounts::people(const std::vector<base::UserId>& users) {
  std::vector<Person> found;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    for (const base::UserId& user : users) {
      auto to = TRY(contact(reader, user));
      found.push_back({user, std::move(to)});
    }
    return {};
  }));
  return found;
}

/// A person who belongs to another account as well keeps her user, and its key.
Result<Parting> Accounts::parting(store::Reader& reader, const Identity& identity) {
  TRY(require(reader, identity, Right::cancel));
  Parting parting;
  for (const Membership& member : TRY(members_of(reader, identity.account))) {
    const bool elsewhere = TRY(belongs_elsewhere(reader, identity.account, member.user));
    (elsewhere ? parting.staying : parting.erased).push_back(member.user);
  }
  return parting;
}

Result<Ending> Accounts::ending(const std::vector<Person>& people) {
  Ending ending;
  for (const Person& person : people) {
    ending.users.push_back(base::owner_of(person.user));
    ending.addresses.push_back(person.contact.address);
  }
  ending.links = TRY(links_.held_for(ending.users));
  ending.addresses.insert(ending.addresses.end(), ending.links.addresses.begin(),
                          ending.links.addresses.end());
  return ending;
}

Result<void> Accounts::forget(store::Tx& tx, const Ending& ending) {
  for (const base::OwnerId& user : ending.users) {
    TRY(egress::Outbox::forget(tx, user));
    TRY(Factors::forget(tx, user.as<base::UserTag>()));
    TRY(Proofs::forget(tx, user.as<base::UserTag>()));
    TRY(Sessions::forget(tx, user));
    TRY(Tokens::forget(tx, user));
    TRY(Arrivals::forget(tx, user));
    TRY(tx.run("DELETE FROM accounts_session WHERE user = ?", {user}));
    TRY(tx.run("DELETE FROM accounts_member WHERE user = ?", {user}));
  }
  return Links::forget(tx, ending.users, ending.links);
}

/// What she has in an account ends with her belonging to it.
Result<void> Accounts::depart(store::Tx& tx, base::UserId user, base::AccountId account) {
  TRY(parts_.sessions.end_in(tx, user, account));
  TRY(parts_.tokens.revoke_in(tx, user, account));
  TRY(Invitations::end_of(tx, account, user));
  TRY(Members::end_hand_over(tx, account, user));
  TRY(tx.run("DELETE FROM accounts_member WHERE account = ? AND user = ?", {account, user}));
  return {};
}

Result<std::string> Accounts::try_cancel(const Cancelling& cancelling) {
  const auto& [identity, origin, proved] = cancelling;
  const base::OwnerId account = base::owner_of(identity.account);
  Parting parting;
  std::vector<base::OwnerId> invitations;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
    parting = TRY(this->parting(reader, identity));
    invitations = TRY(Invitations::held_for(reader, identity.account));
    return {};
  }));
  const auto read = people(parting.erased);
  if (!read.ok()) return overtaken(read.error(), account);
  const auto& erased_people = *read;
  const auto stays = people(parting.staying);
  if (!stays.ok()) return overtaken(stays.error(), account);
  const auto& staying = *stays;
  const Ending ending = TRY(this->ending(erased_people));
  std::vector<base::OwnerId> also = ending.users;
  also.insert(also.end(), ending.links.owners.begin(), ending.links.owners.end());
  also.insert(also.end(), invitations.begin(), invitations.end());

  // Their own keys are gone when the mails leave.
  std::optional<base::OwnerId> farewell;
  if (std::ranges::any_of(parting.erased, [&](base::UserId user) { return user != identity.user; }))
    farewell = TRY(links_.make_farewell());
  const vault::Vault::Erasing what{
      account, also, ending.addresses,
      vault::Entry{"erasure", erasure_statement(identity.account, facts_, parts_.ledger.origin(),
                                                parts_.ledger.verifier_key())}};
  const auto erased = parts_.vault.erase(what, [&](store::Tx& tx) -> Result<void> {
    TRY(proved(tx));
    const Parting now = TRY(this->parting(tx, identity));
    if (now != parting) return Error{Code::stale, "somebody has joined or left meanwhile"};
    for (const Person& person : staying) {
      TRY(depart(tx, person.user, identity.account));
      if (person.user == identity.user) continue;
      TRY(tell(tx, egress::MailKind::account_closed, base::owner_of(person.user), person.contact,
               origin));
    }
    TRY(forget(tx, ending));
    for (const Person& person : erased_people)
      if (person.user != identity.user)
        TRY(tell(tx, egress::MailKind::account_closed_and_erased, *farewell, person.contact,
                 origin));
    TRY(Invitations::forget(tx, identity.account, invitations));
    TRY(egress::Outbox::forget(tx, account));
    TRY(Members::end_hand_over(tx, identity.account));
    TRY(tx.run("DELETE FROM accounts_account WHERE id = ?", {identity.account}));
    return {};
  });
  // A farewell without mails is left to the sweep: where the intent is durable, they are in it.
  if (!erased.ok()) return overtaken(erased.error(), account);
  parts_.log.info("account erased", {{"account", identity.account}, {"epoch", erased->epoch}});
  const std::string proof = TRY(parts_.ledger.prove(erased->index));
  return receipt(*erased, proof);
}

Result<std::string> Accounts::cancel(const Identity& identity, const std::string& origin) {
  return cancel({identity, origin, [&](store::Tx& tx) {
                   return parts_.proofs.require(tx, identity.user, identity.session,
                                                Act::cancel_account);
                 }});
}

Result<std::string> Accounts::cancel(const Cancelling& cancelling) {
  // Somebody who joins, leaves or is erased between the look and the erasure: it is looked at
  // again.
  return while_stale([&] { return try_cancel(cancelling); },
                     "people are joining or leaving this account just now: try again");
}

/// What an erasure of `owner` failed with: Code::stale where that is what became of others
/// meanwhile, and she has her key still.
Error Accounts::overtaken(const Error& error, base::OwnerId owner) {
  if (!is_erased(error) && error.code() != Code::conflict) return error;
  const auto state = parts_.keys.state(owner);
  if (!state.ok() || *state != keys::State::live) return error;
  return {Code::stale, "somebody else was erased meanwhile", error};
}

}  // namespace accounts

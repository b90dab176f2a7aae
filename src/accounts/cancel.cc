// Cancelling an account (RETN-1): the keys of the account and of the users who belong to it alone
// are destroyed in one commit; the answer is the receipt.
#include "accounts/accounts.h"
#include "accounts/receipt.h"

namespace accounts {

base::Result<std::vector<vault::Address>> Accounts::addresses(
    const std::vector<base::OwnerId>& users) {
  std::vector<vault::Address> found;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    for (const base::OwnerId& user : users) {
      const auto record = TRY(read_one(reader, user, leave_.identity, "identity"));
      found.push_back(vault::Address::trusted(TRY(record.fields.text("email"))));
    }
    return {};
  }));
  return found;
}

base::Result<std::string> Accounts::cancel(const Identity& identity) {
  const auto users = TRY(members(identity.account));
  auto left = TRY(addresses(users));
  const auto held = TRY(links_.held_for(users));
  left.insert(left.end(), held.addresses.begin(), held.addresses.end());
  std::vector<base::OwnerId> also = users;
  also.insert(also.end(), held.owners.begin(), held.owners.end());
  const vault::Vault::Erasing what{
      base::owner_of(identity.account), also, left,
      vault::Entry{"erasure", erasure_statement(identity.account, facts_, parts_.ledger.origin(),
                                                parts_.ledger.verifier_key())}};
  const auto erased = TRY(parts_.vault.erase(what, [&](store::Tx& tx) -> base::Result<void> {
    for (const base::OwnerId& user : users) {
      TRY(egress::Outbox::forget(tx, user));
      TRY(Factors::forget(tx, user.as<base::UserTag>()));
      TRY(Proofs::forget(tx, user.as<base::UserTag>()));
      TRY(Sessions::forget(tx, user));
      TRY(Tokens::forget(tx, user));
      TRY(Arrivals::forget(tx, user));
    }
    TRY(Links::forget(tx, users, held));
    TRY(egress::Outbox::forget(tx, base::owner_of(identity.account)));
    TRY(tx.run("DELETE FROM accounts_session WHERE account = ?", {identity.account}));
    TRY(tx.run("DELETE FROM accounts_member WHERE account = ?", {identity.account}));
    TRY(tx.run("DELETE FROM accounts_account WHERE id = ?", {identity.account}));
    return {};
  }));
  parts_.log.info("account erased", {{"account", identity.account}, {"epoch", erased.epoch}});
  const std::string proof = TRY(parts_.ledger.prove(erased.index));
  return receipt(erased, proof);
}

}  // namespace accounts

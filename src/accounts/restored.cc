// What a restore asks of accounts: no session outlives it, and the directory is of today's keys.
#include "accounts/accounts.h"
#include "accounts/erased.h"
#include "accounts/invitations.h"
#include "accounts/members.h"

namespace accounts {
namespace {

constexpr std::size_t kAtOnce = 500;

/// One account of each person, by her id.
base::Result<std::vector<Membership>> next_people(store::Store& store, base::UserId after) {
  std::vector<Membership> found;
  TRY(store.read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT min(account), user FROM accounts_member WHERE user > ?"
        " GROUP BY user ORDER BY user LIMIT ?",
        {after, kAtOnce}, [&](const store::Row& row) -> base::Result<void> {
          const auto account = TRY(row.id<base::AccountId>(0));
          const auto user = TRY(row.id<base::UserId>(1));
          found.push_back({account, user});
          return {};
        });
  }));
  return found;
}

/// What the backup or the keys do not have any more, and not what cannot be read just now.
bool lost(const base::Error& error) {
  return is_erased(error) || error.code() == base::Code::corrupt;
}

}  // namespace

base::Result<std::vector<base::UserId>> Accounts::restored() {
  store::Store& store = parts_.vault.store();
  TRY(store.write([&](store::Tx& tx) -> base::Result<void> {
    TRY(Sessions::forget_all(tx));
    TRY(Tokens::forget_all(tx));
    TRY(Links::restored(tx));
    TRY(Invitations::restored(tx));
    TRY(Members::restored(tx));
    return Proofs::restored(tx);
  }));
  std::vector<base::UserId> unlisted;
  TRY(parts_.vault.rebuild_directory([&](const vault::Vault::OnListed& list) -> base::Result<void> {
    unlisted.clear();
    base::UserId after;
    while (true) {
      const auto members = TRY(next_people(store, after));
      for (const Membership& member : members) {
        const auto found = people({member.user});
        if (found.ok())
          TRY(list(found->front().contact.address, {member.user, member.account}));
        else if (lost(found.error()))
          unlisted.push_back(member.user);
        else
          return found.error();
      }
      if (members.size() < kAtOnce) return {};
      after = members.back().user;
    }
  }));
  return unlisted;
}

}  // namespace accounts

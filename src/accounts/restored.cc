// What a restore asks of accounts: no session outlives it, and the directory is of today's keys.
#include "accounts/accounts.h"

namespace accounts {
namespace {

constexpr std::size_t kAtOnce = 500;

struct Member {
  base::AccountId account;
  base::UserId user;
};

base::Result<std::vector<Member>> next_members(store::Store& store, const Member& after) {
  std::vector<Member> found;
  TRY(store.read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT account, user FROM accounts_member WHERE (account, user) > (?, ?)"
        " ORDER BY account, user LIMIT ?",
        {after.account, after.user, kAtOnce}, [&](const store::Row& row) -> base::Result<void> {
          const auto account = TRY(row.id<base::AccountId>(0));
          const auto user = TRY(row.id<base::UserId>(1));
          found.push_back({account, user});
          return {};
        });
  }));
  return found;
}

/// What the backup or the keys do not have any more, and not what cannot be read just now.
bool lost(base::Code code) {
  return code == base::Code::gone || code == base::Code::missing || code == base::Code::corrupt;
}

}  // namespace

base::Result<std::vector<base::UserId>> Accounts::restored() {
  store::Store& store = parts_.vault.store();
  TRY(store.write([&](store::Tx& tx) -> base::Result<void> {
    TRY(Sessions::forget_all(tx));
    TRY(Tokens::forget_all(tx));
    TRY(Links::restored(tx));
    return Proofs::restored(tx);
  }));
  std::vector<base::UserId> unlisted;
  TRY(parts_.vault.rebuild_directory([&](const vault::Vault::OnListed& list) -> base::Result<void> {
    unlisted.clear();
    Member after;
    while (true) {
      const auto members = TRY(next_members(store, after));
      for (const Member& member : members) {
        const auto found = addresses({base::owner_of(member.user)});
        if (found.ok())
          TRY(list(found->front(), {member.user, member.account}));
        else if (lost(found.code()))
          unlisted.push_back(member.user);
        else
          return found.error();
      }
      if (members.size() < kAtOnce) return {};
      after = members.back();
    }
  }));
  return unlisted;
}

}  // namespace accounts

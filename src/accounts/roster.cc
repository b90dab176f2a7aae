#include "accounts/roster.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// Of `id, state, created_at, members`.
Result<AccountListed> listed(const store::Row& row) {
  AccountListed found;
  found.account = TRY(row.id<base::AccountId>(0));
  // There is one state as yet: a cancelled account has no row.
  if (row.integer(1) != 0) return Error{Code::corrupt, "an account is in a state that is none"};
  found.created = base::Time(std::chrono::floor<std::chrono::days>(row.time(2)));
  found.members = static_cast<std::uint64_t>(row.integer(3));
  return found;
}

}  // namespace

Result<std::vector<AccountListed>> Roster::list(base::AccountId after, std::size_t most) {
  std::vector<AccountListed> found;
  TRY(store_.read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query(
        "SELECT a.id, a.state, a.created_at,"
        " (SELECT COUNT(*) FROM accounts_member AS m WHERE m.account = a.id)"
        " FROM accounts_account AS a WHERE a.id > ? ORDER BY a.id LIMIT ?",
        {after, most}, [&](const store::Row& row) -> Result<void> {
          found.push_back(TRY(listed(row)));
          return {};
        });
  }));
  return found;
}

Result<AccountListed> Roster::find(base::AccountId account) {
  std::optional<AccountListed> found;
  TRY(store_.read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query(
        "SELECT a.id, a.state, a.created_at,"
        " (SELECT COUNT(*) FROM accounts_member AS m WHERE m.account = a.id)"
        " FROM accounts_account AS a WHERE a.id = ?",
        {account}, [&](const store::Row& row) -> Result<void> {
          found = TRY(listed(row));
          return {};
        });
  }));
  if (!found) return Error{Code::missing, "there is no such account, or it was erased"};
  return *found;
}

}  // namespace accounts

#include "accounts/roster.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// `id, state, created_at`, as all_roles has them how many members there are of each, and the plan.
constexpr base::Literal kList =
    "SELECT a.id, a.state, a.created_at, sum(m.role = 0), sum(m.role = 1), sum(m.role = 2),"
    " sum(m.role = 3), a.plan_number FROM accounts_account AS a LEFT JOIN accounts_member AS m ON "
    "m.account = a.id"
    " WHERE a.id > ? GROUP BY a.id ORDER BY a.id LIMIT ?";
constexpr base::Literal kFind =
    "SELECT a.id, a.state, a.created_at, sum(m.role = 0), sum(m.role = 1), sum(m.role = 2),"
    " sum(m.role = 3), a.plan_number FROM accounts_account AS a LEFT JOIN accounts_member AS m ON "
    "m.account = a.id"
    " WHERE a.id = ? GROUP BY a.id";

/// Of one of them.
Result<AccountListed> listed(const store::Row& row) {
  AccountListed found;
  found.account = TRY(row.id<base::AccountId>(0));
  // There is one state as yet: a cancelled account has no row.
  if (row.integer(1) != 0) return Error{Code::corrupt, "an account is in a state that is none"};
  found.created = base::Time(std::chrono::floor<std::chrono::days>(row.time(2)));
  int column = 3;
  for (std::uint64_t& count : found.by_role) {
    if (!row.null(column)) count = static_cast<std::uint64_t>(row.integer(column));
    found.members += count;
    ++column;
  }
  if (!row.null(column)) found.plan = row.integer(column);
  return found;
}

}  // namespace

Result<std::vector<AccountListed>> Roster::list(base::AccountId after, std::size_t most) {
  std::vector<AccountListed> found;
  TRY(store_.read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query(kList, {after, most}, [&](const store::Row& row) -> Result<void> {
      found.push_back(TRY(listed(row)));
      return {};
    });
  }));
  return found;
}

Result<AccountListed> Roster::find(base::AccountId account) {
  std::optional<AccountListed> found;
  TRY(store_.read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query(kFind, {account}, [&](const store::Row& row) -> Result<void> {
      found = TRY(listed(row));
      return {};
    });
  }));
  if (!found) return Error{Code::missing, "there is no such account, or it was erased"};
  return *found;
}

}  // namespace accounts

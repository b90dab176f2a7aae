// The accounts of this service as whoever runs it may see them without a grant: opaque ids, states,
// days and counts, from plain tables. Owns nothing and opens nothing that is sealed: no name, no
// address, nothing that a person has said or kept.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "accounts/roles.h"
#include "base/clock.h"
#include "base/id.h"
#include "store/store.h"

namespace accounts {

struct AccountListed {
  base::AccountId account;
  base::Literal state = "active";
  base::Time created;  // the beginning of the day
  std::uint64_t members = 0;
  std::array<std::uint64_t, all_roles.size()> by_role = {};  // of them, as all_roles has them
  std::optional<std::int64_t> plan;                          // its number; nothing: the first
};

/// Safe from any thread.
class Roster {
 public:
  explicit Roster(store::Store& store) : store_(store) {}

  /// By id, after `after` (all zeros: from the first on), `most` of them at most.
  base::Result<std::vector<AccountListed>> list(base::AccountId after, std::size_t most);
  /// Code::missing where there is none.
  base::Result<AccountListed> find(base::AccountId account);

 private:
  store::Store& store_;
};

}  // namespace accounts

// Which plan an account has. Owns one plain column, the plan's number beside the account, and the
// plans that there are, which come from a file of the operator's. What an account uses of its plan
// is counted elsewhere; nothing is paid here.
#pragma once

#include <memory>
#include <string_view>

#include "base/id.h"
#include "notice/plans.h"
#include "store/remembered.h"
#include "vault/vault.h"

namespace accounts {

/// Safe from any thread.
class Plans {
 public:
  /// Code::invalid where an account has a plan that is none of these.
  static base::Result<std::unique_ptr<Plans>> open(vault::Vault& vault, notice::Plans plans);

  /// The account's; the first where none was given to it. Code::missing where there is no such
  /// account.
  base::Result<const notice::Plan*> of(base::AccountId account);
  /// Gives the account a plan from now on, with an entry in its log. What it keeps beyond the plan
  /// stays and can be read. Code::missing where there is no such account, Code::invalid where there
  /// is no such plan.
  base::Result<void> give(base::AccountId account, std::string_view plan);
  const notice::Plans& all() const { return plans_; }

 private:
  Plans(vault::Vault& vault, notice::Plans plans)
      : vault_(vault), plans_(std::move(plans)), known_(vault.store()) {}

  vault::Vault& vault_;
  const notice::Plans plans_;
  store::Remembered<base::AccountId, const notice::Plan*> known_;
};

}  // namespace accounts

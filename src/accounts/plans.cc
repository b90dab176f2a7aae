#include "accounts/plans.h"

#include <algorithm>

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

Error no_account() { return {Code::missing, "there is no such account, or it was erased"}; }

Result<const notice::Plan*> plan_of(store::Reader& reader, const notice::Plans& plans,
                                    base::AccountId account) {
  const notice::Plan* found = nullptr;
  TRY(reader.query("SELECT plan_number FROM accounts_account WHERE id = ?", {account},
                   [&](const store::Row& row) -> Result<void> {
                     found = row.null(0) ? &plans.first : plans.numbered(row.integer(0));
                     return {};
                   }));
  if (found == nullptr) return no_account();
  return found;
}

/// Whether the notice says that it is kept which plan an account has, and what for.
bool declared(const notice::Policy& policy) {
  const auto provide = policy.purpose("provide_service");
  if (!provide || !policy.category("account_plan")) return false;
  const auto& categories = policy.purpose(*provide)->categories;
  return std::ranges::find(categories, "account_plan") != categories.end();
}

}  // namespace

Result<std::unique_ptr<Plans>> Plans::open(vault::Vault& vault, notice::Plans plans) {
  if (!declared(vault.gate().policy().current()))
    return Error{Code::invalid,
                 "plans need the category account_plan, in the purpose provide_service"};
  TRY(vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query(
        "SELECT DISTINCT plan_number FROM accounts_account WHERE plan_number IS NOT NULL", {},
        [&](const store::Row& row) -> Result<void> {
          if (plans.numbered(row.integer(0)) != nullptr) return {};
          return Error{Code::invalid, "some account has a plan that the plans given do not have"};
        });
  }));
  return std::unique_ptr<Plans>(new Plans(vault, std::move(plans)));
}

Result<const notice::Plan*> Plans::of(base::AccountId account) {
  if (const auto known = known_.find(account); known) return *known;
  const notice::Plan* found = nullptr;
  const std::uint64_t version = vault_.store().version();
  TRY(vault_.store().read_once([&](store::Reader& reader) -> Result<void> {
    found = TRY(plan_of(reader, plans_, account));
    return {};
  }));
  known_.keep(version, account, found);
  return found;
}

Result<void> Plans::give(base::AccountId account, std::string_view name) {
  const notice::Plan* plan = plans_.named(name);
  if (plan == nullptr) return Error{Code::invalid, "there is no plan of that name"};
  return vault_.store().write([&](store::Tx& tx) -> Result<void> {
    const notice::Plan* now = TRY(plan_of(tx, plans_, account));
    if (now == plan) return {};
    const std::int64_t changed = TRY(tx.run(
        "UPDATE accounts_account SET plan_number = ? WHERE id = ?", {plan->number, account}));
    if (changed != 1) return no_account();
    TRY(vault_.journal(tx, base::owner_of(account),
                       {"plan", R"({"plan":")" + plan->name + R"("})"}));
    return {};
  });
}

}  // namespace accounts

#include "accounts/plans.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

Error no_account() { return {Code::missing, "there is no such account, or it was erased"}; }

}  // namespace

Result<std::unique_ptr<Plans>> Plans::open(vault::Vault& vault, notice::Plans plans) {
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
  const notice::Plan* found = nullptr;
  TRY(vault_.store().read_once([&](store::Reader& reader) -> Result<void> {
    return reader.query("SELECT plan_number FROM accounts_account WHERE id = ?", {account},
                        [&](const store::Row& row) -> Result<void> {
                          found = row.null(0) ? &plans_.first : plans_.numbered(row.integer(0));
                          return {};
                        });
  }));
  if (found == nullptr) return no_account();
  return found;
}

Result<void> Plans::give(base::AccountId account, std::string_view name) {
  const notice::Plan* plan = plans_.named(name);
  if (plan == nullptr) return Error{Code::invalid, "there is no plan of that name"};
  return vault_.store().write([&](store::Tx& tx) -> Result<void> {
    const std::int64_t changed = TRY(tx.run(
        "UPDATE accounts_account SET plan_number = ? WHERE id = ?", {plan->number, account}));
    if (changed != 1) return no_account();
    TRY(vault_.journal(tx, base::owner_of(account),
                       {"plan", R"({"plan":")" + plan->name + R"("})"}));
    return {};
  });
}

}  // namespace accounts

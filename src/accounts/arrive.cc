// The first login of somebody whom an import has brought: what everybody says at sign-up (DATA-1,
// AGES-1) she says then, before anything else, or leaves.
#include "accounts/accounts.h"

namespace accounts {

base::Result<std::optional<HalfWay>> Accounts::arriving(std::string_view token) {
  const auto who = TRY(parts_.proofs.half_way(token));
  if (!who) return std::optional<HalfWay>();
  Arrival arrival;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    arrival = TRY(Arrivals::find(reader, who->user));
    return {};
  }));
  return arrival.state == ArrivalState::waiting ? who : std::nullopt;
}

base::Result<std::optional<NewSession>> Accounts::accept(std::string_view token, const Shown& shown,
                                                         const Visit& visit) {
  const auto who = TRY(arriving(token));
  if (!who) return std::optional<NewSession>();
  TRY(in_force(shown));
  auto session = let_in(who->user, who->account, visit, [&](store::Tx& tx) -> base::Result<void> {
    TRY(parts_.proofs.end(tx, token));
    TRY(attest(tx, base::owner_of(who->user), shown));
    TRY(Links::end_waiting(tx, who->user));  // of the invitation, which lives for days
    return Arrivals::arrived(tx, who->user);
  });
  // Taken meanwhile.
  if (!session.ok() && session.code() == base::Code::missing) return std::optional<NewSession>();
  NewSession begun = TRY(std::move(session));
  return std::optional(std::move(begun));
}

base::Result<std::optional<std::string>> Accounts::decline(std::string_view token) {
  const auto who = TRY(arriving(token));
  if (!who) return std::optional<std::string>();
  // With the token used up: who accepts at the same moment has an account, or has declined.
  auto receipt = cancel({{{}, who->user, who->account}, {}, [&](store::Tx& tx) {
                           return parts_.proofs.end(tx, token);
                         }});
  if (!receipt.ok() && receipt.code() == base::Code::missing) return std::optional<std::string>();
  std::string made = TRY(std::move(receipt));
  return std::optional(std::move(made));
}

}  // namespace accounts

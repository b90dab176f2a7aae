#include "accounts/proving.h"

#include <algorithm>

namespace accounts {
namespace {

Proof proof_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::right:
      return Proof::given;
    case Verdict::too_often:
      return Proof::too_often;
    case Verdict::wrong:
      break;
  }
  return Proof::wrong_second;
}

}  // namespace

base::Result<Proof> Proving::judge(base::UserId user, const Second& second,
                                   const std::string& origin) {
  if (const auto* code = std::get_if<AppCode>(&second)) {
    const Verdict verdict = TRY(factors_.check_code(user, code->digits, origin));
    return proof_of(verdict);
  }
  const auto& code = std::get<RecoveryCode>(second);
  const Verdict verdict = TRY(factors_.use_recovery_code(user, code.letters, origin));
  return proof_of(verdict);
}

base::Result<Proving::Entry> Proving::finish(std::string_view token, const Second& second,
                                             const std::string& origin) {
  const auto who = TRY(proofs_.half_way(token));
  if (!who) return Entry{Proof::over, {}};
  const Proof proof = TRY(judge(who->user, second, origin));
  if (proof != Proof::given) return Entry{proof, {}};
  auto session = accounts_.let_in(who->user, who->account,
                                  [&](store::Tx& tx) { return proofs_.end(tx, token); });
  // Taken meanwhile, or her factors have changed: what was shown counts for nothing.
  if (!session.ok() && session.code() == base::Code::missing) return Entry{Proof::over, {}};
  NewSession opened = TRY(std::move(session));
  return Entry{Proof::given, std::move(opened)};
}

base::Result<Proof> Proving::prove(const Identity& identity, const base::SecretBytes& password,
                                   const std::optional<Second>& second, const std::string& origin) {
  // The password first: who has only the session must not try codes.
  const bool right = TRY(accounts_.knows_password(identity.user, password));
  if (!right) return Proof::wrong_password;
  const auto enrolled = TRY(factors_.enrolled(identity.user));
  if (enrolled.any() && !second) {
    const bool recent = TRY(proofs_.proven_within(identity.session, proof_lives));
    if (!recent) return Proof::second_missing;
  }
  if (enrolled.any() && second) {
    const Proof proof = TRY(judge(identity.user, *second, origin));
    if (proof != Proof::given) return proof;
  }
  TRY(store_.write([&](store::Tx& tx) -> base::Result<void> {
    return proofs_.proven(tx, identity.session, identity.user);
  }));
  return Proof::given;
}

base::Result<bool> Proving::may(const Identity& identity, Act act) {
  const auto* need = std::ranges::find(needs, act, &Need::act);
  CHECK(need != needs.end());
  return proofs_.proven_within(identity.session, need->within);
}

}  // namespace accounts

#include "accounts/proving.h"

#include "accounts/erased.h"
#include "base/crypto.h"

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

/// A challenge for the second step is for one half-way token.
base::Bytes subject_of(std::string_view token) {
  return base::copy(base::sha256(base::view(token)));
}

Asked asked_of(const Identity& identity) {
  return {Ceremony::step_up, base::copy(identity.session.bytes())};
}

}  // namespace

base::Result<Proof> Proving::judge(base::UserId user, const Second& second, const Asked& asked,
                                   const std::string& origin) {
  if (const auto* passkey = std::get_if<ByPasskey>(&second)) {
    const Verdict verdict =
        TRY(factors_.check_passkey(user, passkey->site, asked, passkey->answer));
    return proof_of(verdict);
  }
  if (const auto* code = std::get_if<AppCode>(&second)) {
    const Verdict verdict = TRY(factors_.check_code(user, code->digits, origin));
    return proof_of(verdict);
  }
  const auto& code = std::get<RecoveryCode>(second);
  const Verdict verdict = TRY(factors_.use_recovery_code(user, code.letters, origin));
  return proof_of(verdict);
}

base::Result<std::optional<base::UserId>> Proving::half_way(std::string_view token) {
  const auto who = TRY(proofs_.half_way(token));
  return who ? std::optional(who->user) : std::nullopt;
}

base::Result<Proving::Entry> Proving::finish(std::string_view token, const Second& second,
                                             const Visit& visit) {
  const auto who = TRY(proofs_.half_way(token));
  if (!who) return Entry{Proof::over, {}};
  const Proof proof =
      TRY(judge(who->user, second, {Ceremony::second_step, subject_of(token)}, visit.origin));
  if (proof != Proof::given) return Entry{proof, {}};
  auto session = accounts_.let_in(who->user, who->account, visit,
                                  [&](store::Tx& tx) { return proofs_.end(tx, token); });
  // Taken meanwhile, or her factors have changed: what was shown counts for nothing.
  if (!session.ok() && session.code() == base::Code::missing) return Entry{Proof::over, {}};
  NewSession opened = TRY(std::move(session));
  return Entry{Proof::given, std::move(opened)};
}

base::Result<Proof> Proving::prove(const Identity& identity, const base::SecretBytes& password,
                                   const std::optional<Second>& second, const std::string& origin) {
  // The password first: who has only the session must not try codes.
  const auto right = TRY(accounts_.knows_password(identity.user, password));
  if (!right) return Proof::wrong_password;
  const auto enrolled = TRY(factors_.enrolled(identity.user));
  if (enrolled.any() && !second) {
    const bool recent = TRY(proofs_.may(identity.session, Act::change_factors));
    // It goes on standing, and gets no younger: that would take the second factor anew.
    return recent ? Proof::given : Proof::second_missing;
  }
  if (enrolled.any() && second) {
    const Proof proof = TRY(judge(identity.user, *second, asked_of(identity), origin));
    if (proof != Proof::given) return proof;
  }
  const auto noted = store_.write([&](store::Tx& tx) -> base::Result<void> {
    TRY(proofs_.require(tx, identity.user, identity.session));
    TRY(accounts_.require_password(tx, identity.user, *right));
    return proofs_.proven(tx, identity.session, identity.user);
  });
  if (!noted.ok() && noted.code() == base::Code::stale) return Proof::wrong_password;
  TRY(noted);
  return Proof::given;
}

base::Bytes Proving::challenge_to_add(const Identity& identity) {
  return challenges_.make(Ceremony::add_passkey, identity.session.bytes());
}

base::Bytes Proving::challenge_to_log_in() { return challenges_.make(Ceremony::log_in, {}); }

base::Bytes Proving::challenge_to_prove(const Identity& identity) {
  const Asked asked = asked_of(identity);
  return challenges_.make(asked.ceremony, asked.subject);
}

base::Result<std::optional<Proving::ToFinish>> Proving::challenge_to_finish(
    std::string_view token) {
  const auto who = TRY(proofs_.half_way(token));
  if (!who) return std::optional<ToFinish>();
  auto passkeys = TRY(factors_.passkeys(who->user));
  return std::optional(
      ToFinish{challenges_.make(Ceremony::second_step, subject_of(token)), std::move(passkeys)});
}

base::Result<Proving::Entry> Proving::log_in(const ByPasskey& passkey, const Visit& visit) {
  const auto user = base::UserId::from(passkey.answer.user_handle);
  if (!user.ok()) return Entry{Proof::wrong_second, {}};
  const auto verdict =
      factors_.check_passkey(*user, passkey.site, {Ceremony::log_in, {}}, passkey.answer);
  // To whoever logs in, an account that is erased was never there.
  if (is_erased(verdict)) return Entry{Proof::wrong_second, {}};
  const Verdict judged = TRY(verdict);
  if (judged != Verdict::right) return Entry{proof_of(judged), {}};
  const auto account = TRY(accounts_.account_of(*user));
  NewSession session = TRY(
      accounts_.let_in(*user, account, visit, [](store::Tx&) -> base::Result<void> { return {}; }));
  return Entry{Proof::given, std::move(session)};
}

base::Result<Proof> Proving::prove(const Identity& identity, const ByPasskey& passkey) {
  const Verdict verdict =
      TRY(factors_.check_passkey(identity.user, passkey.site, asked_of(identity), passkey.answer));
  if (verdict != Verdict::right) return proof_of(verdict);
  TRY(store_.write([&](store::Tx& tx) -> base::Result<void> {
    TRY(proofs_.require(tx, identity.user, identity.session));
    return proofs_.proven(tx, identity.session, identity.user);
  }));
  return Proof::given;
}

base::Result<bool> Proving::may(const Identity& identity, Act act) {
  return proofs_.may(identity.session, act);
}

}  // namespace accounts

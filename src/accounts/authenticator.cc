// The authenticator app: its enrolment, its end, and one code judged.
#include "accounts/factor_records.h"
#include "accounts/factors.h"
#include "accounts/recovery_codes.h"
#include "accounts/totp.h"

namespace accounts {
namespace {

constexpr base::Duration kConfirmedWithin = std::chrono::minutes(15);

// So many wrong codes are mistakes; after them each waits twice as long as the one before. Of a
// million codes three are right at a time: at one try an hour, guessing takes decades. Only who has
// the password gets here, and the person herself has her recovery codes meanwhile.
constexpr std::int64_t kFreeTries = 5;
constexpr base::Duration kFirstWait = std::chrono::seconds(30);
constexpr base::Duration kLongestWait = std::chrono::hours(1);

base::Duration wait_after(std::int64_t wrong) {
  if (wrong < kFreeTries) return base::Duration(0);
  constexpr std::int64_t kDoublings = 7;  // 30 s << 7 is more than the longest
  const std::int64_t doubled = std::min(wrong - kFreeTries, kDoublings);
  return std::min(kFirstWait * (std::int64_t{1} << doubled), kLongestWait);
}

struct Tries {
  std::int64_t used_step;
  std::int64_t wrong;
  base::Time wait_until;
};

base::Result<std::optional<Tries>> tries_of(store::Reader& reader, base::UserId user) {
  std::optional<Tries> found;
  TRY(reader.query(
      "SELECT used_step_number, wrong_count, wait_until FROM factors_authenticator WHERE user = ?",
      {user}, [&](const store::Row& row) -> base::Result<void> {
        found = Tries{row.integer(0), row.integer(1), row.time(2)};
        return {};
      }));
  return found;
}

vault::Fields secret_fields(const base::SecretBytes& secret) {
  vault::Fields fields;
  fields.set("secret", base::copy(secret.view()));
  return fields;
}

}  // namespace

base::Result<base::SecretBytes> Factors::begin_authenticator(const Changing& who) {
  const auto permit = TRY(ask(who.user, leave_.credentials));
  base::SecretBytes secret(totp::secret_size);
  parts_.entropy.fill(secret.mutable_view());
  vault::Fields fields = secret_fields(secret);
  fields.set("until", parts_.clock.now() + kConfirmedWithin);
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(require(tx, who));
    if (TRY(tries_of(tx, who.user)))
      return base::Error{base::Code::conflict,
                         "an authenticator app is there already: remove it first"};
    return parts_.vault.put(tx, permit, {kAuthenticatorToBe, {}, {}}, fields);
  }));
  return secret;
}

base::Result<std::optional<base::SecretBytes>> Factors::secret(base::UserId user,
                                                               base::Literal collection) {
  const auto permit = TRY(ask(user, leave_.credentials));
  std::optional<base::SecretBytes> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    const auto record = parts_.vault.get(reader, permit, {collection, {}, {}});
    if (!record.ok() && record.code() == base::Code::missing) return {};
    TRY(record);
    const bool waits = record->fields.has("until");
    if (waits && TRY(record->fields.time("until")) <= parts_.clock.now()) return {};
    base::Bytes bytes = TRY(record->fields.bytes("secret"));
    found = base::SecretBytes::copy_of(bytes);
    base::wipe(bytes);
    return {};
  }));
  return found;
}

base::Result<std::optional<std::vector<std::string>>> Factors::confirm_authenticator(
    const Changing& who, std::string_view code) {
  using Codes = std::vector<std::string>;
  const auto waiting = TRY(secret(who.user, kAuthenticatorToBe));
  if (!waiting)
    return base::Error{base::Code::missing,
                       "no authenticator app waits to be confirmed: begin again"};
  const auto step = totp::step_of_code(*waiting, code, parts_.clock.now(), 0);
  if (!step) return std::optional<Codes>();
  const auto permit = TRY(ask(who.user, leave_.credentials));
  const Codes fresh = make_recovery_codes(parts_.entropy);
  Codes shown;
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(require(tx, who));
    shown.clear();
    const auto before = TRY(enrolled_in(tx, permit));
    TRY(enrol(tx, permit, *waiting, *step));
    if (!before.any()) {
      TRY(put_codes(tx, permit, fresh));
      shown = fresh;
    }
    TRY(parts_.proofs.only_proven(tx, who.session, who.user));
    return tell(tx, who.user, egress::MailKind::authenticator_added, who.origin);
  }));
  return std::optional(std::move(shown));
}

base::Result<void> Factors::enrol(store::Tx& tx, const gate::Permit& permit,
                                  const base::SecretBytes& secret, std::int64_t step) {
  const base::Time now = parts_.clock.now();
  // Code::conflict where another tab was first.
  TRY(
      tx.run("INSERT INTO factors_authenticator"
             " (user, added_at, used_step_number, wrong_count, wait_until) VALUES (?, ?, ?, 0, 0)",
             {permit.owner(), now, step}));
  TRY(parts_.vault.put(tx, permit, {kAuthenticator, {}, {}}, secret_fields(secret)));
  return parts_.vault.remove(tx, permit, {kAuthenticatorToBe, {}, {}});
}

base::Result<void> Factors::remove_authenticator(const Changing& who) {
  const auto permit = TRY(ask(who.user, leave_.credentials));
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(require(tx, who));
    TRY(forget(tx, who.user));
    TRY(parts_.vault.remove(tx, permit, {kAuthenticator, {}, {}}));
    return after_removal(tx, permit, who, egress::MailKind::authenticator_removed);
  });
}

base::Result<Verdict> Factors::check_code(base::UserId user, std::string_view code,
                                          const std::string& origin) {
  const auto enrolled = TRY(secret(user, kAuthenticator));
  if (!enrolled) return Verdict::wrong;
  Verdict answer = Verdict::wrong;
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    answer = TRY(judge(tx, user, *enrolled, code, origin));
    return {};
  }));
  return answer;
}

/// Looks at the code and notes what came of it in one transaction: two who show the same code at
/// once are not both right.
base::Result<Verdict> Factors::judge(store::Tx& tx, base::UserId user,
                                     const base::SecretBytes& secret, std::string_view code,
                                     const std::string& origin) {
  const auto before = TRY(tries_of(tx, user));
  if (!before) return Verdict::wrong;  // removed meanwhile
  const base::Time now = parts_.clock.now();
  if (now < before->wait_until) return Verdict::too_often;
  const auto step = totp::step_of_code(secret, code, now, before->used_step);
  const std::int64_t wrong = step ? 0 : before->wrong + 1;
  TRY(
      tx.run("UPDATE factors_authenticator SET used_step_number = ?, wrong_count = ?,"
             " wait_until = ? WHERE user = ?",
             {step.value_or(before->used_step), wrong,
              step ? base::Time() : now + wait_after(wrong), user}));
  if (wrong == kFreeTries) TRY(tell(tx, user, egress::MailKind::wrong_codes, origin));
  return step ? Verdict::right : Verdict::wrong;
}

}  // namespace accounts

#include "accounts/factors.h"

#include "accounts/contact.h"
#include "accounts/factor_records.h"
#include "accounts/recovery_codes.h"

namespace accounts {

store::Schema Factors::schema() {
  return {"factors",
          {"CREATE TABLE factors_authenticator ("
           " user BLOB PRIMARY KEY,"
           " added_at INTEGER NOT NULL,"
           " used_step_number INTEGER NOT NULL,"
           " wrong_count INTEGER NOT NULL,"
           " wait_until INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"},
          store::Keeping::bulk,
          {{"factors_authenticator", "user"}}};
}

std::vector<vault::Collection> Factors::collections() {
  using vault::FieldKind;
  return {{kAuthenticator,
           kCredentials,
           "authenticator_app",
           {{"secret", FieldKind::secret, "What your authenticator app makes its codes from"}}},
          {kAuthenticatorToBe,
           kCredentials,
           "authenticator_app_to_be_confirmed",
           {{"secret", FieldKind::secret, "What your authenticator app makes its codes from"},
            {"until", FieldKind::time, "By when the first code confirms it"}},
           vault::Expiry::after_last_put(std::chrono::days(1))},
          {kPasskeys,
           kCredentials,
           "passkeys",
           {{"name", FieldKind::text, "What you call it"},
            {"credential", FieldKind::bytes, "What your browser knows it by"},
            {"algorithm", FieldKind::integer, "How it signs (COSE)"},
            {"key", FieldKind::bytes, "Its public key"},
            {"counter", FieldKind::integer, "How often it had signed when it was used last"},
            {"added", FieldKind::time, "Since when it is here"},
            {"used", FieldKind::time, "When it was used last", vault::Presence::optional}}},
          {kRecoveryCodes,
           kCredentials,
           "recovery_codes",
           {{"made", FieldKind::time, "When this code was made, which is not used yet"}}}};
}

base::Result<std::unique_ptr<Factors>> Factors::open(const Parts& parts) {
  const notice::Policy& policy = parts.vault.gate().policy().current();
  const auto identity = policy.category("identity");
  const auto credentials = policy.category("credentials");
  const auto manage = policy.purpose("manage_accounts");
  if (!identity || !credentials || !manage)
    return base::Error{base::Code::invalid,
                       "second factors need the categories identity and credentials and the "
                       "purpose manage_accounts"};
  return std::unique_ptr<Factors>(new Factors(parts, {*identity, *credentials, *manage}));
}

base::Result<gate::Permit> Factors::ask(base::UserId user, notice::CategoryId category) {
  return parts_.vault.gate().ask(gate::Actor::person, base::owner_of(user), category,
                                 leave_.manage);
}

base::Result<Enrolled> Factors::enrolled(base::UserId user) {
  const auto permit = TRY(ask(user, leave_.credentials));
  Enrolled found;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    found = TRY(enrolled_in(reader, permit));
    return {};
  }));
  return found;
}

base::Result<Enrolled> Factors::enrolled_in(store::Reader& reader, const gate::Permit& permit) {
  Enrolled found;
  TRY(reader.query("SELECT added_at FROM factors_authenticator WHERE user = ?", {permit.owner()},
                   [&](const store::Row& row) -> base::Result<void> {
                     found.authenticator = row.time(0);
                     return {};
                   }));
  const auto passkeys = TRY(parts_.vault.list(reader, permit, {kPasskeys, {}, {}}, passkeys_max));
  found.passkeys = passkeys.size();
  const auto codes =
      TRY(parts_.vault.list(reader, permit, {kRecoveryCodes, {}, {}}, recovery_codes_made));
  found.recovery_codes = codes.size();
  return found;
}

base::Result<std::vector<std::string>> Factors::renew_recovery_codes(const Changing& who) {
  const auto permit = TRY(ask(who.user, leave_.credentials));
  auto codes = make_recovery_codes(parts_.entropy);
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(require(tx, who));
    const auto now = TRY(enrolled_in(tx, permit));
    if (!now.any())
      return base::Error{base::Code::missing,
                         "recovery codes are for a second factor: add one first"};
    TRY(put_codes(tx, permit, codes));
    return tell(tx, who.user, egress::MailKind::recovery_codes_renewed, who.origin);
  }));
  return codes;
}

base::Result<Verdict> Factors::use_recovery_code(base::UserId user, std::string_view code,
                                                 const std::string& origin) {
  const auto normal = normal_recovery_code(code);
  if (normal == base::Personal<std::string>()) return Verdict::wrong;
  const auto permit = TRY(ask(user, leave_.credentials));
  const auto id = TRY(parts_.vault.pseudonym(permit, {}, normal));
  Verdict answer = Verdict::wrong;
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    answer = Verdict::wrong;
    const auto removed = parts_.vault.remove(tx, permit, {kRecoveryCodes, {}, id});
    if (!removed.ok() && removed.code() == base::Code::missing) return {};
    TRY(removed);
    answer = Verdict::right;
    // It was herself: codes of her app need not wait any longer.
    TRY(tx.run("UPDATE factors_authenticator SET wrong_count = 0, wait_until = 0 WHERE user = ?",
               {user}));
    return tell(tx, user, egress::MailKind::recovery_code_used, origin);
  }));
  return answer;
}

base::Result<void> Factors::put_codes(store::Tx& tx, const gate::Permit& permit,
                                      const std::vector<std::string>& codes) {
  TRY(remove_codes(tx, permit));
  vault::Fields fields;
  fields.set("made", parts_.clock.now());
  for (const std::string& code : codes) {
    const auto id = TRY(parts_.vault.pseudonym(permit, {}, normal_recovery_code(code)));
    TRY(parts_.vault.put(tx, permit, {kRecoveryCodes, {}, id}, fields));
  }
  return {};
}

base::Result<void> Factors::remove_codes(store::Tx& tx, const gate::Permit& permit,
                                         base::Time since) {
  const auto old =
      TRY(parts_.vault.list(tx, permit, {kRecoveryCodes, {}, {}}, recovery_codes_made));
  for (const vault::Record& code : old)
    if (TRY(code.fields.time("made")) >= since)
      TRY(parts_.vault.remove(tx, permit, {kRecoveryCodes, {}, code.id}));
  return {};
}

/// What follows whenever a factor is gone.
base::Result<void> Factors::after_removal(store::Tx& tx, const gate::Permit& permit,
                                          const Changing& who, egress::MailKind kind) {
  const auto left = TRY(enrolled_in(tx, permit));
  // Recovery codes stand in for a factor: without one they would be a second password.
  if (!left.any()) TRY(remove_codes(tx, permit));
  TRY(parts_.proofs.only_proven(tx, who.session, who.user));
  return tell(tx, who.user, kind, who.origin);
}

base::Result<void> Factors::tell(store::Tx& tx, base::UserId user, egress::MailKind kind,
                                 const std::string& origin) {
  const auto permit = TRY(ask(user, leave_.identity));
  const auto record = TRY(parts_.vault.get(tx, permit, {"identity", {}, {}}));
  const Contact her = TRY(contact_in(record.fields));
  return parts_.outbox.queue(tx,
                             {kind, base::owner_of(user), her.address, {}, origin, her.language});
}

base::Result<void> Factors::forget(store::Tx& tx, base::UserId user) {
  TRY(tx.run("DELETE FROM factors_authenticator WHERE user = ?", {user}));
  return {};
}

}  // namespace accounts

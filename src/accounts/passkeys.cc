// Passkeys: enrolled, removed, and one assertion judged.
#include <algorithm>

#include "accounts/factor_records.h"
#include "accounts/factors.h"
#include "accounts/printable.h"
#include "accounts/recovery_codes.h"

namespace accounts {
namespace {

constexpr std::size_t kNameBytes = 60;

/// Under the owner's key, what names the record of a credential.
base::Personal<std::string> as_name(base::View credential) {
  return base::Personal<std::string>(base::base64url(credential));
}

base::Result<Passkey> to_passkey(const vault::Record& record) {
  Passkey passkey;
  passkey.id = record.id;
  passkey.name = TRY(record.fields.text("name"));
  passkey.added = TRY(record.fields.time("added"));
  if (record.fields.has("used")) passkey.used = TRY(record.fields.time("used"));
  passkey.credential = TRY(record.fields.bytes("credential"));
  return passkey;
}

base::Result<webauthn::Credential> to_credential(const vault::Record& record) {
  webauthn::Credential kept;
  kept.id = TRY(record.fields.bytes("credential"));
  kept.algorithm = TRY(record.fields.integer("algorithm"));
  kept.key = TRY(record.fields.bytes("key"));
  const std::int64_t counter = TRY(record.fields.integer("counter"));
  kept.counter = static_cast<std::uint32_t>(counter);
  return kept;
}

base::Literal word(webauthn::Refusal refusal) {
  using webauthn::Refusal;
  switch (refusal) {
    case Refusal::malformed:
      return "malformed";
    case Refusal::type:
      return "type";
    case Refusal::origin:
      return "origin";
    case Refusal::challenge:
      return "challenge";
    case Refusal::site:
      return "site";
    case Refusal::presence:
      return "presence";
    case Refusal::verification:
      return "verification";
    case Refusal::credential:
      return "credential";
    case Refusal::signature:
      return "signature";
    case Refusal::counter:
      break;
  }
  return "counter";
}

}  // namespace

base::Result<base::Personal<std::string>> parse_passkey_name(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty() || text.size() > kNameBytes || !printable(text))
    return base::Error{base::Code::invalid, "name: what you call it, at most 60 bytes"};
  return base::Personal<std::string>(std::string(text));
}

base::Result<std::vector<Passkey>> Factors::passkeys(base::UserId user) {
  const auto permit = TRY(ask(user, leave_.credentials));
  std::vector<Passkey> found;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto records = TRY(parts_.vault.list(reader, permit, {kPasskeys, {}, {}}, passkeys_max));
    for (const vault::Record& record : records) found.push_back(TRY(to_passkey(record)));
    return {};
  }));
  std::ranges::sort(found, {}, &Passkey::added);
  return found;
}

/// The credential that the answer brings; nothing, and a line in the log, where it is refused.
base::Result<std::optional<webauthn::Credential>> Factors::judge_registration(
    const Changing& who, const webauthn::Site& site, const webauthn::Registration& answer,
    base::Bytes& challenge) {
  using webauthn::Refusal;
  const auto refused = [&](Refusal why) {
    parts_.log.info("passkey not added", {{"because", word(why)}});
    return std::optional<webauthn::Credential>();
  };
  const auto client = webauthn::parse_client(answer.client_data);
  if (!client) return refused(Refusal::malformed);
  if (const auto why = webauthn::check_client(*client, webauthn::Kind::create, site))
    return refused(*why);
  if (!parts_.challenges.good(client->challenge, Ceremony::add_passkey, who.session.bytes()))
    return refused(Refusal::challenge);
  challenge = client->challenge;
  auto checked = webauthn::check_registration(answer, site);
  if (const auto* why = std::get_if<Refusal>(&checked)) return refused(*why);
  return std::optional(std::move(std::get<webauthn::Credential>(checked)));
}

base::Result<std::optional<NewPasskey>> Factors::add_passkey(
    const Changing& who, const webauthn::Site& site, const base::Personal<std::string>& name,
    const webauthn::Registration& answer) {
  base::Bytes challenge;
  const auto credential = TRY(judge_registration(who, site, answer, challenge));
  if (!credential) return std::optional<NewPasskey>();
  const auto permit = TRY(ask(who.user, leave_.credentials));
  const auto id = TRY(parts_.vault.pseudonym(permit, {}, as_name(credential->id)));
  vault::Fields fields;
  fields.set("name", name)
      .set("credential", credential->id)
      .set("algorithm", credential->algorithm)
      .set("key", credential->key)
      .set("counter", std::int64_t{credential->counter})
      .set("added", parts_.clock.now());
  const auto fresh = make_recovery_codes(parts_.entropy);
  NewPasskey added{id, {}};
  const auto stored = parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(require(tx, who));
    added.recovery_codes.clear();
    TRY(parts_.challenges.use(tx, challenge));
    const auto before = TRY(enrolled_in(tx, permit));
    if (TRY(record_of(tx, permit, id)))
      return base::Error{base::Code::conflict, "this passkey is there already"};
    if (before.passkeys >= passkeys_max)
      return base::Error{base::Code::conflict, "twenty passkeys are there: remove one first"};
    TRY(parts_.vault.put(tx, permit, {kPasskeys, {}, id}, fields));
    if (!before.any()) {
      TRY(put_codes(tx, permit, fresh));
      added.recovery_codes = fresh;
    }
    TRY(parts_.proofs.only_proven(tx, who.session, who.user));
    return tell(tx, who.user, egress::MailKind::passkey_added, who.origin);
  });
  if (!stored.ok() && stored.code() == base::Code::missing) return std::optional<NewPasskey>();
  TRY(stored);
  return std::optional(std::move(added));
}

base::Result<void> Factors::remove_passkey(const Changing& who, base::RecordId id) {
  const auto permit = TRY(ask(who.user, leave_.credentials));
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(require(tx, who));
    TRY(parts_.vault.remove(tx, permit, {kPasskeys, {}, id}));
    return after_removal(tx, permit, who, egress::MailKind::passkey_removed);
  });
}

base::Result<Verdict> Factors::check_passkey(base::UserId user, const webauthn::Site& site,
                                             const Asked& asked,
                                             const webauthn::Assertion& answer) {
  using webauthn::Refusal;
  const auto refused = [&](Refusal why) {
    parts_.log.info("passkey refused", {{"because", word(why)}});
    return Verdict::wrong;
  };
  const auto client = webauthn::parse_client(answer.client_data);
  if (!client) return refused(Refusal::malformed);
  if (const auto why = webauthn::check_client(*client, webauthn::Kind::get, site))
    return refused(*why);
  if (!parts_.challenges.good(client->challenge, asked.ceremony, asked.subject))
    return refused(Refusal::challenge);
  // An authenticator that names somebody else is not hers.
  const base::View handle = answer.user_handle;
  if (!handle.empty() && !std::ranges::equal(handle, user.bytes()))
    return refused(Refusal::credential);
  const auto permit = TRY(ask(user, leave_.credentials));
  const auto id = TRY(parts_.vault.pseudonym(permit, {}, as_name(answer.credential)));
  std::optional<vault::Record> record;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    record = TRY(record_of(reader, permit, id));
    return {};
  }));
  if (!record) return refused(Refusal::credential);
  const auto kept = TRY(to_credential(*record));
  const auto checked = webauthn::check_assertion(answer, site, kept);
  if (const auto* why = std::get_if<Refusal>(&checked)) return refused(*why);
  record->fields.set("counter", std::int64_t{std::get<std::uint32_t>(checked)})
      .set("used", parts_.clock.now());
  const auto noted = note_use(permit, *record, client->challenge);
  if (!noted.ok() && noted.code() == base::Code::missing) return refused(Refusal::challenge);
  TRY(noted);
  return Verdict::right;
}

/// Keeps the new counter and uses the challenge up, in one transaction. Code::missing where another
/// answer was there in between: two answers with one counter are not both right.
base::Result<void> Factors::note_use(const gate::Permit& permit, const vault::Record& record,
                                     base::View challenge) {
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto now = TRY(record_of(tx, permit, record.id));
    if (!now || now->version != record.version)
      return base::Error{base::Code::missing, "the passkey was used or removed meanwhile"};
    TRY(parts_.challenges.use(tx, challenge));
    return parts_.vault.put(tx, permit, {kPasskeys, {}, record.id}, record.fields);
  });
}

base::Result<std::optional<vault::Record>> Factors::record_of(store::Reader& reader,
                                                              const gate::Permit& permit,
                                                              base::RecordId id) {
  auto record = parts_.vault.get(reader, permit, {kPasskeys, {}, id});
  if (!record.ok() && record.code() == base::Code::missing) return std::optional<vault::Record>();
  auto found = TRY(std::move(record));
  return std::optional(std::move(found));
}

}  // namespace accounts

#include "accounts/accounts.h"

#include <algorithm>

#include "accounts/printable.h"
#include "accounts/strength.h"

namespace accounts {
namespace {

constexpr std::size_t kNameBytes = 200;

}  // namespace

base::Result<base::Personal<std::string>> parse_legal_name(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const bool letter = std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
  if (text.size() > kNameBytes || !letter || !printable(text))
    return base::Error{base::Code::invalid,
                       "legal_name: give the full legal name, at most 200 bytes"};
  return base::Personal<std::string>(std::string(text));
}

base::Result<base::SecretBytes> parse_password(std::string_view text,
                                               std::initializer_list<std::string_view> about) {
  if (text.size() < password_bytes_min)
    return base::Error{base::Code::invalid, "password: at least 12 characters"};
  if (text.size() > password_bytes_max)
    return base::Error{base::Code::invalid, "password: at most 1024 bytes"};
  if (strength_of(text, {about.begin(), about.size()}) < Strength::safely_unguessable)
    return base::Error{
        base::Code::invalid,
        "password: too easily guessed; take a few words that do not belong together, "
        "and nothing of your name or address"};
  return base::SecretBytes::copy_of(base::view(text));
}

store::Schema Accounts::schema() {
  return {"accounts",
          {"CREATE TABLE accounts_pending ("
           " owner BLOB PRIMARY KEY,"
           " token_digest BLOB NOT NULL UNIQUE,"
           " state INTEGER NOT NULL,"
           " expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE TABLE accounts_account ("
           " id BLOB PRIMARY KEY,"
           " state INTEGER NOT NULL,"
           " created_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE TABLE accounts_member ("
           " account BLOB NOT NULL,"
           " user BLOB NOT NULL,"
           " role INTEGER NOT NULL,"
           " PRIMARY KEY (account, user)"
           ") STRICT, WITHOUT ROWID;"
           "CREATE INDEX accounts_member_user ON accounts_member (user);"
           "CREATE TABLE accounts_session ("
           " token_digest BLOB PRIMARY KEY,"
           " id BLOB NOT NULL,"
           " user BLOB NOT NULL,"
           " account BLOB NOT NULL,"
           " expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE INDEX accounts_session_account ON accounts_session (account);"
           "CREATE INDEX accounts_session_expires ON accounts_session (expires_at);",
           // When a session began, and the day of its last use; of those before, as far as the end
           // says (30 days from the login).
           "ALTER TABLE accounts_session ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;"
           "ALTER TABLE accounts_session ADD COLUMN last_used_day INTEGER NOT NULL DEFAULT 0;"
           "UPDATE accounts_session SET started_at = expires_at - 2592000000000,"
           " last_used_day = (expires_at - 2592000000000) / 86400000000;"
           "CREATE INDEX accounts_session_user ON accounts_session (user);"},
          store::Keeping::bulk,
          {{"accounts_pending", "owner"},
           {"accounts_account", "id"},
           {"accounts_member", "account"},
           {"accounts_member", "user"},
           {"accounts_session", "user"}}};
}

std::vector<vault::Collection> Accounts::collections() {
  using vault::FieldKind;
  return {
      {"identity",
       "identity",
       "profile",
       {{"legal_name", FieldKind::text, "Full legal name"},
        {"email", FieldKind::text, "E-mail address"},
        // Not so in those of the first version.
        {"language", FieldKind::words, "Language of our mails to you", vault::Presence::optional}}},
      {"credentials",
       "credentials",
       "security",
       {{"password_hash", FieldKind::secret, "What your password is compared with"}}},
      {"attestation",
       "attestation",
       "declarations",
       {{"adult_professional_at", FieldKind::time,
         "When you said that you are 18 or more and here for your work"},
        {"notice_version", FieldKind::words, "The version of the notice that you were shown"},
        // Not so in those of the first version.
        {"terms_version", FieldKind::words,
         "The version of the terms, with the data processing agreement, that you accepted then",
         vault::Presence::optional}}},
      Links::collection()};
}

base::Result<std::unique_ptr<Accounts>> Accounts::open(const Parts& parts, Facts facts) {
  const notice::Policy& policy = parts.vault.gate().policy().current();
  const auto identity = policy.category("identity");
  const auto credentials = policy.category("credentials");
  const auto attestation = policy.category("attestation");
  const auto manage = policy.purpose("manage_accounts");
  if (!identity || !credentials || !attestation || !manage)
    return base::Error{base::Code::invalid,
                       "accounts need the categories identity, credentials and attestation and the "
                       "purpose manage_accounts"};
  return std::unique_ptr<Accounts>(
      new Accounts(parts, std::move(facts), {*identity, *credentials, *attestation, *manage}));
}

base::Result<gate::Permit> Accounts::ask(base::OwnerId owner, notice::CategoryId category) {
  return parts_.vault.gate().ask(gate::Actor::person, owner, category, leave_.manage);
}

base::Result<vault::Record> Accounts::read_one(store::Reader& reader, base::OwnerId owner,
                                               notice::CategoryId category,
                                               base::Literal collection) {
  const auto permit = TRY(ask(owner, category));
  return parts_.vault.get(reader, permit, {collection, {}, {}});
}

base::Result<void> Accounts::write_one(store::Tx& tx, base::OwnerId owner,
                                       notice::CategoryId category, base::Literal collection,
                                       const vault::Fields& fields) {
  const auto permit = TRY(ask(owner, category));
  return parts_.vault.put(tx, permit, {collection, {}, {}}, fields);
}

base::Result<Profile> Accounts::profile(const Identity& identity) {
  std::optional<vault::Record> record;
  std::optional<base::Time> created;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    record = TRY(read_one(reader, base::owner_of(identity.user), leave_.identity, "identity"));
    return reader.query("SELECT created_at FROM accounts_account WHERE id = ?", {identity.account},
                        [&](const store::Row& row) -> base::Result<void> {
                          created = row.time(0);
                          return {};
                        });
  }));
  if (!created) return base::Error{base::Code::gone, "the account is gone"};
  return Profile{identity.account, TRY(record->fields.text("legal_name")),
                 TRY(record->fields.text("email")), *created};
}

base::Result<std::vector<base::OwnerId>> Accounts::members(base::AccountId account) {
  // A person who belongs to another account as well keeps her user, and its key.
  std::vector<base::OwnerId> users;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT user FROM accounts_member AS m WHERE account = ? AND NOT EXISTS"
        " (SELECT 1 FROM accounts_member AS o WHERE o.user = m.user AND o.account <> m.account)",
        {account}, [&](const store::Row& row) -> base::Result<void> {
          users.push_back(TRY(row.id<base::OwnerId>(0)));
          return {};
        });
  }));
  return users;
}

}  // namespace accounts

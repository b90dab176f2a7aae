#include "accounts/accounts.h"

namespace accounts {

store::Schema Accounts::schema() {
  return {
      "accounts",
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
       "CREATE INDEX accounts_session_user ON accounts_session (user);",
       // A person in several accounts: which one her logins lead to. Each account has one owner.
       "ALTER TABLE accounts_member ADD COLUMN chosen_state INTEGER NOT NULL DEFAULT 0;"
       "CREATE UNIQUE INDEX accounts_member_owner ON accounts_member (account)"
       " WHERE role = 0;",
       // The plan's number; nothing: the plan that accounts begin with.
       "ALTER TABLE accounts_account ADD COLUMN plan_number INTEGER;"},
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

base::Result<Contact> Accounts::contact(store::Reader& reader, base::UserId user) {
  const auto record = TRY(read_one(reader, base::owner_of(user), leave_.identity, "identity"));
  return contact_in(record.fields);
}

base::Result<void> Accounts::tell(store::Tx& tx, egress::MailKind kind, base::OwnerId under,
                                  const Contact& to, const std::string& origin) {
  return parts_.outbox.queue(tx, {kind, under, to.address, {}, origin, to.language});
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

}  // namespace accounts

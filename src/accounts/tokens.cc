// Personal access tokens (SECU-1): made, used, seen, revoked.
#include "accounts/tokens.h"

#include <algorithm>

#include "accounts/memberships.h"
#include "accounts/printable.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kNameBytes = 80;
constexpr std::int64_t kNever = -1;

vault::Key key_of(TokenId id) { return {"access_tokens", {}, id.as<base::RecordTag>()}; }

}  // namespace

base::Literal to_string(Scope scope) {
  switch (scope) {
    case Scope::account_read:
      return "account:read";
    case Scope::files_read:
      return "files:read";
    case Scope::files_write:
      return "files:write";
    case Scope::records_read:
      return "records:read";
    case Scope::records_write:
      return "records:write";
  }
  return "none";
}

std::optional<Scope> parse_scope(std::string_view text) {
  for (const Scope scope : all_scopes)
    if (text == to_string(scope).c_str()) return scope;
  return std::nullopt;
}

std::vector<Scope> Scopes::all() const {
  std::vector<Scope> found;
  for (const Scope scope : all_scopes)
    if (has(scope)) found.push_back(scope);
  return found;
}

Scopes Scopes::of(std::uint64_t bits) {
  Scopes scopes;
  for (const Scope scope : all_scopes)
    if ((bits & bit(scope)) != 0) scopes.add(scope);
  return scopes;
}

base::Result<base::Personal<std::string>> parse_token_name(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty() || text.size() > kNameBytes || !printable(text))
    return Error{Code::invalid, "name: give the token a name, at most 80 bytes"};
  return base::Personal<std::string>(std::string(text));
}

store::Schema Tokens::schema() {
  return {"tokens",
          {"CREATE TABLE tokens_token ("
           " token_digest BLOB PRIMARY KEY,"
           " id BLOB NOT NULL UNIQUE,"
           " user BLOB NOT NULL,"
           " account BLOB NOT NULL,"
           " scope_bits INTEGER NOT NULL,"
           " created_day INTEGER NOT NULL,"
           " last_used_day INTEGER NOT NULL,"
           " expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE INDEX tokens_token_user ON tokens_token (user);"
           "CREATE INDEX tokens_token_expires ON tokens_token (expires_at);"},
          store::Keeping::bulk,
          {{"tokens_token", "user"}}};
}

vault::Collection Tokens::collection() {
  using vault::FieldKind;
  return {"access_tokens",
          "credentials",
          "access_tokens",
          {{"name", FieldKind::text, "What you called the token"},
           {"created", FieldKind::time, "The day on which you made it"},
           {"expires", FieldKind::time, "When it ends"}},
          vault::Expiry::at_given_time()};
}

base::Result<std::unique_ptr<Tokens>> Tokens::open(const Parts& parts) {
  const notice::Policy& policy = parts.vault.gate().policy().current();
  const auto credentials = policy.category("credentials");
  const auto manage = policy.purpose("manage_accounts");
  if (!credentials || !manage)
    return Error{Code::invalid,
                 "tokens need the category credentials and the purpose manage_accounts"};
  return std::unique_ptr<Tokens>(new Tokens(parts, {*credentials, *manage}));
}

base::Result<gate::Permit> Tokens::ask(base::UserId user) {
  return parts_.vault.gate().ask(gate::Actor::person, base::owner_of(user), leave_.credentials,
                                 leave_.manage);
}

base::Result<NewToken> Tokens::make(const Identity& identity,
                                    const base::Personal<std::string>& name, Scopes scopes,
                                    base::Duration lives) {
  if (scopes.empty())
    return Error{Code::invalid, "scopes: a token that may do nothing is of no use"};
  if (lives < lives_min || lives > lives_max)
    return Error{Code::invalid, "expires_in_days: from 1 to 365"};
  const base::Time now = parts_.clock.now();
  const NewToken made{TokenId::random(parts_.entropy), make_access_token(parts_.entropy),
                      now + lives};
  vault::Fields fields;
  fields.set("name", name).set("created", start_of(day_of(now))).set("expires", made.expires);
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(parts_.proofs.require(tx, identity.user, identity.session, Act::manage_tokens));
    const auto permit = TRY(ask(identity.user));
    TRY(accounts::require(tx, identity, Right::read_files));
    std::int64_t there = 0;
    TRY(tx.query("SELECT count(*) FROM tokens_token WHERE user = ? AND expires_at > ?",
                 {identity.user, now}, [&](const store::Row& row) -> base::Result<void> {
                   there = row.integer(0);
                   return {};
                 }));
    if (there >= static_cast<std::int64_t>(tokens_max))
      return Error{Code::conflict, "there are as many tokens as there may be: revoke one first"};
    TRY(
        tx.run("INSERT INTO tokens_token (token_digest, id, user, account, scope_bits,"
               " created_day, last_used_day, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
               {base::sha256(base::view(made.token)), made.id, identity.user, identity.account,
                scopes.bits(), day_of(now), kNever, made.expires}));
    return parts_.vault.put(tx, permit, key_of(made.id), fields, made.expires);
  }));
  ++made_;
  return made;
}

base::Result<std::optional<TokenIdentity>> Tokens::find(std::string_view token) {
  std::optional<TokenIdentity> found;
  if (const auto digest = digest_of_access_token(token); digest) {
    const base::Time now = parts_.clock.now();
    found = known_.find(*digest, now);
    if (!found) found = TRY(look_up(*digest, now));
  }
  ++(found ? used_ : refused_);
  return found;
}

base::Result<std::optional<TokenIdentity>> Tokens::look_up(const base::Digest& digest,
                                                           base::Time now) {
  std::optional<TokenIdentity> found;
  base::Time expires{};
  bool first_today = false;
  const std::uint64_t version = parts_.vault.store().version();
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT t.id, t.user, t.account, t.scope_bits, t.last_used_day, m.role, t.expires_at"
        " FROM tokens_token AS t"
        " JOIN accounts_member AS m ON m.account = t.account AND m.user = t.user"
        " WHERE t.token_digest = ? AND t.expires_at > ?",
        {digest, now}, [&](const store::Row& row) -> base::Result<void> {
          const auto id = TRY(row.id<TokenId>(0));
          const auto user = TRY(row.id<base::UserId>(1));
          const auto account = TRY(row.id<base::AccountId>(2));
          const auto role = role_of(row.integer(5));
          if (!role) return Error{Code::corrupt, "a member's role is none that there is"};
          found = TokenIdentity{id, user, account,
                                Scopes::of(static_cast<std::uint64_t>(row.integer(3))), *role};
          first_today = row.integer(4) < day_of(now);
          expires = row.time(6);
          return {};
        });
  }));
  if (found && !first_today) known_.keep(version, digest, now, expires, *found);
  // A disk that takes nothing more stops nobody: the next use notes the day.
  if (found && first_today)
    (void)parts_.vault.store()
        .write([&](store::Tx& tx) -> base::Result<void> {
          TRY(tx.run("UPDATE tokens_token SET last_used_day = ? WHERE token_digest = ?",
                     {day_of(now), digest}));
          return {};
        })
        .ok();
  return found;
}

base::Result<void> Tokens::require(store::Reader& reader, base::UserId user, TokenId id,
                                   base::Time now) {
  bool lives = false;
  TRY(reader.query("SELECT 1 FROM tokens_token WHERE id = ? AND user = ? AND expires_at > ?",
                   {id, user, now}, [&](const store::Row&) {
                     lives = true;
                     return base::Result<void>();
                   }));
  if (lives) return {};
  return Error{Code::unauthenticated, "this token was revoked, or has run out"};
}

base::Result<std::vector<TokenShown>> Tokens::list(const Identity& identity) {
  std::vector<TokenShown> tokens;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    TRY(reader.query(
        "SELECT id, scope_bits, created_day, last_used_day, expires_at FROM tokens_token"
        " WHERE user = ? AND account = ? AND expires_at > ?"
        " ORDER BY created_day DESC, id LIMIT ?",
        {identity.user, identity.account, parts_.clock.now(), tokens_max},
        [&](const store::Row& row) -> base::Result<void> {
          TokenShown shown;
          shown.id = TRY(row.id<TokenId>(0));
          shown.scopes = Scopes::of(static_cast<std::uint64_t>(row.integer(1)));
          shown.created = start_of(row.integer(2));
          if (row.integer(3) != kNever) shown.last_used = start_of(row.integer(3));
          shown.expires = row.time(4);
          tokens.push_back(std::move(shown));
          return {};
        }));
    const auto permit = TRY(ask(identity.user));
    for (TokenShown& shown : tokens) {
      const vault::Record record = TRY(parts_.vault.get(reader, permit, key_of(shown.id)));
      shown.name = TRY(record.fields.text("name"));
    }
    return {};
  }));
  return tokens;
}

base::Result<void> Tokens::remove_name(store::Tx& tx, base::UserId user, TokenId id) {
  const auto permit = TRY(ask(user));
  const auto removed = parts_.vault.remove(tx, permit, key_of(id));
  return removed.ok() || removed.code() == Code::missing ? base::Result<void>() : removed;
}

base::Result<void> Tokens::revoke(const Identity& identity, TokenId id) {
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto revoked =
        TRY(tx.run("DELETE FROM tokens_token WHERE id = ? AND user = ?"
                   " AND account = ?",
                   {id, identity.user, identity.account}));
    if (revoked == 0) return Error{Code::missing, "there is no such token"};
    return remove_name(tx, identity.user, id);
  });
}

base::Result<void> Tokens::revoke_all(store::Tx& tx, base::UserId user) {
  std::vector<TokenId> ids;
  TRY(tx.query("SELECT id FROM tokens_token WHERE user = ?", {user},
               [&](const store::Row& row) -> base::Result<void> {
                 ids.push_back(TRY(row.id<TokenId>(0)));
                 return {};
               }));
  for (const TokenId& id : ids) TRY(remove_name(tx, user, id));
  return forget(tx, base::owner_of(user));
}

base::Result<void> Tokens::revoke_in(store::Tx& tx, base::UserId user, base::AccountId account) {
  std::vector<TokenId> ids;
  TRY(tx.query("SELECT id FROM tokens_token WHERE user = ? AND account = ?", {user, account},
               [&](const store::Row& row) -> base::Result<void> {
                 ids.push_back(TRY(row.id<TokenId>(0)));
                 return {};
               }));
  for (const TokenId& id : ids) TRY(remove_name(tx, user, id));
  TRY(tx.run("DELETE FROM tokens_token WHERE user = ? AND account = ?", {user, account}));
  return {};
}

base::Result<void> Tokens::forget(store::Tx& tx, base::OwnerId user) {
  TRY(tx.run("DELETE FROM tokens_token WHERE user = ?", {user}));
  return {};
}

base::Result<void> Tokens::forget_all(store::Tx& tx) {
  TRY(tx.run("DELETE FROM tokens_token", {}));
  return {};
}

base::Result<void> Tokens::tick() {
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("DELETE FROM tokens_token WHERE expires_at <= ?", {parts_.clock.now()}));
    return {};
  });
}

}  // namespace accounts

// Logging in and out (SECU-1). A session is a random token that the browser keeps and we know the
// digest of.
#include "accounts/accounts.h"

namespace accounts {

base::Result<std::string> Accounts::password_hash(base::UserId user) {
  std::string hash;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    const auto record =
        TRY(read_one(reader, base::owner_of(user), leave_.credentials, "credentials"));
    const base::Bytes stored = TRY(record.fields.bytes("password_hash"));
    hash = base::text(stored);
    return {};
  }));
  return hash;
}

base::Result<std::optional<Accounts::Found>> Accounts::credentials(const vault::Address& email) {
  const auto listed = TRY(parts_.vault.find(email));
  if (!listed) return std::optional<Found>();
  auto hash = password_hash(listed->user);
  // Erased between the two reads: to whoever logs in now, the account was never there.
  if (!hash.ok() && (hash.code() == base::Code::gone || hash.code() == base::Code::missing))
    return std::optional<Found>();
  std::string stored = TRY(std::move(hash));
  return std::optional(Found{listed->user, listed->account, std::move(stored)});
}

/// At today's cost. Where that fails, the login holds all the same, and the next one tries again.
void Accounts::hash_anew(const Found& found, const base::SecretBytes& password) {
  const base::OwnerId owner = base::owner_of(found.user);
  const auto stored = [&]() -> base::Result<void> {
    const std::string hash = TRY(parts_.passwords.hash(password));
    return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
      const auto now = TRY(read_one(tx, owner, leave_.credentials, "credentials"));
      const base::Bytes kept = TRY(now.fields.bytes("password_hash"));
      if (base::text(kept) != found.hash) return {};  // she has changed it meanwhile
      vault::Fields credentials = now.fields;
      credentials.set("password_hash", base::copy(base::view(hash)));
      return write_one(tx, owner, leave_.credentials, "credentials", credentials);
    });
  }();
  if (!stored.ok()) parts_.log.warn("password not hashed anew", {{"error", stored.error()}});
}

base::Result<std::optional<NewSession>> Accounts::log_in(const vault::Address& email,
                                                         const base::SecretBytes& password) {
  const auto found = TRY(credentials(email));
  if (!found) {
    TRY(parts_.passwords.pretend(password));
    return std::optional<NewSession>();
  }
  const bool right = TRY(parts_.passwords.matches(found->hash, password));
  if (!right) return std::optional<NewSession>();
  if (parts_.passwords.outdated(found->hash)) hash_anew(*found, password);

  const std::string token = new_token(parts_.entropy);
  const Identity identity{base::SessionId::random(parts_.entropy), found->user, found->account};
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    // An erasure that began meanwhile has ended the sessions already: no new one after it.
    TRY(ask(base::owner_of(identity.user), leave_.identity));
    TRY(
        tx.run("INSERT INTO accounts_session (token_digest, id, user, account, expires_at)"
               " VALUES (?, ?, ?, ?, ?)",
               {base::View(base::sha256(base::view(token))), identity.session, identity.user,
                identity.account, parts_.clock.now() + session_lives}));
    return {};
  }));
  return std::optional(NewSession{token, identity});
}

base::Result<std::optional<Identity>> Accounts::session(std::string_view token) {
  std::optional<Identity> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT id, user, account FROM accounts_session WHERE token_digest = ? AND expires_at > ?",
        {base::View(base::sha256(base::view(token))), parts_.clock.now()},
        [&](const store::Row& row) -> base::Result<void> {
          const auto session = TRY(row.id<base::SessionId>(0));
          const auto user = TRY(row.id<base::UserId>(1));
          const auto account = TRY(row.id<base::AccountId>(2));
          found = Identity{session, user, account};
          return {};
        });
  }));
  return found;
}

base::Result<void> Accounts::end_sessions(store::Tx& tx, base::UserId user,
                                          const std::optional<base::SessionId>& but) {
  // No session has the id of zeros.
  TRY(tx.run("DELETE FROM accounts_session WHERE user = ? AND id <> ?",
             {user, but.value_or(base::SessionId())}));
  return {};
}

base::Result<void> Accounts::log_out(const Identity& identity) {
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("DELETE FROM accounts_session WHERE id = ? AND account = ?",
               {identity.session, identity.account}));
    return {};
  });
}

}  // namespace accounts

// Logging in and out (SECU-1). A session is a random token that the browser keeps and we know the
// digest of.
#include "accounts/accounts.h"

namespace accounts {
namespace {

constexpr std::size_t kTokenBytes = 32;

}  // namespace

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

base::Result<std::optional<NewSession>> Accounts::log_in(const vault::Address& email,
                                                         const base::SecretBytes& password) {
  const auto found = TRY(credentials(email));
  if (!found) {
    TRY(parts_.passwords.pretend(password));
    return std::optional<NewSession>();
  }
  const bool right = TRY(parts_.passwords.matches(found->hash, password));
  if (!right) return std::optional<NewSession>();
  const auto enrolled = TRY(parts_.factors.enrolled(found->user));
  if (enrolled.any()) {
    std::string token = TRY(parts_.proofs.begin({found->user, found->account}));
    return std::optional(
        NewSession{std::move(token), {{}, found->user, found->account}, Left::second_step});
  }
  NewSession session =
      TRY(let_in(found->user, found->account, [](store::Tx&) -> base::Result<void> { return {}; }));
  return std::optional(std::move(session));
}

base::Result<base::AccountId> Accounts::account_of(base::UserId user) {
  std::optional<base::AccountId> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    return reader.query("SELECT account FROM accounts_member WHERE user = ? LIMIT 1", {user},
                        [&](const store::Row& row) -> base::Result<void> {
                          found = TRY(row.id<base::AccountId>(0));
                          return {};
                        });
  }));
  if (!found) return base::Error{base::Code::missing, "she is in no account"};
  return *found;
}

base::Result<bool> Accounts::knows_password(base::UserId user, const base::SecretBytes& password) {
  const std::string hash = TRY(password_hash(user));
  return parts_.passwords.matches(hash, password);
}

base::Result<NewSession> Accounts::let_in(base::UserId user, base::AccountId account,
                                          const store::Store::Body& along) {
  const std::string token = base::base64url(parts_.entropy.bytes(kTokenBytes));
  const Identity identity{base::SessionId::random(parts_.entropy), user, account};
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    // An erasure that began meanwhile has ended the sessions already: no new one after it.
    TRY(ask(base::owner_of(identity.user), leave_.identity));
    TRY(
        tx.run("INSERT INTO accounts_session (token_digest, id, user, account, expires_at)"
               " VALUES (?, ?, ?, ?, ?)",
               {base::View(base::sha256(base::view(token))), identity.session, identity.user,
                identity.account, parts_.clock.now() + session_lives}));
    TRY(parts_.proofs.proven(tx, identity.session, user));
    return along(tx);
  }));
  return NewSession{token, identity};
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

base::Result<void> Accounts::log_out(const Identity& identity) {
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("DELETE FROM accounts_session WHERE id = ? AND account = ?",
               {identity.session, identity.account}));
    return {};
  });
}

}  // namespace accounts

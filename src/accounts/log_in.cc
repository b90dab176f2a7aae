// Logging in by address and password (SECU-1), and out again.
#include "accounts/accounts.h"
#include "accounts/memberships.h"

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
  return std::optional(Found{listed->user, std::move(stored)});
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
                                                         const base::SecretBytes& password,
                                                         const Visit& visit) {
  const auto found = TRY(credentials(email));
  if (!found) {
    TRY(parts_.passwords.pretend(password));
    return std::optional<NewSession>();
  }
  const bool right = TRY(parts_.passwords.matches(found->hash, password));
  if (!right) return std::optional<NewSession>();
  if (parts_.passwords.outdated(found->hash)) hash_anew(*found, password);
  const auto account = account_of(found->user);
  // Erased, or taken out of her last account, while the password was looked at.
  if (!account.ok() && account.code() == base::Code::missing) return std::optional<NewSession>();
  TRY(account);
  const auto enrolled = TRY(parts_.factors.enrolled(found->user));
  if (enrolled.any()) {
    NewSession half;
    half.token = TRY(parts_.proofs.begin({found->user, *account}));
    half.identity = {{}, found->user, *account};
    half.left = Left::second_step;
    return std::optional(std::move(half));
  }
  NewSession session = TRY(
      let_in(found->user, *account, visit, [](store::Tx&) -> base::Result<void> { return {}; }));
  return std::optional(std::move(session));
}

base::Result<NewSession> Accounts::let_in(base::UserId user, base::AccountId account,
                                          const Visit& visit, const store::Store::Body& along) {
  return parts_.sessions.begin(user, account, visit,
                               [&](store::Tx& tx, const Identity& begun) -> base::Result<void> {
                                 TRY(parts_.proofs.proven(tx, begun.session, user));
                                 return along(tx);
                               });
}

base::Result<base::AccountId> Accounts::account_of(store::Reader& reader, base::UserId user) {
  const auto hers = TRY(accounts_of(reader, user));
  if (hers.empty()) return base::Error{base::Code::missing, "she is in no account"};
  return hers.front().account;
}

base::Result<base::AccountId> Accounts::account_of(base::UserId user) {
  std::optional<base::AccountId> found;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    found = TRY(account_of(reader, user));
    return {};
  }));
  return *found;
}

base::Result<std::optional<Identity>> Accounts::session(std::string_view token) {
  return parts_.sessions.find(token);
}

base::Result<void> Accounts::log_out(const Identity& identity) {
  const auto ended = parts_.sessions.end(identity, identity.session);
  return ended.ok() || ended.code() == base::Code::missing ? base::Result<void>() : ended;
}

base::Result<bool> Accounts::knows_password(base::UserId user, const base::SecretBytes& password) {
  const std::string hash = TRY(password_hash(user));
  return parts_.passwords.matches(hash, password);
}

base::Result<void> Accounts::end_access(store::Tx& tx, base::UserId user,
                                        std::optional<base::SessionId> kept) {
  TRY(parts_.sessions.end_all(tx, user, kept));
  TRY(kept ? parts_.proofs.only_proven(tx, *kept, user) : Proofs::forget(tx, user));
  return parts_.tokens.revoke_all(tx, user);
}

}  // namespace accounts

// Logging in by address and password (SECU-1), and out again.
#include "accounts/accounts.h"
#include "accounts/erased.h"
#include "accounts/invitations.h"
#include "accounts/members.h"
#include "accounts/memberships.h"

namespace accounts {
namespace {

/// Whether what was looked at is not so any more: another password was set, or she was erased or
/// taken out of the account while the password was looked at.
bool has_changed(const base::Result<std::optional<NewSession>>& session) {
  return is_erased(session) || (!session.ok() && session.code() == base::Code::stale);
}

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

base::Result<std::optional<Accounts::Found>> Accounts::credentials(
    const vault::Address& email, std::vector<ForeignCost>& foreign) {
  const auto listed = TRY(parts_.vault.find(email));
  Arrival arrival;
  std::vector<Membership> hers;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    // Nobody has the id of zeros: the work is the same.
    const base::UserId user = listed ? listed->user : base::UserId();
    arrival = TRY(Arrivals::find(reader, user));
    hers = TRY(accounts_of(reader, user));
    foreign = TRY(Arrivals::costs(reader));
    return {};
  }));
  if (!listed || hers.empty()) return std::optional<Found>();
  auto hash = password_hash(listed->user);
  // Erased between the two reads: to whoever logs in now, the account was never there.
  if (is_erased(hash)) return std::optional<Found>();
  std::string stored = TRY(std::move(hash));
  return std::optional(
      Found{listed->user, hers.front().account, {std::move(stored), arrival.cost}, arrival.state});
}

base::Result<std::optional<NewSession>> Accounts::half_way(const Found& found, Left left) {
  NewSession half;
  half.token = TRY(parts_.proofs.begin({found.user, found.account}, [&](store::Tx& tx) {
    return require_password(tx, found.user, found.kept.text);
  }));
  half.identity = {{}, found.user, found.account};
  half.left = left;
  return std::optional(std::move(half));
}

/// At today's cost. Where that fails, the login holds all the same, and the next one tries again.
void Accounts::hash_anew(Found& found, const base::SecretBytes& password) {
  const base::OwnerId owner = base::owner_of(found.user);
  const auto stored = [&]() -> base::Result<void> {
    const std::string hash = TRY(parts_.passwords.hash(password));
    TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
      TRY(require_password(tx, found.user, found.kept.text));
      const auto now = TRY(read_one(tx, owner, leave_.credentials, "credentials"));
      vault::Fields credentials = now.fields;
      credentials.set("password_hash", base::copy(base::view(hash)));
      TRY(Arrivals::rehashed(tx, found.user));
      return write_one(tx, owner, leave_.credentials, "credentials", credentials);
    }));
    found.kept = {hash, std::nullopt};
    return {};
  }();
  // She, or another login, has set another meanwhile: that shows when she is let in.
  if (!stored.ok() && stored.code() != base::Code::stale)
    parts_.log.warn("password not hashed anew", {{"error", stored.error()}});
}

base::Result<std::optional<NewSession>> Accounts::log_in(const vault::Address& email,
                                                         const base::SecretBytes& password,
                                                         const Visit& visit,
                                                         const WhenRight& when_right) {
  auto session = try_log_in(email, password, visit, when_right);
  // Once more: another login may have hashed the same password anew, and she may belong to another
  // account than the one that she was taken out of.
  if (has_changed(session)) session = try_log_in(email, password, visit, when_right);
  if (has_changed(session)) return std::optional<NewSession>();
  return session;
}

base::Result<std::optional<NewSession>> Accounts::try_log_in(const vault::Address& email,
                                                             const base::SecretBytes& password,
                                                             const Visit& visit,
                                                             const WhenRight& when_right) {
  std::vector<ForeignCost> foreign;
  auto found = TRY(credentials(email, foreign));
  const bool right = TRY(parts_.passwords.try_login(
      found ? std::optional(found->kept) : std::nullopt, password, foreign));
  if (!found || !right) return std::optional<NewSession>();
  TRY(when_right());
  if (found->kept.foreign || parts_.passwords.outdated(found->kept.text))
    hash_anew(*found, password);
  if (found->state == ArrivalState::waiting) return half_way(*found, Left::acceptance);
  const auto enrolled = TRY(parts_.factors.enrolled(found->user));
  if (enrolled.any()) return half_way(*found, Left::second_step);
  NewSession session = TRY(let_in(found->user, found->account, visit, [&](store::Tx& tx) {
    return require_password(tx, found->user, found->kept.text);
  }));
  return std::optional(std::move(session));
}

base::Result<NewSession> Accounts::let_in(base::UserId user, base::AccountId account,
                                          const Visit& visit, const store::Store::Body& along) {
  return parts_.sessions.begin(user, account, visit,
                               [&](store::Tx& tx, const Identity& begun) -> base::Result<void> {
                                 TRY(parts_.proofs.proven(tx, begun.session, user));
                                 TRY(along(tx));
                                 const Arrival arrival = TRY(Arrivals::find(tx, user));
                                 if (arrival.state == ArrivalState::over) return {};
                                 return base::Error{base::Code::denied,
                                                    "log in with the password first, and accept "
                                                    "the terms"};
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

base::Result<std::optional<std::string>> Accounts::knows_password(
    base::UserId user, const base::SecretBytes& password) {
  std::string hash = TRY(password_hash(user));
  const bool right = TRY(parts_.passwords.matches(hash, password));
  if (!right) return std::optional<std::string>();
  return std::optional(std::move(hash));
}

base::Result<void> Accounts::require_password(store::Tx& tx, base::UserId user,
                                              std::string_view hash) {
  const auto now = TRY(read_one(tx, base::owner_of(user), leave_.credentials, "credentials"));
  const base::Bytes kept = TRY(now.fields.bytes("password_hash"));
  if (base::text(kept) == hash) return {};
  return base::Error{base::Code::stale, "another password was set meanwhile"};
}

base::Result<void> Accounts::end_access(store::Tx& tx, base::UserId user,
                                        std::optional<base::SessionId> kept) {
  TRY(parts_.sessions.end_all(tx, user, kept));
  TRY(Proofs::forget(tx, user));
  TRY(parts_.tokens.revoke_all(tx, user));
  if (kept) return {};
  // Somebody else may have acted as her: whom that one invited, or offered her accounts to, comes
  // in no more.
  TRY(Invitations::end_of(tx, user));
  return Members::end_offers_of(tx, user);
}

}  // namespace accounts

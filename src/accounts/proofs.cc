#include "accounts/proofs.h"

#include <algorithm>

#include "accounts/sessions.h"
#include "base/crypto.h"

namespace accounts {
namespace {

constexpr std::size_t kTokenBytes = 32;

base::Digest digest_of(std::string_view token) { return base::sha256(base::view(token)); }

base::Duration within(Act act) {
  const auto* need = std::ranges::find(needs, act, &Need::act);
  CHECK(need != needs.end());
  return need->within;
}

}  // namespace

store::Schema Proofs::schema() {
  return {"proofs",
          {"CREATE TABLE proofs_half_way ("
           " token_digest BLOB PRIMARY KEY,"
           " user BLOB NOT NULL,"
           " account BLOB NOT NULL,"
           " expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE INDEX proofs_half_way_user ON proofs_half_way (user);"
           "CREATE TABLE proofs_session ("
           " session_id BLOB PRIMARY KEY,"
           " user BLOB NOT NULL,"
           " proven_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE INDEX proofs_session_user ON proofs_session (user);"},
          store::Keeping::bulk,
          {{"proofs_half_way", "user"}, {"proofs_session", "user"}}};
}

base::Result<std::string> Proofs::begin(const HalfWay& who, const store::Store::Body& along) {
  std::string token = base::base64url(entropy_.bytes(kTokenBytes));
  TRY(store_.write([&](store::Tx& tx) -> base::Result<void> {
    TRY(
        tx.run("INSERT INTO proofs_half_way (token_digest, user, account, expires_at)"
               " VALUES (?, ?, ?, ?)",
               {digest_of(token), who.user, who.account, clock_.now() + half_way_lives}));
    return along(tx);
  }));
  return token;
}

base::Result<std::optional<HalfWay>> Proofs::half_way(std::string_view token) {
  std::optional<HalfWay> found;
  TRY(store_.read_once([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT user, account FROM proofs_half_way WHERE token_digest = ? AND expires_at > ?",
        {digest_of(token), clock_.now()}, [&](const store::Row& row) -> base::Result<void> {
          const auto user = TRY(row.id<base::UserId>(0));
          const auto account = TRY(row.id<base::AccountId>(1));
          found = HalfWay{user, account};
          return {};
        });
  }));
  return found;
}

base::Result<void> Proofs::end(store::Tx& tx, std::string_view token) {
  const std::int64_t ended =
      TRY(tx.run("DELETE FROM proofs_half_way WHERE token_digest = ?", {digest_of(token)}));
  if (ended != 1) return base::Error{base::Code::missing, "this second step is over"};
  return {};
}

base::Result<void> Proofs::proven(store::Tx& tx, base::SessionId session, base::UserId user) {
  TRY(
      tx.run("INSERT INTO proofs_session (session_id, user, proven_at) VALUES (?, ?, ?)"
             " ON CONFLICT (session_id) DO UPDATE SET proven_at = excluded.proven_at",
             {session, user, clock_.now()}));
  return {};
}

base::Result<void> Proofs::only_proven(store::Tx& tx, base::SessionId session, base::UserId user) {
  TRY(forget(tx, user));
  return proven(tx, session, user);
}

base::Result<bool> Proofs::proven_for(store::Reader& reader, base::SessionId session, Act act) {
  bool found = false;
  TRY(reader.query("SELECT 1 FROM proofs_session WHERE session_id = ? AND proven_at > ?",
                   {session, clock_.now() - within(act)},
                   [&](const store::Row&) -> base::Result<void> {
                     found = true;
                     return {};
                   }));
  return found;
}

base::Result<bool> Proofs::may(base::SessionId session, Act act) {
  bool found = false;
  TRY(store_.read_once([&](store::Reader& reader) -> base::Result<void> {
    found = TRY(proven_for(reader, session, act));
    return {};
  }));
  return found;
}

base::Result<void> Proofs::require(store::Tx& tx, base::UserId user, base::SessionId session) {
  return Sessions::require(tx, user, session, clock_.now());
}

base::Result<void> Proofs::require(store::Tx& tx, base::UserId user, base::SessionId session,
                                   Act act) {
  TRY(require(tx, user, session));
  const bool proven = TRY(proven_for(tx, session, act));
  if (proven) return {};
  return base::Error{base::Code::denied, "this needs a proof that is ten minutes old at most"};
}

base::Result<void> Proofs::forget(store::Tx& tx, base::UserId user) {
  TRY(tx.run("DELETE FROM proofs_half_way WHERE user = ?", {user}));
  TRY(tx.run("DELETE FROM proofs_session WHERE user = ?", {user}));
  return {};
}

base::Result<void> Proofs::restored(store::Tx& tx) {
  TRY(tx.run("DELETE FROM proofs_half_way", {}));
  TRY(tx.run("DELETE FROM proofs_session", {}));
  return {};
}

base::Result<void> Proofs::tick() {
  return store_.write([&](store::Tx& tx) -> base::Result<void> {
    const base::Time now = clock_.now();
    TRY(tx.run("DELETE FROM proofs_half_way WHERE expires_at <= ?", {now}));
    TRY(tx.run("DELETE FROM proofs_session WHERE proven_at <= ?", {now - proof_lives}));
    return {};
  });
}

}  // namespace accounts

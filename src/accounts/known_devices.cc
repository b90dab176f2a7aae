// The devices that somebody has logged in from: known by a cookie, told of when they are new.
#include <algorithm>

#include "accounts/contact.h"
#include "accounts/days.h"
#include "accounts/sessions.h"

namespace accounts {
namespace {

constexpr std::size_t kTokenLetters = 43;  // 32 bytes of base64url

bool is_token(std::string_view text) {
  return text.size() == kTokenLetters && base::parse_base64url(text).ok();
}

base::Digest digest_of(std::string_view token) { return base::sha256(base::view(token)); }

}  // namespace

store::Schema Sessions::schema() {
  return {"sessions",
          {"CREATE TABLE sessions_device ("
           " ordinal INTEGER PRIMARY KEY AUTOINCREMENT,"
           " token_digest BLOB NOT NULL,"
           " user BLOB NOT NULL,"
           " network_digest BLOB,"
           " last_used_day INTEGER NOT NULL,"
           " expires_at INTEGER NOT NULL,"
           " UNIQUE (user, token_digest)"
           ") STRICT;"
           "CREATE INDEX sessions_device_token ON sessions_device (token_digest);"
           "CREATE INDEX sessions_device_expires ON sessions_device (expires_at);"
           // Who has logged in before: the first device of all is not news.
           "CREATE TABLE sessions_user ("
           " user BLOB PRIMARY KEY,"
           " first_day INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"},
          store::Keeping::bulk,
          {{"sessions_device", "user"}, {"sessions_user", "user"}}};
}

/// Nothing where she has objected to being recognised: then no device of hers is noted or known.
base::Result<std::optional<base::RecordId>> Sessions::network_of(base::UserId user,
                                                                 const Visit& visit) {
  using Network = std::optional<base::RecordId>;
  const auto asked = parts_.vault.gate().ask(gate::Actor::person, base::owner_of(user),
                                             leave_.devices, leave_.fraud);
  if (!asked.ok() && asked.code() == base::Code::denied) return Network();
  const auto permit = TRY(asked);
  // Only her key tells which network it was: nothing is left of it when that is gone.
  const base::RecordId network = TRY(parts_.vault.pseudonym(permit, {}, visit.network));
  return Network(network);
}

base::Result<Acquaintance> Sessions::recognise(base::UserId user, const Visit& visit) {
  const auto network = TRY(network_of(user, visit));
  if (!network) return Acquaintance::stranger;
  const bool unknown = visit.network == base::Personal<std::string>();
  Acquaintance found = Acquaintance::stranger;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT token_digest = ? FROM sessions_device"
        " WHERE user = ? AND expires_at > ? AND (token_digest = ? OR network_digest = ?)",
        {digest_of(visit.device_token), user, parts_.clock.now(), digest_of(visit.device_token),
         *network},
        [&](const store::Row& row) -> base::Result<void> {
          if (row.integer(0) != 0)
            found = Acquaintance::device;
          else if (found == Acquaintance::stranger && !unknown)
            found = Acquaintance::network;
          return {};
        });
  }));
  return found;
}

base::Result<Sessions::Noted> Sessions::note_device(store::Tx& tx, base::UserId user,
                                                    const Visit& visit, const std::string& fresh) {
  const auto network = TRY(network_of(user, visit));
  if (!network) return Noted();
  const base::Time now = parts_.clock.now();
  bool hers = false, ours = false;
  if (is_token(visit.device_token))
    TRY(tx.query("SELECT user = ? FROM sessions_device WHERE token_digest = ? AND expires_at > ?",
                 {user, digest_of(visit.device_token), now},
                 [&](const store::Row& row) -> base::Result<void> {
                   ours = true;
                   hers = hers || row.integer(0) != 0;
                   return {};
                 }));
  // A value that we did not give out is somebody's guess, or was put there for her to take.
  Noted noted{ours ? visit.device_token : fresh};
  TRY(
      tx.run("INSERT INTO sessions_device"
             " (token_digest, user, network_digest, last_used_day, expires_at)"
             " VALUES (?, ?, ?, ?, ?) ON CONFLICT (user, token_digest) DO UPDATE SET"
             " network_digest = excluded.network_digest, last_used_day = excluded.last_used_day,"
             " expires_at = excluded.expires_at",
             {digest_of(noted.token), user, *network, day_of(now), now + device_known_for}));
  const auto first =
      TRY(tx.run("INSERT OR IGNORE INTO sessions_user (user, first_day)"
                 " VALUES (?, ?)",
                 {user, day_of(now)}));
  noted.told = !hers && first == 0 && is_news(user);
  if (noted.told) TRY(tell(tx, user, visit));
  return noted;
}

/// Whoever has her password could fill her mailbox: after a few, another one says nothing new.
bool Sessions::is_news(base::UserId user) {
  const Count mails{kNewDeviceMail, base::hmac_sha256(parts_.throttle.key(), user.bytes())};
  return parts_.throttle.count(std::span(&mails, 1)).answer == Ruling::Answer::go_on;
}

base::Result<void> Sessions::tell(store::Tx& tx, base::UserId user, const Visit& visit) {
  using Text = base::Personal<std::string>;
  const auto permit = TRY(ask(user, leave_.identity));
  const vault::Record who = TRY(parts_.vault.get(tx, permit, {"identity", {}, {}}));
  const Contact her = TRY(contact_in(who.fields));
  egress::Mail mail{egress::MailKind::new_device,
                    base::owner_of(user),
                    her.address,
                    {},
                    visit.origin,
                    her.language};
  mail.device =
      egress::SeenDevice{Text(visit.device.program.c_str()), Text(visit.device.system.c_str()),
                         visit.country, parts_.clock.now()};
  return parts_.outbox.queue(tx, mail);
}

base::Result<void> Sessions::forget(store::Tx& tx, base::OwnerId user) {
  TRY(tx.run("DELETE FROM accounts_session WHERE user = ?", {user}));
  TRY(tx.run("DELETE FROM sessions_device WHERE user = ?", {user}));
  TRY(tx.run("DELETE FROM sessions_user WHERE user = ?", {user}));
  return {};
}

base::Result<void> Sessions::forget_all(store::Tx& tx) {
  TRY(tx.run("DELETE FROM accounts_session", {}));
  TRY(tx.run("DELETE FROM sessions_device", {}));
  return {};
}

base::Result<void> Sessions::tick() {
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    const base::Time now = parts_.clock.now();
    TRY(tx.run("DELETE FROM accounts_session WHERE expires_at <= ?", {now}));
    TRY(tx.run("DELETE FROM sessions_device WHERE expires_at <= ?", {now}));
    return {};
  });
}

}  // namespace accounts

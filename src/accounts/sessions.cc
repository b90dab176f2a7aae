// Logging in and out (SECU-1): what a session is worth, and for how long.
#include "accounts/sessions.h"

#include <algorithm>

#include "accounts/memberships.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kTokenBytes = 32;

base::Result<std::vector<base::SessionId>> ids_in(store::Reader& reader, base::Literal sql,
                                                  std::initializer_list<store::Value> values) {
  std::vector<base::SessionId> ids;
  TRY(reader.query(sql, values, [&](const store::Row& row) -> base::Result<void> {
    ids.push_back(TRY(row.id<base::SessionId>(0)));
    return {};
  }));
  return ids;
}

base::Result<std::vector<base::SessionId>> others_of(store::Reader& reader, base::UserId user,
                                                     base::SessionId but) {
  return ids_in(reader, "SELECT id FROM accounts_session WHERE user = ? AND id <> ?", {user, but});
}

/// Of the day alone: what stands in the plain does not say at which hour somebody was here.
base::Time runs_out(base::Time started, base::Time used) {
  return std::min(start_of(day_of(used)) + session_idle_limit, started + session_absolute_limit);
}

/// Whether the notice says of sessions what this file does.
bool as_noticed(const notice::Document& document) {
  const notice::Category* category = document.category("sessions");
  if (category == nullptr) return false;
  const notice::Retention* rule = document.retention_rule(category->retention);
  if (rule == nullptr || rule->keeping.from != "last_use" ||
      rule->keeping.term != notice::Term::period || !rule->keeping.at_most)
    return false;
  return notice::length_min(rule->keeping.period) == session_idle_limit &&
         notice::length_min(*rule->keeping.at_most) == session_absolute_limit;
}

}  // namespace

vault::Collection Sessions::collection() {
  using vault::FieldKind;
  using vault::Presence;
  return {"sessions",
          "sessions",
          "sessions",
          {{"started", FieldKind::time, "The day on which you logged in"},
           {"program", FieldKind::text, "Browser or program that you logged in with"},
           {"system", FieldKind::text, "What it runs on"},
           {"country", FieldKind::text, "The country that you logged in from", Presence::optional}},
          vault::Expiry::at_given_time()};
}

base::Result<std::unique_ptr<Sessions>> Sessions::open(const Parts& parts) {
  const notice::Policy& policy = parts.vault.gate().policy().current();
  const auto sessions = policy.category("sessions");
  const auto identity = policy.category("identity");
  const auto devices = policy.category("known_devices");
  const auto manage = policy.purpose("manage_accounts");
  const auto fraud = policy.purpose("fraud_prevention");
  if (!sessions || !identity || !devices || !manage || !fraud)
    return Error{Code::invalid,
                 "sessions need the categories sessions, identity and known_devices and the "
                 "purposes manage_accounts and fraud_prevention"};
  if (!as_noticed(policy.document()))
    return Error{Code::invalid,
                 "the notice's retention of sessions is not what they are kept for: 30 days from "
                 "last_use, at most 180 days"};
  return std::unique_ptr<Sessions>(
      new Sessions(parts, {*sessions, *identity, *devices, *manage, *fraud}));
}

base::Result<gate::Permit> Sessions::ask(base::UserId user, notice::CategoryId category) {
  return parts_.vault.gate().ask(gate::Actor::person, base::owner_of(user), category,
                                 leave_.manage);
}

base::Result<NewSession> Sessions::begin(base::UserId user, base::AccountId account,
                                         const Visit& visit, const Along& along) {
  NewSession session{base::base64url(parts_.entropy.bytes(kTokenBytes)),
                     {base::SessionId::random(parts_.entropy), user, account}};
  const std::string fresh = base::base64url(parts_.entropy.bytes(kTokenBytes));
  const base::Time now = parts_.clock.now();
  const base::Time expires = runs_out(now, now);
  Noted device;
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    // An erasure that began meanwhile has ended the sessions already: no new one after it.
    TRY(ask(user, leave_.identity));
    TRY(end_presented(tx, visit));
    const auto role = TRY(role_in(tx, account, user));
    if (!role) return Error{Code::missing, "she does not belong to this account"};
    session.identity.role = *role;
    TRY(
        tx.run("INSERT INTO accounts_session"
               " (token_digest, id, user, account, expires_at, started_at, last_used_day)"
               " VALUES (?, ?, ?, ?, ?, ?, ?)",
               {base::View(base::sha256(base::view(session.token))), session.identity.session, user,
                account, expires, start_of(day_of(now)), day_of(now)}));
    TRY(describe(tx, session.identity, visit, expires));
    device = TRY(note_device(tx, user, visit, fresh));
    TRY(keep_bounds(tx, session.identity));
    return along(tx, session.identity);
  }));
  session.device_token = std::move(device.token);
  ++begun_;
  if (device.told) ++from_new_devices_;
  return session;
}

base::Result<void> Sessions::describe(store::Tx& tx, const Identity& identity, const Visit& visit,
                                      base::Time expires) {
  using Text = base::Personal<std::string>;
  vault::Fields fields;
  fields.set("started", start_of(day_of(parts_.clock.now())))
      .set("program", Text(visit.device.program.c_str()))
      .set("system", Text(visit.device.system.c_str()));
  if (visit.country != Text()) fields.set("country", visit.country);
  const auto permit = TRY(ask(identity.user, leave_.sessions));
  return parts_.vault.put(tx, permit, {"sessions", {}, identity.session.as<base::RecordTag>()},
                          fields, expires);
}

base::Result<std::optional<Identity>> Sessions::find(std::string_view token) {
  const base::Time now = parts_.clock.now();
  const base::Digest digest = base::sha256(base::view(token));
  if (auto known = known_.find(digest, now); known) return known;
  std::optional<Identity> found;
  base::Time expires{};
  const std::uint64_t version = parts_.vault.store().version();
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT s.id, s.user, s.account, s.last_used_day, m.role, s.expires_at"
        " FROM accounts_session AS s"
        " JOIN accounts_member AS m ON m.account = s.account AND m.user = s.user"
        " WHERE s.token_digest = ? AND s.expires_at > ?",
        {digest, now}, [&](const store::Row& row) -> base::Result<void> {
          const auto session = TRY(row.id<base::SessionId>(0));
          const auto user = TRY(row.id<base::UserId>(1));
          const auto account = TRY(row.id<base::AccountId>(2));
          const auto role = role_of(row.integer(4));
          if (!role) return Error{Code::corrupt, "a member's role is none that there is"};
          found = Identity{session, user, account,
                           row.integer(3) < day_of(now) ? Identity::Seen::first_today
                                                        : Identity::Seen::earlier_today,
                           *role};
          expires = row.time(5);
          return {};
        });
  }));
  if (found && found->seen == Identity::Seen::earlier_today)
    known_.keep(version, digest, now, expires, *found);
  // A disk that takes nothing more keeps nobody out: her next request tries again.
  if (found && found->seen == Identity::Seen::first_today && !renew(*found, now).ok())
    found->seen = Identity::Seen::earlier_today;
  return found;
}

base::Result<void> Sessions::renew(const Identity& identity, base::Time now) {
  const vault::Key key{"sessions", {}, identity.session.as<base::RecordTag>()};
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    base::Time expires{};
    TRY(tx.query("SELECT started_at FROM accounts_session WHERE id = ? AND user = ?",
                 {identity.session, identity.user},
                 [&](const store::Row& row) -> base::Result<void> {
                   expires = runs_out(row.time(0), now);
                   return {};
                 }));
    if (expires == base::Time{}) return {};  // ended meanwhile
    TRY(
        tx.run("UPDATE accounts_session SET last_used_day = ?, expires_at = ?"
               " WHERE id = ? AND user = ?",
               {day_of(now), expires, identity.session, identity.user}));
    const auto permit = TRY(ask(identity.user, leave_.sessions));
    const auto described = parts_.vault.get(tx, permit, key);
    // One that began before devices were described.
    if (!described.ok() && described.code() == Code::missing) return {};
    const vault::Record record = TRY(described);
    return parts_.vault.put(tx, permit, key, record.fields, expires);
  });
}

base::Result<void> Sessions::read_description(store::Reader& reader, base::UserId user,
                                              SessionShown& shown) {
  const auto permit = TRY(ask(user, leave_.sessions));
  const auto read =
      parts_.vault.get(reader, permit, {"sessions", {}, shown.id.as<base::RecordTag>()});
  if (!read.ok() && read.code() == Code::missing) return {};
  const vault::Record record = TRY(read);
  shown.program = TRY(record.fields.text("program"));
  shown.system = TRY(record.fields.text("system"));
  if (record.fields.has("country")) shown.country = TRY(record.fields.text("country"));
  return {};
}

base::Result<std::vector<SessionShown>> Sessions::list(const Identity& identity) {
  std::vector<SessionShown> sessions;
  TRY(parts_.vault.store().read([&](store::Reader& reader) -> base::Result<void> {
    TRY(
        reader.query("SELECT id, started_at, last_used_day FROM accounts_session"
                     " WHERE user = ? AND expires_at > ?"
                     " ORDER BY last_used_day DESC, started_at DESC, id LIMIT ?",
                     {identity.user, parts_.clock.now(), sessions_max},
                     [&](const store::Row& row) -> base::Result<void> {
                       SessionShown shown;
                       shown.id = TRY(row.id<base::SessionId>(0));
                       shown.started = row.time(1);
                       shown.last_used = start_of(row.integer(2));
                       shown.current = shown.id == identity.session;
                       sessions.push_back(std::move(shown));
                       return {};
                     }));
    for (SessionShown& shown : sessions) TRY(read_description(reader, identity.user, shown));
    return {};
  }));
  return sessions;
}

base::Result<void> Sessions::undescribe(store::Tx& tx, base::UserId user, base::SessionId id) {
  const auto permit = TRY(ask(user, leave_.sessions));
  const auto removed = parts_.vault.remove(tx, permit, {"sessions", {}, id.as<base::RecordTag>()});
  return removed.ok() || removed.code() == Code::missing ? base::Result<void>() : removed;
}

base::Result<std::uint64_t> Sessions::end_those(store::Tx& tx, base::UserId user,
                                                const std::vector<base::SessionId>& ids) {
  for (const base::SessionId& id : ids) {
    TRY(tx.run("DELETE FROM accounts_session WHERE id = ? AND user = ?", {id, user}));
    TRY(undescribe(tx, user, id));
  }
  return ids.size();
}

base::Result<void> Sessions::end(const Identity& identity, base::SessionId id) {
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto ended =
        TRY(tx.run("DELETE FROM accounts_session WHERE id = ? AND user = ?", {id, identity.user}));
    if (ended == 0) return Error{Code::missing, "there is no such session"};
    return undescribe(tx, identity.user, id);
  });
}

base::Result<std::uint64_t> Sessions::end_others(const Identity& identity) {
  std::uint64_t ended = 0;
  TRY(parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto others = TRY(others_of(tx, identity.user, identity.session));
    ended = TRY(end_those(tx, identity.user, others));
    return {};
  }));
  return ended;
}

base::Result<std::uint64_t> Sessions::end_all(store::Tx& tx, base::UserId user,
                                              std::optional<base::SessionId> kept) {
  const auto ids = TRY(others_of(tx, user, kept.value_or(base::SessionId())));
  TRY(tx.run("DELETE FROM sessions_device WHERE user = ?", {user}));
  return end_those(tx, user, ids);
}

base::Result<std::uint64_t> Sessions::end_in(store::Tx& tx, base::UserId user,
                                             base::AccountId account) {
  const auto ids = TRY(ids_in(tx, "SELECT id FROM accounts_session WHERE user = ? AND account = ?",
                              {user, account}));
  return end_those(tx, user, ids);
}

base::Result<void> Sessions::move(const Identity& identity, base::AccountId account) {
  return parts_.vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto role = TRY(role_in(tx, account, identity.user));
    if (!role) return Error{Code::missing, "you have no such account"};
    TRY(require(tx, identity.user, identity.session, parts_.clock.now()));
    TRY(tx.run("UPDATE accounts_session SET account = ? WHERE id = ? AND user = ?",
               {account, identity.session, identity.user}));
    return choose(tx, account, identity.user);
  });
}

base::Result<void> Sessions::require(store::Reader& reader, base::UserId user, base::SessionId id,
                                     base::Time now) {
  bool lives = false;
  TRY(reader.query("SELECT 1 FROM accounts_session WHERE user = ? AND id = ? AND expires_at > ?",
                   {user, id, now}, [&](const store::Row&) -> base::Result<void> {
                     lives = true;
                     return {};
                   }));
  if (lives) return {};
  return Error{Code::unauthenticated, "this session has ended: log in again"};
}

/// Nobody has its token any more once the browser has the new one.
base::Result<void> Sessions::end_presented(store::Tx& tx, const Visit& visit) {
  if (visit.session_token.empty()) return {};
  std::optional<std::pair<base::UserId, base::SessionId>> found;
  TRY(tx.query("SELECT user, id FROM accounts_session WHERE token_digest = ?",
               {base::View(base::sha256(base::view(visit.session_token)))},
               [&](const store::Row& row) -> base::Result<void> {
                 const auto user = TRY(row.id<base::UserId>(0));
                 const auto id = TRY(row.id<base::SessionId>(1));
                 found.emplace(user, id);
                 return {};
               }));
  if (found) TRY(end_those(tx, found->first, {found->second}));
  return {};
}

base::Result<void> Sessions::keep_bounds(store::Tx& tx, const Identity& begun) {
  const auto over = TRY(ids_in(tx,
                               "SELECT id FROM accounts_session WHERE user = ? AND id <> ?"
                               " ORDER BY last_used_day DESC, started_at DESC LIMIT -1 OFFSET ?",
                               {begun.user, begun.session, sessions_max - 1}));
  TRY(end_those(tx, begun.user, over));
  // Those of the last days push each other out of no place: else whoever has her password would log
  // in as often as it takes until none of hers is known.
  const std::int64_t lately = day_of(parts_.clock.now() - device_stays_for);
  TRY(
      tx.run("DELETE FROM sessions_device WHERE ordinal IN"
             " (SELECT ordinal FROM sessions_device WHERE user = ?"
             "  ORDER BY last_used_day < ?,"
             "  CASE WHEN last_used_day < ? THEN -last_used_day ELSE ordinal END"
             "  LIMIT -1 OFFSET ?)",
             {begun.user, lately, lately, devices_max}));
  return {};
}

}  // namespace accounts

#include "egress/outbox.h"

#include <algorithm>
#include <vector>

#include "egress/queued_mail.h"

namespace egress {
namespace {

constexpr base::Duration kWaitsAtMost = std::chrono::days(7);  // as the notice says

}  // namespace

store::Schema Outbox::schema() {
  return {"egress",
          {"CREATE TABLE egress_mail ("
           " ordinal INTEGER PRIMARY KEY AUTOINCREMENT,"
           " id BLOB NOT NULL UNIQUE,"
           " owner BLOB NOT NULL,"
           " attempts INTEGER NOT NULL,"
           " due_at INTEGER NOT NULL"
           ") STRICT;"
           "CREATE INDEX egress_mail_due ON egress_mail (due_at);"
           "CREATE INDEX egress_mail_owner ON egress_mail (owner);",
           // What became of a mail outlives it for a while.
           "ALTER TABLE egress_mail ADD COLUMN state INTEGER NOT NULL DEFAULT 0;"
           "ALTER TABLE egress_mail ADD COLUMN queued_at INTEGER NOT NULL DEFAULT 0;"
           "ALTER TABLE egress_mail ADD COLUMN settled_at INTEGER NOT NULL DEFAULT 0;"
           "ALTER TABLE egress_mail ADD COLUMN reply_number INTEGER NOT NULL DEFAULT 0;"
           "UPDATE egress_mail SET queued_at = due_at;"
           "DROP INDEX egress_mail_due;"
           "CREATE INDEX egress_mail_state_due ON egress_mail (state, due_at);"},
          store::Keeping::bulk,
          {{"egress_mail", "owner"}}};
}

vault::Collection Outbox::collection() {
  using vault::FieldKind;
  return {kMailCollection,
          kMailCollection,
          "mails",
          {{"kind", FieldKind::integer, "Which of our mails it is"},
           {"to", FieldKind::text, "The address that it goes to"},
           {"token", FieldKind::secret, "What the link in it carries"},
           {"origin", FieldKind::words, "Where its link leads"},
           // Not so in mails of the first version.
           {"language", FieldKind::integer, "Which language it is written in",
            vault::Presence::optional},
           // Of a mail about a login.
           {"program", FieldKind::text, "What was logged in with", vault::Presence::optional},
           {"system", FieldKind::text, "What that runs on", vault::Presence::optional},
           {"country", FieldKind::text, "Where that was", vault::Presence::optional},
           {"seen_at", FieldKind::time, "When that was", vault::Presence::optional},
           // Of a mail that somebody else caused.
           {"by", FieldKind::text, "The address of whoever caused it", vault::Presence::optional}},
          vault::Expiry::after_creation(kWaitsAtMost)};
}

Outbox::Outbox(vault::Vault& vault, Transport& transport, Sender sender, base::Clock& clock,
               base::Wait& wait, base::Entropy& entropy, base::Log& log)
    : vault_(vault),
      transport_(transport),
      sender_(std::move(sender)),
      clock_(clock),
      entropy_(entropy),
      log_(log),
      mutex_(wait),
      recipient_key_(entropy.bytes(32)) {}

base::Result<gate::Permit> Outbox::permit(base::OwnerId owner) {
  const notice::Policy& policy = vault_.gate().policy().current();
  const auto category = policy.category(kMailCollection.c_str());
  const auto purpose = policy.purpose("notify");
  if (!category || !purpose)
    return base::Error{base::Code::denied, "the notice does not name service mails"};
  return vault_.gate().ask(gate::Actor::system, owner, *category, *purpose);
}

base::Result<void> Outbox::queue(store::Tx& tx, const Mail& mail) {
  const auto leave = TRY(permit(mail.owner));
  const auto id = mail.id.value_or(base::MailId::random(entropy_));
  const base::Time now = clock_.now();
  const std::int64_t added =
      TRY(tx.run("INSERT INTO egress_mail (id, owner, attempts, due_at, state, queued_at)"
                 " VALUES (?, ?, 0, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                 {id, mail.owner, now, State::waiting, now}));
  if (added == 0) return {};
  return vault_.put(tx, leave, key_of(id), to_fields(mail));
}

base::Result<void> Outbox::forget(store::Tx& tx, base::OwnerId owner) {
  TRY(tx.run("DELETE FROM egress_mail WHERE owner = ?", {owner}));
  return {};
}

base::Result<void> Outbox::restored() {
  const base::Lock lock(mutex_);
  while (true) {
    const std::vector<Due> left = TRY(waiting());
    TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
      for (const Due& mail : left) {
        // Where the gate says no, her key is gone, and the ciphertext with her other records.
        const auto leave = permit(mail.owner);
        if (leave.ok()) (void)vault_.remove(tx, *leave, key_of(mail.id)).ok();
        TRY(tx.run("DELETE FROM egress_mail WHERE id = ?", {mail.id}));
      }
      if (left.empty()) TRY(tx.run("DELETE FROM egress_mail", {}));  // what became of the others
      return {};
    }));
    if (left.empty()) return {};
  }
}

base::Result<std::optional<Fate>> Outbox::fate(store::Reader& reader, base::MailId id) {
  std::optional<Fate> found;
  TRY(reader.query(
      "SELECT state, attempts, queued_at, settled_at, reply_number FROM egress_mail WHERE id = ?",
      {id}, [&](const store::Row& row) -> base::Result<void> {
        const auto state = static_cast<State>(row.integer(0));
        found = Fate{state, row.time(state == State::waiting ? 2 : 3), row.integer(1),
                     static_cast<std::uint16_t>(row.integer(4))};
        return {};
      }));
  return found;
}

base::Result<void> Outbox::bounced(base::MailId id) {
  const base::Lock lock(mutex_);
  std::optional<Due> mail;
  std::optional<Fate> now;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    now = TRY(fate(reader, id));
    return reader.query("SELECT owner FROM egress_mail WHERE id = ?", {id},
                        [&](const store::Row& row) -> base::Result<void> {
                          mail = Due{id, TRY(row.id<base::OwnerId>(0)), 0, {}, {}};
                          return {};
                        });
  }));
  if (!now || !mail) return base::Error{base::Code::missing, "no such mail is known"};
  // Waiting: it was accepted after all when we thought that it was cut off.
  if (now->state == State::failed || now->state == State::bounced) return {};
  log_.warn("mail bounced", {{"mail", id}});
  return settle(*mail, State::bounced, now->reply);
}

base::Result<OutboxFigures> Outbox::figures() {
  OutboxFigures figures;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query("SELECT count(*), min(queued_at) FROM egress_mail WHERE state = ?",
                        {State::waiting}, [&](const store::Row& row) -> base::Result<void> {
                          figures.waiting = static_cast<std::uint64_t>(row.integer(0));
                          if (figures.waiting > 0)
                            figures.oldest =
                                std::max(clock_.now() - row.time(1), base::Duration{0});
                          return {};
                        });
  }));
  figures.accepted_total = totals_.accepted;
  figures.failed_total = totals_.failed;
  figures.bounced_total = totals_.bounced;
  figures.retried_total = totals_.retried;
  figures.unreachable_total = totals_.unreachable;
  return figures;
}

}  // namespace egress

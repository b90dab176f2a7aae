#include "egress/outbox.h"

#include <algorithm>
#include <vector>

#include "base/mutant.h"

namespace egress {
namespace {

constexpr base::Literal kCollection = "mail";                  // and its category
constexpr base::Duration kWaitsAtMost = std::chrono::days(7);  // as the notice says
constexpr std::size_t kBatch = 64;
constexpr base::Duration kFirstPause = std::chrono::seconds(2);
constexpr base::Duration kLongestPause = std::chrono::hours(1);

base::Duration pause_after(std::int64_t attempts) {
  base::Duration pause = kFirstPause;
  for (; attempts > 1 && pause < kLongestPause; --attempts) pause *= 2;
  return std::min(pause, kLongestPause);
}

vault::Key key_of(base::MailId id) { return {kCollection, {}, id.as<base::RecordTag>()}; }

vault::Fields to_fields(const Mail& mail) {
  vault::Fields fields;
  fields.set("kind", static_cast<std::int64_t>(mail.kind))
      .set("to", mail.to.text())
      .set("token", mail.token)
      .set("origin", base::copy(base::view(mail.origin)));
  return fields;
}

base::Result<Mail> to_mail(base::OwnerId owner, const vault::Fields& fields) {
  const std::int64_t kind = TRY(fields.integer("kind"));
  base::Personal<std::string> to = TRY(fields.text("to"));
  base::Personal<std::string> token = TRY(fields.text("token"));
  const base::Bytes origin = TRY(fields.bytes("origin"));
  if (kind < 0 || kind > static_cast<std::int64_t>(MailKind::known_address))
    return base::Error{base::Code::corrupt, "a queued mail is of no known kind"};
  return Mail{static_cast<MailKind>(kind), owner, vault::Address::trusted(std::move(to)),
              std::move(token), std::string(base::text(origin))};
}

}  // namespace

struct Outbox::Due {
  base::MailId id;
  base::OwnerId owner;
  std::int64_t attempts;
};

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
           "CREATE INDEX egress_mail_owner ON egress_mail (owner);"},
          store::Keeping::bulk,
          {{"egress_mail", "owner"}}};
}

vault::Collection Outbox::collection() {
  using vault::FieldKind;
  return {kCollection,
          kCollection,
          "mails",
          {{"kind", FieldKind::integer, "Which of our mails it is"},
           {"to", FieldKind::text, "The address that it goes to"},
           {"token", FieldKind::secret, "What the link in it carries"},
           {"origin", FieldKind::words, "Where its link leads"}},
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
      mutex_(wait) {}

base::Result<gate::Permit> Outbox::permit(base::OwnerId owner) {
  const notice::Policy& policy = vault_.gate().policy().current();
  const auto category = policy.category(kCollection.c_str());
  const auto purpose = policy.purpose("notify");
  if (!category || !purpose)
    return base::Error{base::Code::denied, "the notice does not name service mails"};
  return vault_.gate().ask(gate::Actor::system, owner, *category, *purpose);
}

base::Result<void> Outbox::queue(store::Tx& tx, const Mail& mail) {
  const auto leave = TRY(permit(mail.owner));
  const auto id = base::MailId::random(entropy_);
  TRY(vault_.put(tx, leave, key_of(id), to_fields(mail)));
  TRY(tx.run("INSERT INTO egress_mail (id, owner, attempts, due_at) VALUES (?, ?, 0, ?)",
             {id, mail.owner, clock_.now()}));
  return {};
}

base::Result<void> Outbox::forget(store::Tx& tx, base::OwnerId owner) {
  TRY(tx.run("DELETE FROM egress_mail WHERE owner = ?", {owner}));
  return {};
}

base::Result<void> Outbox::restored() {
  const base::Lock lock(mutex_);
  std::vector<Due> waiting;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query("SELECT id, owner FROM egress_mail", {},
                        [&](const store::Row& row) -> base::Result<void> {
                          const auto id = TRY(row.id<base::MailId>(0));
                          const auto owner = TRY(row.id<base::OwnerId>(1));
                          waiting.push_back({id, owner, 0});
                          return {};
                        });
  }));
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    for (const Due& mail : waiting) {
      // Where the gate says no, her key is gone, and the ciphertext with her other records.
      const auto leave = permit(mail.owner);
      if (leave.ok()) (void)vault_.remove(tx, *leave, key_of(mail.id)).ok();
    }
    TRY(tx.run("DELETE FROM egress_mail", {}));
    return {};
  });
}

base::Result<void> Outbox::tick() {
  const base::Lock lock(mutex_);  // one at a time: order is kept, nothing goes twice
  std::vector<Due> due;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT id, owner, attempts FROM egress_mail WHERE due_at <= ? ORDER BY ordinal LIMIT ?",
        {clock_.now(), kBatch}, [&](const store::Row& row) -> base::Result<void> {
          const auto id = TRY(row.id<base::MailId>(0));
          const auto owner = TRY(row.id<base::OwnerId>(1));
          due.push_back({id, owner, row.integer(2)});
          return {};
        });
  }));
  for (const Due& mail : due) {
    const auto done = deliver(mail);
    // One that cannot be opened, say: it shall not hold up those behind it.
    if (!done.ok()) TRY(postpone(mail, done.error()));
  }
  return {};
}

base::Result<void> Outbox::deliver(const Due& due) {
  const auto leave = permit(due.owner);
  if (!leave.ok()) return drop(due, leave.error());
  std::optional<vault::Record> record;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    auto found = vault_.get(reader, *leave, key_of(due.id));
    if (!found.ok() && found.code() == base::Code::missing) return {};
    record = TRY(std::move(found));
    return {};
  }));
  if (!record) return drop(due, {base::Code::missing, "the sealed mail is no longer there"});
  const Mail mail = TRY(to_mail(due.owner, record->fields));
  if (base::mutated(base::Mutant::mail_removed_first)) TRY(drop(due, {base::Code::gone, "early"}));
  const auto delivered = transport_.deliver(compose(due.id, mail, sender_), sender_);
  if (!delivered.ok()) return postpone(due, delivered.error());
  log_.info("mail delivered", {{"mail", due.id}, {"attempts", due.attempts + 1}});
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(vault_.remove(tx, *leave, key_of(due.id)));
    TRY(tx.run("DELETE FROM egress_mail WHERE id = ?", {due.id}));
    return {};
  });
}

base::Result<void> Outbox::postpone(const Due& due, const base::Error& why) {
  log_.warn("mail not delivered, trying again later",
            {{"mail", due.id}, {"attempts", due.attempts + 1}, {"error", why}});
  const base::Time again = clock_.now() + pause_after(due.attempts + 1);
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("UPDATE egress_mail SET attempts = attempts + 1, due_at = ? WHERE id = ?",
               {again, due.id}));
    return {};
  });
}

base::Result<void> Outbox::drop(const Due& due, const base::Error& why) {
  // Her key is gone, or the gate says no: what waits for her cannot and shall not be opened.
  log_.info("mail dropped", {{"mail", due.id}, {"error", why}});
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("DELETE FROM egress_mail WHERE id = ?", {due.id}));
    return {};
  });
}

}  // namespace egress

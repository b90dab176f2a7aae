// How the outbox works through what waits: order, attempts, outcomes.
#include <algorithm>
#include <set>

#include "base/crypto.h"
#include "base/mutant.h"
#include "egress/door.h"
#include "egress/outbox.h"
#include "egress/queued_mail.h"

namespace egress {
namespace {

constexpr std::size_t kBatch = 64;     // deliveries a tick
constexpr std::size_t kLook = 10'000;  // waiting mails that are looked at in a tick
constexpr std::int64_t kAttemptsMax = 200;
constexpr base::Duration kFirstPause = std::chrono::seconds(2);
constexpr base::Duration kLongestPause = std::chrono::hours(1);
constexpr base::Duration kLongestRest = std::chrono::minutes(1);
constexpr base::Duration kAgeMax = std::chrono::hours(7 * 24);  // where the notice says nothing
constexpr base::Duration kSweepEvery = std::chrono::hours(1);
constexpr base::Duration kOutcomeKept = std::chrono::hours(30 * 24);
constexpr base::Literal kOutcomes = "mail_outcomes";  // the category

/// What the notice says of a category; nothing where it does not name it.
const notice::Keeping* keeping_of(const notice::Document& document, base::Literal id) {
  const notice::Category* category = document.category(id.c_str());
  const auto* rule = category == nullptr ? nullptr : document.retention_rule(category->retention);
  return rule == nullptr ? nullptr : &rule->keeping;
}

base::Duration pause_after(std::int64_t attempts) {
  base::Duration pause = kFirstPause;
  for (; attempts > 1 && pause < kLongestPause; --attempts) pause *= 2;
  return std::min(pause, kLongestPause);
}

/// The gate's answer is no, and not that it cannot tell.
bool refused(base::Code code) { return code == base::Code::denied || code == base::Code::gone; }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

/// As long as the notice lets a mail wait.
base::Duration Outbox::age_max() const {
  const auto* keeping = keeping_of(vault_.gate().policy().current().document(), kMailCollection);
  if (keeping == nullptr || !keeping->at_most) return kAgeMax;
  return std::min<base::Duration>(notice::length_min(*keeping->at_most), kAgeMax);
}

/// As long as it lets be known what became of one.
base::Duration Outbox::outcome_kept() const {
  const auto* keeping = keeping_of(vault_.gate().policy().current().document(), kOutcomes);
  if (keeping == nullptr || keeping->term != notice::Term::period) return kOutcomeKept;
  return std::min<base::Duration>(notice::length_min(keeping->period), kOutcomeKept);
}

/// A quarter more or less, so that what failed together does not come again together.
base::Duration Outbox::jittered(base::Duration pause) {
  const auto share = static_cast<std::int64_t>(entropy_.number() % 512) - 256;  // of 1024
  return pause + pause * share / 1024;
}

base::Result<bool> Outbox::anything_due() {
  bool any = false;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query("SELECT 1 FROM egress_mail WHERE state = ? AND due_at <= ? LIMIT 1",
                        {State::waiting, clock_.now()},
                        [&](const store::Row&) -> base::Result<void> {
                          any = true;
                          return {};
                        });
  }));
  return any;
}

base::Result<std::vector<Outbox::Due>> Outbox::waiting() {
  std::vector<Due> all;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    return reader.query(
        "SELECT id, owner, attempts, due_at, queued_at FROM egress_mail WHERE state = ?"
        " ORDER BY ordinal LIMIT ?",
        {State::waiting, kLook}, [&](const store::Row& row) -> base::Result<void> {
          const auto id = TRY(row.id<base::MailId>(0));
          const auto owner = TRY(row.id<base::OwnerId>(1));
          all.push_back({id, owner, row.integer(2), row.time(3), row.time(4)});
          return {};
        });
  }));
  return all;
}

base::Result<void> Outbox::tick() {
  const base::Lock lock(mutex_);  // one at a time: order is kept, nothing goes twice
  TRY(sweep());
  if (clock_.now() < rest_until_ || !TRY(anything_due())) return {};
  const std::vector<Due> all = TRY(waiting());
  return work_through(all);
}

bool Outbox::over(const Due& mail, base::Time now) const {
  return now - mail.queued >= age_max() || mail.attempts >= kAttemptsMax;
}

base::Result<void> Outbox::work_through(const std::vector<Due>& waiting) {
  // What was forgotten with its owner is still in here.
  if (recipients_.size() > kLook) recipients_.clear();
  std::set<Recipient> behind;  // who has an earlier mail that still waits
  std::size_t handed = 0;
  for (const Due& mail : waiting) {
    const base::Time now = clock_.now();
    if (now < rest_until_ || handed == kBatch) break;
    if (over(mail, now)) {
      log_.warn("mail given up", {{"mail", mail.id}, {"attempts", mail.attempts}});
      TRY(settle(mail, State::failed, 0));
      continue;
    }
    const auto recipient = TRY(recipient_of(mail));
    // Nobody can say whom one that does not open would hold up: nobody then.
    if (recipient && behind.contains(*recipient)) continue;
    if (mail.due <= now) {
      ++handed;
      TRY(deliver(mail));
      // Settled, it stands in nobody's way.
      if (!recipients_.contains(mail.id)) continue;
    }
    if (recipient) behind.insert(*recipient);
  }
  return {};
}

base::Result<std::optional<Mail>> Outbox::open(const Due& due) {
  const auto leave = permit(due.owner);
  std::optional<Mail> mail;
  if (!leave.ok()) {
    // Where nobody can say just now, the mail waits.
    if (!refused(leave.code())) return leave.error();
    TRY(drop(due, leave.error()));
    return mail;
  }
  std::optional<vault::Record> record;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    auto found = vault_.get(reader, *leave, key_of(due.id));
    if (!found.ok() && found.code() == base::Code::missing) return {};
    record = TRY(std::move(found));
    return {};
  }));
  if (!record) {
    TRY(drop(due, {base::Code::missing, "the sealed mail is no longer there"}));
    return mail;
  }
  mail = TRY(to_mail(due.owner, record->fields));
  return mail;
}

base::Result<std::optional<Outbox::Recipient>> Outbox::recipient_of(const Due& due) {
  if (const auto known = recipients_.find(due.id); known != recipients_.end())
    return std::optional(known->second);
  const auto mail = open(due);
  if (!mail.ok() || !*mail) return std::optional<Recipient>();  // delivering says why
  const base::Digest digest =
      base::hmac_sha256(recipient_key_, base::view(lower(Door::open((*mail)->to.text()))));
  Recipient recipient{};
  std::copy_n(digest.begin(), recipient.size(), recipient.begin());
  recipients_.emplace(due.id, recipient);
  return std::optional(recipient);
}

base::Result<void> Outbox::deliver(const Due& due) {
  const auto mail = open(due);
  // One that cannot be opened, say: it shall not hold up those behind it.
  if (!mail.ok()) {
    log_.warn("mail not delivered, trying again later",
              {{"mail", due.id}, {"attempts", due.attempts + 1}, {"error", mail.error()}});
    return postpone(due, 0);
  }
  return *mail ? hand_over(due, **mail) : base::Result<void>();
}

base::Result<void> Outbox::hand_over(const Due& due, const Mail& mail) {
  if (base::mutated(base::Mutant::mail_removed_first)) TRY(drop(due, {base::Code::gone, "early"}));
  const auto delivered = transport_.deliver(compose(due.id, mail, sender_), sender_);
  if (!delivered.ok()) {
    log_.warn("mail not delivered, trying again later",
              {{"mail", due.id}, {"attempts", due.attempts + 1}, {"error", delivered.error()}});
    return postpone(due, 0);
  }
  const std::uint16_t reply = delivered->reply;
  if (delivered->outcome == Outcome::unreachable) {
    // No letter would fare better: this one keeps its place, and all wait.
    ++totals_.unreachable;
    log_.warn("no mail server to hand mails to", {{"reply", reply}});
    rest();
    return {};
  }
  rest_ = base::Duration{0};
  switch (delivered->outcome) {
    case Outcome::accepted:
      log_.info("mail accepted",
                {{"mail", due.id}, {"attempts", due.attempts + 1}, {"reply", reply}});
      return settle(due, State::accepted, reply);
    case Outcome::refused:
      log_.warn("mail refused for good", {{"mail", due.id}, {"reply", reply}});
      return settle(due, State::failed, reply);
    case Outcome::later:
    case Outcome::unknown:
    case Outcome::unreachable:
      break;
  }
  log_.warn("mail not delivered, trying again later", {{"mail", due.id},
                                                       {"attempts", due.attempts + 1},
                                                       {"outcome", describe(delivered->outcome)},
                                                       {"reply", reply}});
  return postpone(due, reply);
}

void Outbox::rest() {
  rest_ = rest_ == base::Duration{0} ? kFirstPause : std::min(rest_ * 2, kLongestRest);
  rest_until_ = clock_.now() + jittered(rest_);
}

base::Result<void> Outbox::settle(const Due& due, State state, std::uint16_t reply) {
  const auto leave = permit(due.owner);
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    // Where the gate says no, her key is gone and the ciphertext with it.
    if (leave.ok()) {
      const auto removed = vault_.remove(tx, *leave, key_of(due.id));
      if (!removed.ok() && removed.code() != base::Code::missing) return removed;
    }
    TRY(tx.run("UPDATE egress_mail SET state = ?, settled_at = ?, reply_number = ? WHERE id = ?",
               {state, clock_.now(), std::int64_t{reply}, due.id}));
    return {};
  }));
  recipients_.erase(due.id);
  if (state == State::accepted) ++totals_.accepted;
  if (state == State::failed) ++totals_.failed;
  if (state == State::bounced) ++totals_.bounced;
  return {};
}

base::Result<void> Outbox::postpone(const Due& due, std::uint16_t reply) {
  ++totals_.retried;
  // Not later than it is given up: what becomes of it shall be told in time.
  const base::Time again =
      std::min(clock_.now() + jittered(pause_after(due.attempts + 1)), due.queued + age_max());
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(
        tx.run("UPDATE egress_mail SET attempts = attempts + 1, due_at = ?, reply_number = ?"
               " WHERE id = ?",
               {again, std::int64_t{reply}, due.id}));
    return {};
  });
}

base::Result<void> Outbox::drop(const Due& due, const base::Error& why) {
  // Her key is gone, or the gate says no: what waits for her cannot and shall not be opened.
  log_.info("mail dropped", {{"mail", due.id}, {"error", why}});
  recipients_.erase(due.id);
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("DELETE FROM egress_mail WHERE id = ?", {due.id}));
    return {};
  });
}

/// Forgets outcomes that are older than the notice lets them be.
base::Result<void> Outbox::sweep() {
  const base::Time now = clock_.now();
  if (now < sweep_at_) return {};
  sweep_at_ = now + kSweepEvery;
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("DELETE FROM egress_mail WHERE state <> ? AND settled_at <= ?",
               {State::waiting, now - outcome_kept()}));
    return {};
  });
}

}  // namespace egress

// The outbox: the one way by which anything leaves for somebody else. Owns the sealed queue of
// mails, its order, and what became of each; hands each to a Transport when it is due, again after
// a failure, until it is accepted, refused for good, or too old. Mails to one recipient go in the
// order in which they were queued, and a recipient who cannot be reached holds up nobody else. Each
// mail is sealed under the owner whom it concerns and dies with her key.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "egress/mail.h"
#include "egress/transport.h"
#include "vault/vault.h"

namespace egress {

/// How a mail stands. `accepted` by the mail server; `failed` for good: refused, or too old;
/// `bounced`: accepted, and found to be undeliverable after that.
enum class State : std::uint8_t { waiting, accepted, failed, bounced };

struct Fate {
  State state = State::waiting;
  base::Time at{};            // when it got there; of a waiting mail, when it was queued
  std::int64_t attempts = 0;  // that failed
  std::uint16_t reply = 0;    // the server's last, as far as there is one
};

/// What an operator watches. Counts are since the start.
struct OutboxFigures {
  std::uint64_t waiting = 0;
  base::Duration oldest{0};  // age of the oldest waiting mail
  std::uint64_t accepted_total = 0, failed_total = 0, bounced_total = 0, retried_total = 0,
                unreachable_total = 0;
};

class Outbox {
 public:
  static store::Schema schema();
  static vault::Collection collection();

  Outbox(vault::Vault& vault, Transport& transport, Sender sender, base::Clock& clock,
         base::Wait& wait, base::Entropy& entropy, base::Log& log);

  /// Queues `mail` in the transaction of what it tells about. Asks the gate itself. One whose id
  /// was queued before is not queued again, whatever became of it.
  base::Result<void> queue(store::Tx& tx, const Mail& mail);
  /// Drops what waits for, and what is known of, an owner whose key is about to be destroyed.
  static base::Result<void> forget(store::Tx& tx, base::OwnerId owner);
  /// After a restore: what waited then was delivered long ago, or is told again by its cause.
  base::Result<void> restored();
  /// Delivers what is due. Called by app's timer.
  base::Result<void> tick();

  /// What became of a mail; nothing where none of that id is known (any more).
  static base::Result<std::optional<Fate>> fate(store::Reader& reader, base::MailId id);
  /// Its provider said later that it could not be delivered. Once said, said for good.
  /// Code::missing where no such mail is known.
  base::Result<void> bounced(base::MailId id);
  base::Result<OutboxFigures> figures();

 private:
  struct Due {
    base::MailId id;
    base::OwnerId owner;
    std::int64_t attempts;
    base::Time due, queued;
  };
  using Recipient = std::array<std::uint8_t, 16>;
  base::Result<gate::Permit> permit(base::OwnerId owner);
  base::Result<bool> anything_due();
  base::Result<std::vector<Due>> waiting();
  base::Result<void> work_through(const std::vector<Due>& waiting);
  /// The opened mail; nothing where it cannot be opened any more: then it was dropped.
  base::Result<std::optional<Mail>> open(const Due& due);
  /// Who it goes to; nothing where that cannot be said.
  base::Result<std::optional<Recipient>> recipient_of(const Due& due);
  base::Result<void> deliver(const Due& due);
  base::Result<void> hand_over(const Due& due, const Mail& mail);
  base::Result<void> settle(const Due& due, State state, std::uint16_t reply);
  base::Result<void> postpone(const Due& due, std::uint16_t reply);
  base::Result<void> drop(const Due& due, const base::Error& why);
  base::Result<void> sweep();
  void rest();
  base::Duration age_max() const;
  base::Duration outcome_kept() const;
  /// Whether it is given up: before it is opened, since the vault removes what is as old.
  bool over(const Due& mail, base::Time now) const;
  base::Duration jittered(base::Duration pause);

  vault::Vault& vault_;
  Transport& transport_;
  Sender sender_;
  base::Clock& clock_;
  base::Entropy& entropy_;
  base::Log& log_;
  base::Mutex mutex_;
  // Who a waiting mail goes to, as a digest under a key of this run: what is on disk does not say
  // which mails go to the same person.
  base::Bytes recipient_key_;
  std::map<base::MailId, Recipient> recipients_;
  base::Time rest_until_{}, sweep_at_{};
  base::Duration rest_{0};
  struct {
    std::atomic<std::uint64_t> accepted{0}, failed{0}, bounced{0}, retried{0}, unreachable{0};
  } totals_;
};

}  // namespace egress

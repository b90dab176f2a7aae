// The outbox: the one way by which anything leaves for somebody else. Owns the sealed queue of
// mails and its order; hands each to a Transport when it is due, again after a failure, at most
// once with success. Each mail is sealed under the owner whom it concerns and dies with her key.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "egress/mail.h"
#include "egress/transport.h"
#include "vault/vault.h"

namespace egress {

class Outbox {
 public:
  static store::Schema schema();
  static vault::Collection collection();

  Outbox(vault::Vault& vault, Transport& transport, Sender sender, base::Clock& clock,
         base::Wait& wait, base::Entropy& entropy, base::Log& log);

  /// Queues `mail` in the transaction of what it tells about. Asks the gate itself.
  base::Result<void> queue(store::Tx& tx, const Mail& mail);
  /// Drops what waits for an owner whose key is about to be destroyed.
  static base::Result<void> forget(store::Tx& tx, base::OwnerId owner);
  /// After a restore: what waited then was delivered long ago, or is told again by its cause.
  base::Result<void> restored();
  /// Delivers what is due. Called by app's timer.
  base::Result<void> tick();

 private:
  struct Due;
  base::Result<gate::Permit> permit(base::OwnerId owner);
  base::Result<void> deliver(const Due& due);
  base::Result<void> postpone(const Due& due, const base::Error& why);
  base::Result<void> drop(const Due& due, const base::Error& why);
  vault::Vault& vault_;
  Transport& transport_;
  Sender sender_;
  base::Clock& clock_;
  base::Entropy& entropy_;
  base::Log& log_;
  base::Mutex mutex_;
};

}  // namespace egress

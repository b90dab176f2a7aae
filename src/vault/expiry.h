// Expiry: what is over by itself is removed, whatever collection it is in, in the order in which it
// came due. Owns vault_expiry, how far sweeps have come, which is also what keeps time from running
// backwards: what was over once is never read again. A restriction bars it (Article 18 GDPR).
#pragma once

#include <atomic>
#include <memory>

#include "base/clock.h"
#include "vault/collections.h"
#include "vault/content_store.h"
#include "vault/holdings.h"
#include "vault/records.h"

namespace vault {

/// Safe from any thread.
class Expiries {
 public:
  struct Parts {
    base::Wait& wait;
    base::Clock& clock;
    store::Store& store;
    gate::Gate& gate;
    const Collections& collections;
    Records& records;
  };
  static store::Schema schema();
  static base::Result<std::unique_ptr<Expiries>> open(const Parts& parts);
  ~Expiries();
  /// When something was swept last; nothing where nothing ever was.
  static base::Result<std::optional<base::Time>> swept_at(store::Reader& reader);

  /// The time by which is judged what is over: the clock's, and never before an earlier sweep's.
  base::Time now() const;
  /// Removes what is due, at most 20,000 a call; the next one goes on from there. Files go with the
  /// collector.
  base::Result<Swept> sweep();
  /// All that was removed since open.
  Swept total() const;

 private:
  struct Due;
  Expiries(const Parts& parts, base::Time floor);
  base::Result<bool> settle_some(base::Result<void>& outcome);
  base::Result<void> settle(store::Tx& tx, const Due& due, base::Result<void>& waits);
  base::Result<bool> sweep_some(Swept& swept, base::Time now, Due& after);
  base::Result<std::vector<Due>> next_due(base::Time now, const Due& after);
  base::Result<void> remember(store::Tx& tx, base::Time now);

  const Parts parts_;
  std::atomic<std::int64_t> floor_us_;
  base::Mutex sweeping_;
  std::int64_t settled_to_ = 0;  // the row that settling has come to; under sweeping_
  std::unique_ptr<Due> at_;      // how far this round of sweeps has come; under sweeping_
  mutable base::Mutex mutex_;
  Swept total_;  // under mutex_
};

}  // namespace vault

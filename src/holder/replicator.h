// The server's side of one replica: sends it the pages that were written since its epoch, the new
// root, the leaves of the log with their checkpoint, and beforehand which erasures are intended.
// Owns what is known of the replica; no thread (app gives it one, which run() keeps). Never delays
// a commit, and never says of an epoch that it is confirmed before the replica has said so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/wait.h"
#include "holder/channel.h"
#include "holder/replica_messages.h"
#include "keys/keys.h"
#include "ledger/ledger.h"
#include "store/store.h"

namespace holder {

/// How the replica was found last.
enum class LinkState : std::uint8_t {
  unknown,    // not asked yet
  following,  // it answers
  away,       // it does not answer: tried again, less and less often
  refusing,   // it answers that it cannot take what it is sent
  replaced,   // it follows a newer host: this one must not go on
};
base::Literal name_of(LinkState link);

struct Standing {
  LinkState link = LinkState::unknown;
  std::uint64_t confirmed = 0;      // epoch whose predecessor's root it has destroyed; 0: none
  std::uint64_t leaves = 0;         // of its copy of the log
  std::uint64_t epochs_behind = 0;  // as seen from here
  std::uint64_t leaves_behind = 0;
  base::Duration behind_for{};  // zero where it is not behind
};

/// Safe from any thread; run() and step() belong to one.
class Replicator {
 public:
  struct Parts {
    base::Wait& wait;
    base::Clock& clock;  // for periods
    base::Entropy& entropy;
    store::Store& store;
    keys::Keys& keys;
    ledger::Ledger& ledger;
    Channel& channel;
  };
  /// `incarnation`: how often this service was put on another host, from 1.
  Replicator(const Parts& parts, std::string name, std::uint64_t incarnation);
  Replicator(const Replicator&) = delete;
  Replicator& operator=(const Replicator&) = delete;

  /// Follows until stop(), or until the replica says that another host has taken the service over.
  void run();
  /// Asks no more; what is asked already is waited for, so end the channel where that may hang.
  void stop();
  /// Something was committed, or intended.
  void wake();
  /// Brings the replica up to date, once. Afterwards standing() tells.
  base::Result<void> step();

  /// Has it asked something anew. hear() with what this answers waits for the answer, until
  /// `deadline` of the clock at most; not at all for one that is away.
  std::uint64_t doubt();
  void hear(std::uint64_t doubt, base::Time deadline);
  /// Whether it follows a newer host: this one must not go on.
  bool replaced();
  /// Waits until intents that are durable now have been told, at most for `patience`; not at all
  /// for one that is away.
  void tell(base::Duration patience);
  /// The epoch that is confirmed, after waiting for `epoch` at most until `deadline` of the clock;
  /// not at all for a replica that is away.
  std::uint64_t await(std::uint64_t epoch, base::Time deadline);
  Standing standing();
  const std::string& name() const noexcept { return name_; }

 private:
  class Transfer;
  base::Result<void> follow();
  base::Result<bool> send_what_is_new();
  base::Result<void> ask();
  base::Result<void> tell_intents();
  base::Result<void> ship_tree();
  base::Result<ReplicaStatus> commit_once(const CommitRequest& request);
  base::Result<void> adopt();
  base::Result<void> ship_keys();
  base::Result<void> ship_leaves(const std::string& checkpoint);
  base::Result<void> note(const ReplicaStatus& status);
  base::Result<base::Bytes> call(Method method, base::View body);
  void judge(const base::Result<void>& outcome);
  bool can_follow();
  template <class Open>
  void wait_while(base::Lock& lock, base::Time deadline, const Open& open);

  const Parts parts_;
  const std::string name_;
  const std::uint64_t incarnation_;
  std::uint64_t calls_ = 0;              // made so far
  bool whole_next_ = false;              // what is sent next is the whole tree
  bool keys_told_ = false;               // how the log's key was handed over
  std::optional<ReplicaStatus> status_;  // as the replica said last; nothing after an error

  base::Mutex mutex_;  // guards what follows
  base::Condition changed_;
  LinkState link_ = LinkState::unknown;
  std::uint64_t confirmed_ = 0;
  std::uint64_t leaves_ = 0;
  std::optional<base::Time> behind_since_;
  std::uint64_t wanted_ = 0;  // how often somebody had something to tell
  std::uint64_t told_ = 0;    // up to which of these it is told
  std::uint64_t doubts_ = 0;  // how often somebody wanted it asked
  std::uint64_t heard_ = 0;   // up to which of these it has answered
  bool woken_ = true;
  bool stop_ = false;
  base::Duration pause_{};  // until the next attempt, after an error
};

}  // namespace holder

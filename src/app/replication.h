// The replicas that this server has: the lines to them, a replicator for each and the thread that
// it follows in. Owns these, and what is said of them in log and metrics; decides nothing about
// keys. A host that a replica has refused as replaced learns it here, and its mandate ends.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/children.h"
#include "base/log.h"
#include "base/mandate.h"
#include "holder/replica_line.h"
#include "holder/replicas.h"

namespace app {

/// What stands beside a root about its replicas, and what reaches them.
struct ReplicaLines {
  std::uint64_t incarnation = 1;
  std::vector<std::string> dial;
  std::unique_ptr<holder::Identity> identity;  // nobody's where there is no replica
  std::vector<std::unique_ptr<holder::ReplicaLine>> all;
};

struct ReplicaParts {
  base::Disk& disk;
  base::Wait& wait;
  base::Entropy& entropy;
  base::Clock& steady;
  base::Children* starter = nullptr;  // of what dials, where this process may not connect itself
  const keys::Wrapping* wrapping = nullptr;  // of the key to the holders
};

/// Asks all replicas at once, for a few seconds at most, whether this host may go on: Code::denied
/// where one says that another has taken over. One that is away is asked again while it is served.
base::Result<ReplicaLines> reach_replicas(const ReplicaParts& parts, const std::string& root);

struct ReplicaStanding {
  std::string name;
  holder::Standing standing;
};

/// When a line about a replica is due in the log: when its link has changed, and not so often that
/// one that comes and goes fills the log. What it is then, is said in the next minute.
class LinkLines {
 public:
  static constexpr int a_minute = 6;
  bool due(holder::LinkState link, base::Time now);

 private:
  holder::LinkState said_ = holder::LinkState::unknown;
  base::Time minute_{};  // when the one began that the lines are counted in
  int lines_ = 0;
};

class Replication {
 public:
  struct Parts {
    base::Wait& wait;
    base::Entropy& entropy;
    base::Clock& steady;
    base::Log& log;
    store::Store& store;
    keys::Keys& keys;
    ledger::Ledger& ledger;
    base::Mandate& mandate;  // ended where a replica says that another host has taken over
  };
  /// Records in the log whom it follows, where that is not there yet, and begins.
  static base::Result<std::unique_ptr<Replication>> open(const Parts& parts, ReplicaLines lines);
  ~Replication();  // within two seconds, whatever a replica does
  Replication(const Replication&) = delete;
  Replication& operator=(const Replication&) = delete;

  /// Whom erasures tell and ask.
  keys::Followers& followers() noexcept { return *replicas_; }
  std::vector<ReplicaStanding> standings();
  /// Lets them follow a log that has grown, and logs how they stand where that has changed: by
  /// number, in the order of standings(), from 1. From one thread.
  void tick();

 private:
  struct Follower;
  Replication(const Parts& parts, ReplicaLines lines);
  void follow(Follower& follower);

  const Parts parts_;
  ReplicaLines lines_;
  std::vector<std::unique_ptr<Follower>> followers_;
  std::unique_ptr<holder::Replicas> replicas_;
  std::uint64_t leaves_ = 0;  // of the log, when tick() saw it last
};

/// In Prometheus's text format.
std::string replica_metrics_text(const std::vector<ReplicaStanding>& replicas);

}  // namespace app

// A replica as its server meets it: answers the requests of holder/replica_messages.h out of one
// directory, and gives what it has to a host that takes the service over. Owns the copies of the
// tree and of the log, and what goes with them; refuses a server that another has followed (an
// older incarnation). Says that an epoch is there only when the root before it is destroyed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/disk.h"
#include "holder/channel.h"
#include "holder/fence.h"
#include "holder/replica_state.h"
#include "holder/replica_tree.h"
#include "holder/restore_messages.h"
#include "ledger/mirror.h"

namespace holder {

class Replica final : public Handler {
 public:
  /// Opens what is in `directory`, or makes it; recovers first. `wrapping` is as ReplicaTree has
  /// it, and so is Code::denied. `fence` is what the holder has met in its other parts; borrowed,
  /// and nobody's where it has none.
  static base::Result<std::unique_ptr<Replica>> open(base::Disk& disk, base::Clock& clock,
                                                     const std::string& directory,
                                                     const keys::Wrapping* wrapping = nullptr,
                                                     Fence* fence = nullptr);
  base::Result<base::Bytes> handle(Method method, base::View body) override;

  ReplicaStatus status() const;
  /// When a server was heard last; nothing before the first time.
  std::optional<base::Time> contact() const;
  /// Looks at some leaves of the tree, about once a second; a round takes as long as it takes, and
  /// an hour behind its end the next one begins. What does not open is said by status(), which asks
  /// for the whole tree again (once an hour), unless it came from the server as it is.
  base::Result<void> tick();
  std::uint64_t pages_damaged() const { return tree_ == nullptr ? 0 : tree_->scrub().damaged(); }

 private:
  Replica(base::Disk& disk, base::Clock& clock, std::string directory,
          const keys::Wrapping* wrapping, Fence* fence);
  base::Result<void> reopen();
  base::Result<void> ready();
  std::uint64_t newest() const;
  base::Result<void> meet(std::uint64_t incarnation);
  base::Result<void> admit(std::uint64_t incarnation);
  template <class Request, class Answer>
  base::Result<base::Bytes> serve(base::Result<Request> request, const Answer& answer);
  base::Bytes confirmed_early(const CommitRequest& request) const;
  base::Result<void> intend(const Intents& intents);
  base::Result<void> take(const PagesRequest& request);
  base::Result<void> commit(CommitRequest request);
  base::Result<void> settle();
  base::Result<void> settled();
  base::Result<void> take(const LeavesRequest& request);
  base::Result<void> remember(ReplicaState next);
  base::Result<void> keep(ReplicaState next);
  base::Result<void> note_scrub(base::Time scrubbed);
  bool passed(const std::optional<base::Time>& since, base::Duration period) const;
  base::Result<void> look_through();
  base::Result<base::Bytes> restore(Method method, base::View body);
  base::Result<Verdict> judge(const BeginRequest& request);
  base::Result<Offer> offer(const BeginRequest& request);
  base::Result<base::Bytes> give(const FetchPages& request);
  base::Result<base::Bytes> give(const FetchLeaves& request);
  base::Result<void> check_taken(std::uint64_t incarnation) const;

  base::Disk& disk_;
  base::Clock& clock_;
  std::string directory_;
  const keys::Wrapping* wrapping_;
  Fence* fence_;
  std::unique_ptr<ReplicaTree> tree_;
  std::unique_ptr<ledger::Mirror> log_;
  ReplicaState state_;
  std::uint64_t transfer_ = 0;  // being staged
  std::uint32_t requests_ = 0;  // that brought its pages so far; 0: none is being staged
  /// What the commit under way, whose root the tree has, settles beside it.
  struct Settling {
    std::uint64_t incarnation = 0;
    Intents intents{};
  };
  std::optional<Settling> settling_;
  std::optional<base::Time> scrubbed_;  // the last round's end, in this process
  std::optional<base::Time> asked_;     // when the whole tree was asked for to mend it
  bool wants_whole_ = false;
  std::optional<base::Time> looked_;  // through all of it, for a restore
  std::uint64_t listed_epoch_ = 0;
  std::vector<bool> listed_;  // the pages of the tree of that epoch, for a restore
};

}  // namespace holder

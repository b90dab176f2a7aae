// Group commit over the tree, as in LevelDB: the first of those who wait commits for all who wait.
// Owns the queue; no thread of its own.
#pragma once

#include <functional>
#include <vector>

#include "base/mandate.h"
#include "base/wait.h"
#include "keys/tree.h"

namespace keys {

/// Safe from any thread. No two requests in flight name the same slot.
class Commits {
 public:
  Commits(Tree& tree, base::Wait& wait, const base::Mandate* mandate = nullptr);
  Commits(const Commits&) = delete;
  Commits& operator=(const Commits&) = delete;

  /// Returns when `changes` are durable in the tree, with the epoch; see Tree::commit for errors,
  /// and base::replaced_host() where this host is not to commit any more.
  /// Without changes: when a commit that ended in the dark is settled.
  base::Result<std::uint64_t> run(std::vector<Change> changes);
  /// See Keys::on_commit.
  void on_commit(std::function<void()> notify);

 private:
  struct Waiter {
    std::vector<Change> changes;
    base::Result<std::uint64_t> outcome = std::uint64_t{0};
    bool done = false;
  };
  void commit(const std::vector<Waiter*>& batch);
  base::Result<std::uint64_t> commit_and_tell(std::vector<Change>& changes);

  base::Result<void> check() const;

  Tree& tree_;
  const base::Mandate* const mandate_;  // nobody: it cannot end
  base::Mutex mutex_;
  base::Condition turn_;
  std::vector<Waiter*> queue_;
  bool committing_ = false;

  base::Mutex notify_mutex_;  // held while notify_ runs
  std::function<void()> notify_;
};

}  // namespace keys

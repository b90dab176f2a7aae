// Looks at the leaves of a replica's tree, some at a time, since nobody else reads them before they
// are needed. Owns how far it is and what it found, in memory. Reads through whoever asks, and
// changes nothing; keys stay in it.
#pragma once

#include <set>
#include <span>
#include <unordered_set>

#include "holder/replica_walk.h"

namespace holder {

/// One caller at a time.
class Scrub {
 public:
  /// Opens about `leaves_max` leaves behind those of the step before: true at the end of a round,
  /// which the next step begins anew. The root may be another one each time. Code::corrupt where an
  /// inner page does not open: that one counts as damaged as well.
  base::Result<bool> step(const keys::Root& root, const ReadPage& read, std::uint64_t leaves_max);
  /// These pages came in place of what was there before.
  void written(const std::unordered_set<std::uint64_t>& pages);
  /// The whole tree came; `damaged` are the leaves that the server could not open either.
  void replaced(std::span<const std::uint64_t> damaged);

  /// Pages that do not open, as far as is known: those of this round and of the one before.
  std::uint64_t damaged() const noexcept { return damaged_.size(); }
  /// Whether some of them may be whole at the server.
  bool mendable() const;
  /// Whether a leaf that opened since the round began has the key that the log is signed with.
  bool saw_log_key() const noexcept { return saw_log_key_; }
  /// Begins a new round.
  void restart();

 private:
  struct Step;
  base::Result<void> below(Step& step, const keys::Page& page);
  base::Result<void> child(Step& step, const keys::PageName& name, const keys::Slot& slot);
  void leaf(Step& step, const keys::PageName& name, const keys::Slot& slot);
  void opened(const keys::Page& leaf);

  std::uint64_t next_ = 0;         // index of the leaf to go on with
  std::set<std::uint64_t> found_;  // in this round, as page numbers
  std::set<std::uint64_t> damaged_;
  std::set<std::uint64_t> servers_;  // came damaged from the server
  bool saw_log_key_ = false;
};

}  // namespace holder

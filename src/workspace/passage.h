// The way of folders between tree and trash. A folder leaves the tree by its one entry and comes
// back by it; what stands in it moves between the tree's collections and the trash's in pieces of
// bounded transactions. Owns the marks of what is on its way, which the transaction of the one
// entry makes and takes away, and who is at work on it. Never decides what goes which way.
#pragma once

#include <optional>
#include <vector>

#include "workspace/busy.h"
#include "workspace/tree.h"

namespace workspace {

/// How long what was removed is kept, as the notice says.
inline constexpr base::Duration trash_lives = std::chrono::days(30);
/// How long whoever changes an account's trash waits for another who does, and how many may wait.
inline constexpr base::Duration trash_waits = std::chrono::seconds(2);
inline constexpr std::size_t trash_waiters_max = 2;
/// In how many accounts pieces move at a time: each holds one of the threads that serve everybody.
inline constexpr std::size_t trash_works_max = 4;

/// Safe from any thread.
class Passage {
 public:
  Passage(Tree& tree, base::Wait& wait) : tree_(tree), busy_(wait, trash_works_max) {}
  static vault::Collection collection();

  using Hold = Busy<base::AccountId>::Hold;
  /// One at a time in an account: what moves pieces needs it. Code::unavailable where others are
  /// at it for too long, or too many wait already.
  base::Result<Hold> hold(base::AccountId account);

  /// In the transaction that takes a folder's entry out of the tree, or begins to bring it back.
  base::Result<void> mark(store::Tx& tx, const Permits& permits, base::RecordId folder,
                          base::Time removed);
  /// In the transaction after which it is wholly in the tree.
  base::Result<void> unmark(store::Tx& tx, const Permits& permits, base::RecordId folder);

  /// All that has a mark goes into the trash, under a hold. What cannot is passed, and is the
  /// error.
  base::Result<void> settle(const Hold& hold, base::AccountId account);
  /// The same for one folder, where it has a mark.
  base::Result<void> settle(const Hold& hold, base::AccountId account, base::RecordId folder);
  /// The first, where nobody is at it: what a crash has left.
  base::Result<void> settle_if_free(base::AccountId account);
  /// What is in a folder goes back to the files, under a hold.
  base::Result<void> rise(const Hold& hold, base::AccountId account, base::RecordId folder);

  /// Folders that have a mark, and those below them: no way leads there from the root.
  struct Away {
    std::vector<base::RecordId> folders;
    bool whole = false;  // whether that is all of them
    /// Whether a folder is one of them; nothing where that is not known.
    std::optional<bool> has(base::RecordId folder) const;
  };
  /// As many as can be found in a moment.
  base::Result<Away> away(store::Reader& reader, const gate::Permit& files);

 private:
  struct Mark {
    base::RecordId folder;
    base::Time removed;
  };
  base::Result<std::vector<Mark>> marks(store::Reader& reader, const gate::Permit& files,
                                        base::RecordId after, std::size_t marks_max);
  base::Result<void> settle_marked(base::AccountId account, const Mark& mark);
  base::Result<void> sink(base::AccountId account, base::RecordId folder, base::Time expires);
  base::Result<void> take_up(const Permits& permits, base::RecordId folder);

  Tree& tree_;
  Busy<base::AccountId> busy_;
};

}  // namespace workspace

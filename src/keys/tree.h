// The tree of key pages: owner's index -> master key. Copy-on-write, so that what stands under a
// durable root is never overwritten. Owns the pages, the root in force and a bounded cache of
// opened pages. Knows indices and tags, not who the owners are.
#pragma once

#include <atomic>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/recent.h"
#include "base/wait.h"
#include "keys/change.h"
#include "keys/following.h"
#include "keys/page.h"
#include "keys/page_file.h"
#include "keys/root_holder.h"

namespace keys {

/// A leaf page as opened, valid only inside the call; nobody where it does not open.
using OnLeaf = std::function<base::Result<void>(std::uint64_t index, const Page* leaf)>;

class Tree {
 public:
  struct Parts {
    RootHolder& holder;
    base::Disk& disk;
    base::Wait& wait;
    base::Entropy& entropy;
  };
  /// Makes a tree without owners, and its first root.
  static base::Result<std::unique_ptr<Tree>> create(const Parts& parts, const std::string& path);
  /// Opens the tree under the highest valid epoch and destroys the other root slot. Code::missing
  /// where there is no root or no file, Code::corrupt where they do not fit each other or are older
  /// than `epoch_seen`; nothing is changed then.
  static base::Result<std::unique_ptr<Tree>> open(const Parts& parts, const std::string& path,
                                                  std::uint64_t epoch_seen);

  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  /// Any index; one that was never used is empty. Safe beside a commit.
  base::Result<Leaf> read(std::uint64_t slot);
  /// Makes `changes` (no slot twice) durable under the next root and destroys the old one; answers
  /// the epoch. One caller at a time. After an error nothing has changed, unless failed(); a commit
  /// after that settles first.
  base::Result<std::uint64_t> commit(std::span<Change> changes);
  /// Finishes or undoes a commit that ended in the dark, as the next open would. Code::unavailable
  /// where the holder cannot say yet. One caller at a time, as for commit().
  base::Result<void> settle();
  /// See Keys::follow. Safe beside commits.
  base::Result<Root> follow(std::uint64_t since, const OnImage& each);
  /// Each leaf below the root in force, from left to right, damaged or not. Safe beside commits.
  base::Result<void> each_leaf(const OnLeaf& each);
  /// Whether a commit ended in the dark (its root may be durable or not, or the old one may still
  /// stand): only reading goes on, until it is settled.
  bool failed() const noexcept { return failed_; }

  std::uint64_t epoch() const noexcept { return epoch_; }
  std::uint64_t pages_in_use() const noexcept { return pages_.in_use(); }
  /// Opened pages in memory: of those in use only, since what is replaced is wiped.
  std::size_t pages_cached();
  std::uint8_t level() const noexcept { return level_; }

 private:
  /// Names a page together with the key that opens it.
  struct Ref {
    base::SecretBytes key;
    std::uint64_t page = 0;
  };
  /// What a commit has done to the pages so far, to be completed or undone.
  struct Attempt {
    std::uint64_t epoch = 0;
    std::vector<std::uint64_t> written;
    std::vector<std::uint64_t> replaced;
  };

  /// A commit of which the holder did not say how it ended.
  struct Doubt {
    Attempt attempt;
    Ref root;
    std::uint8_t level = 0;
    bool in_force = false;  // the next root is durable; the old one may still stand
  };
  /// Pages that no root after that epoch reaches.
  struct Retired {
    std::uint64_t epoch = 0;
    std::vector<std::uint64_t> pages;
  };
  struct Visit {
    std::uint64_t page = 0;
    PageName name;
    base::View key;
    base::View image;
  };
  using OnVisit = std::function<base::Result<void>(const Visit&)>;

  Tree(const Parts& parts, PageFile pages);
  base::Result<void> begin();
  enum class Older : std::uint8_t { stands, is_gone };
  base::Result<void> adopt(Root root, std::size_t slot, Older older);
  base::Result<void> walk(const Page& page);

  base::Result<const Page*> load(std::uint64_t number, base::View key, const PageName& name);
  base::Result<Page> begin_page(const std::optional<Ref>& old, const PageName& name);
  PageName name(std::uint8_t level, std::uint64_t index) const { return {level, index, tree_}; }
  base::SecretBytes fresh_key();

  base::Result<Ref> rewrite(Attempt& attempt, const PageName& name, const std::optional<Ref>& old,
                            std::span<const Change> changes);
  base::Result<void> rewrite_children(Attempt& attempt, Page& page,
                                      std::span<const Change> changes);
  base::Result<Ref> grow(Attempt& attempt, std::uint64_t slot_max, std::uint8_t& level);
  base::Result<Ref> write_page(Attempt& attempt, Page page);
  base::Result<Ref> write_changes(Attempt& attempt, std::span<const Change> changes,
                                  std::uint8_t& level);
  static Root record_of(const Doubt& next);
  base::Result<void> replace_root(Doubt next);
  base::Result<void> destroy_old(Doubt next);
  void enforce(Doubt& next);
  base::Error fail(Doubt next, base::Literal why, base::Error cause);
  void undo(const Attempt& attempt);
  void release_retired();
  base::Result<Root> visit(std::uint64_t since, const OnVisit& each);
  base::Result<void> descend(std::uint64_t page, base::View key, const PageName& name,
                             std::uint64_t since, const OnVisit& each);

  RootHolder& holder_;
  base::Entropy& entropy_;
  PageFile pages_;
  TreeId tree_{};
  std::size_t root_slot_ = 0;  // of the holder

  std::optional<Doubt> doubt_;   // where failed
  std::deque<Retired> retired_;  // by commits; becomes free when no walk may read it any more

  base::Mutex mutex_;  // guards what follows against readers
  Ref root_;
  std::uint8_t level_ = 0;
  base::Recent<std::uint64_t, Page>
      cache_;                           // by page number: a page's image never changes while in use
  std::multiset<std::uint64_t> walks_;  // the epochs of the roots that walks began at

  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace keys

// The tree of key pages: owner's index -> master key. Copy-on-write, so that what stands under a
// durable root is never overwritten. Owns the pages, the root in force and the cache of opened
// pages (bounded, locked). Knows indices and tags, not who the owners are.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/wait.h"
#include "keys/lru.h"
#include "keys/page.h"
#include "keys/page_file.h"
#include "keys/root_holder.h"

namespace keys {

/// An owner's slot as read.
struct Leaf {
  SlotKind kind = SlotKind::empty;
  base::SecretBytes key;
  std::uint64_t tag = 0;         // of the owner to whom the slot belongs
  std::uint64_t generation = 0;  // where erased: the epoch that destroyed the key
};

/// One owner's part of a commit.
struct Change {
  enum class Kind : std::uint8_t {
    mint,   // a fresh key; the slot must not hold one
    rekey,  // `key` instead of the old one, generation + 1
    erase,  // destroys the key; content with one that is destroyed already
  };
  Kind kind = Kind::mint;
  std::uint64_t slot = 0;
  std::uint64_t tag = 0;
  base::View key{};  // of rekey; must outlive the commit
};

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
  /// the epoch. One caller at a time. After an error nothing has changed, unless failed().
  base::Result<std::uint64_t> commit(std::span<Change> changes);
  /// Whether a commit ended in the dark (its root may be durable or not, or the old one may still
  /// stand): only reading goes on, until the tree is opened again.
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

  Tree(const Parts& parts, PageFile pages);
  base::Result<void> begin();
  base::Result<void> adopt(Root root, std::size_t slot);
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
  base::Result<void> replace_root(Attempt& attempt, Ref root, std::uint8_t level);
  void undo(const Attempt& attempt);

  RootHolder& holder_;
  base::Entropy& entropy_;
  PageFile pages_;
  TreeId tree_{};
  std::size_t root_slot_ = 0;  // of the holder

  base::Mutex mutex_;  // guards root_, level_ and cache_ against readers
  Ref root_;
  std::uint8_t level_ = 0;
  Lru<std::uint64_t, Page> cache_;  // by page number: a page's image never changes while in use

  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace keys

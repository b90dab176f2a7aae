// The tree as a replica keeps it: the newest pages in `keys.ktn`, their root in `root.ktn`, and the
// journal of the commit under way. Owns these files. Never holds two roots longer than a commit
// takes, and never takes a root that does not open the pages that came with it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"
#include "holder/replica_journal.h"
#include "holder/replica_scrub.h"
#include "holder/replica_walk.h"
#include "keys/root_holder.h"

namespace holder {

/// A page and its sealed image.
struct PageImage {
  std::uint64_t page = 0;
  base::Bytes image;
};

/// What a tree does when another of its own epoch comes, whole: one host never makes two of them,
/// two hosts may, where a newer one went on from an older state.
enum class SameEpoch : std::uint8_t { refuses, gives_way };

/// One caller at a time.
class ReplicaTree {
 public:
  /// Opens what is in `directory`, or makes it. Recovers first: the highest epoch wins, the other
  /// root is destroyed, and the journal of its commit is applied. `wrapping`: of the root's file,
  /// as keys::FileRootHolder takes it; borrowed. Code::denied where it is not the file's.
  static base::Result<std::unique_ptr<ReplicaTree>> open(base::Disk& disk,
                                                         const std::string& directory,
                                                         const keys::Wrapping* wrapping = nullptr);
  ~ReplicaTree();

  /// Of the root in force, whose predecessor is destroyed; 0 where there is none. While a commit is
  /// under way, the epoch from before it, or 0 where that epoch's own tree comes once more.
  std::uint64_t epoch() const noexcept;
  /// Where not, a transfer of the whole tree mends it.
  bool whole() const noexcept { return whole_; }
  /// Which tree it is a copy of; nothing before that could be read.
  const std::optional<keys::TreeId>& tree() const noexcept { return tree_; }
  /// The root in force. There must be one, and no commit under way.
  const keys::Root& root() const;

  /// Forgets what was staged. A commit that is under way is settled first.
  base::Result<void> begin();
  base::Result<void> stage(std::uint64_t page, base::View image);
  /// Puts `root` in force over what was staged: the pages written since `since`, which is the epoch
  /// in force, or 0 where all pages were. On return the older root is destroyed and the pages are
  /// in place. Code::stale where `since` is not in force, Code::conflict where the epoch does not
  /// grow (or is the same, where another host's tree gives way) or it is another tree,
  /// Code::invalid where the pages are not those that the root reaches: nothing has happened then.
  /// The root in force is taken again with nothing staged, or with all.
  base::Result<void> commit(std::uint64_t since, const keys::Root& root,
                            SameEpoch rule = SameEpoch::refuses);
  /// The same in steps, over about so many pages each: true once it is done. Until then nothing
  /// else may be asked of the tree but epoch(), whole() and settle(). Errors as commit() has them.
  base::Result<bool> commit_some(std::uint64_t since, const keys::Root& root,
                                 std::uint64_t pages_max, SameEpoch rule = SameEpoch::refuses);
  /// Whether the commit of `root` is under way.
  bool commits(const keys::Root& root) const;
  /// Ends the commit that is under way: what is past its commit point is carried through (then
  /// true), what is before it has not happened.
  base::Result<bool> settle();
  /// Whether a commit ended in the dark: nothing is done until the tree is opened again.
  bool failed() const noexcept { return failed_; }

  /// The pages in use that were written after `since`, as a bit a page.
  base::Result<std::vector<bool>> written_since(std::uint64_t since);
  base::Result<base::Bytes> read(std::uint64_t page);
  /// Opens every page of the tree.
  base::Result<void> check();

  // Its leaves, which no commit reads: see Scrub. There must be a root, and no commit under way.
  /// An inner page that does not open is an error, and the tree is whole no more.
  base::Result<bool> scrub_some(std::uint64_t leaves_max);
  /// All of it at once, as it is now.
  base::Result<void> look_through();
  const Scrub& scrub() const noexcept { return scrub_; }

 private:
  ReplicaTree(base::Disk& disk, std::string directory);
  struct Committing;
  base::Result<void> recover();
  base::Result<void> look();
  base::Result<bool> begin_commit(std::uint64_t since, const keys::Root& root, SameEpoch rule);
  base::Result<void> finish();
  base::Result<bool> step(std::uint64_t pages_max);
  base::Result<bool> check_some(std::uint64_t pages_max);
  base::Result<void> replace_root();
  base::Result<bool> apply_some(std::uint64_t pages_max);
  std::string journal_path() const { return directory_ + "/journal"; }

  base::Disk& disk_;
  std::string directory_;
  std::unique_ptr<keys::RootHolder> roots_;
  std::unique_ptr<base::File> pages_;
  std::optional<ReplicaJournal> journal_;  // being staged
  std::unique_ptr<Committing> committing_;
  std::optional<keys::Root> root_;
  std::size_t slot_ = 0;  // of the root in force
  std::optional<keys::TreeId> tree_;
  Scrub scrub_;
  bool whole_ = false;
  bool failed_ = false;
};

}  // namespace holder

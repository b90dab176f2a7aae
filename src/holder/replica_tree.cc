#include "holder/replica_tree.h"

#include <unordered_set>

#include "base/mutant.h"
#include "holder/replica_messages.h"

// A commit, and what a crash between its steps leaves. The server uses freed pages again, so that
// an incoming page may stand for one that the root in force still reaches: none is overwritten
// before the next root is.
//  1. the pages come into the journal      the old tree; the journal is not sealed and is dropped
//  2. the journal is sealed and synced     the old tree; its epoch has no root, and it is dropped
//  3. the root goes into the idle slot     the new tree: THE COMMIT POINT; 4 to 6 are made again
//  4. the older root is destroyed
//  5. the journal is applied               again, as often as needed
//  6. the journal is removed
// Images of replaced pages may stay in the file: what opened them was in the older root alone.

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

bool same(const keys::Root& a, const keys::Root& b) {
  return a.epoch == b.epoch && a.page == b.page && a.key == b.key;
}

}  // namespace

ReplicaTree::ReplicaTree(base::Disk& disk, std::string directory)
    : disk_(disk), directory_(std::move(directory)) {}

Result<std::unique_ptr<ReplicaTree>> ReplicaTree::open(base::Disk& disk,
                                                       const std::string& directory) {
  std::unique_ptr<ReplicaTree> tree(new ReplicaTree(disk, directory));
  TRY_AS(disk.make_directory(directory), "cannot make the replica's directory");
  tree->roots_ = TRY(keys::FileRootHolder::open(disk, directory));
  tree->pages_ = TRY(disk.open(directory + "/keys.ktn", base::Open::update));
  TRY(disk.sync_directory(directory));
  TRY(tree->recover());
  return tree;
}

const keys::Root& ReplicaTree::root() const {
  CHECK(root_.has_value());
  return *root_;
}

Result<void> ReplicaTree::recover() {
  auto roots = TRY(roots_->read());
  const auto epoch = [&](std::size_t slot) { return roots[slot] ? roots[slot]->epoch : 0; };
  slot_ = epoch(1) > epoch(0) ? 1 : 0;
  // Whatever the pages say: the commit point was passed, and what this root opened is erased.
  TRY_AS(roots_->destroy(1 - slot_), "cannot destroy the older root");
  root_ = std::move(roots[slot_]);
  auto journal = TRY(ReplicaJournal::recover(disk_, journal_path()));
  if (journal && root_ && journal->epoch() == root_->epoch) TRY(journal->apply(*pages_));
  TRY(ReplicaJournal::remove(disk_, journal_path()));
  if (!root_) return {};
  const auto looked = look();
  whole_ = looked.ok();
  // Damage is for the server to mend; a disk that does not answer is for the next start.
  if (!whole_ && looked.code() == Code::io) return looked;
  return {};
}

/// Whether the root opens the inner pages, each of which hangs in the tree once.
Result<void> ReplicaTree::look() {
  TRY(written_since(0));
  tree_ = TRY(walk(
      {.root = *root_, .since = root_->epoch}, [&](std::uint64_t page) { return read(page); },
      [](std::uint64_t) { return Result<void>(); }));
  return {};
}

Result<base::Bytes> ReplicaTree::read(std::uint64_t page) {
  base::Bytes image(keys::kPageSize);
  const std::size_t size = TRY(pages_->read_at(page * keys::kPageSize, image));
  if (size != keys::kPageSize) return Error{Code::corrupt, "a page of the replica is cut short"};
  return image;
}

Result<std::vector<bool>> ReplicaTree::written_since(std::uint64_t since) {
  if (!root_) return Error{Code::missing, "the replica has no tree yet"};
  std::vector<bool> found(TRY(pages_->size()) / keys::kPageSize);
  TRY(walk(
      {.root = *root_, .since = since, .leaves = Leaves::name},
      [&](std::uint64_t page) { return read(page); },
      [&](std::uint64_t page) -> Result<void> {
        if (page >= found.size() || found[page])
          return Error{Code::corrupt, "a page lies behind the end or hangs in the tree twice"};
        found[page] = true;
        return {};
      }));
  return found;
}

Result<void> ReplicaTree::check() {
  if (!root_) return Error{Code::missing, "the replica has no tree yet"};
  TRY(walk(
      {.root = *root_}, [&](std::uint64_t page) { return read(page); },
      [](std::uint64_t) { return Result<void>(); }));
  return {};
}

Result<void> ReplicaTree::begin() {
  journal_.reset();
  journal_ = TRY(ReplicaJournal::begin(disk_, journal_path()));
  return {};
}

Result<void> ReplicaTree::stage(std::uint64_t page, base::View image) {
  CHECK(journal_.has_value());
  if (page >= kPagesMax) return Error{Code::too_large, "a page lies beyond what a replica keeps"};
  return journal_->add(page, image);
}

Result<void> ReplicaTree::commit(std::uint64_t since, keys::Root root) {
  if (failed_) return Error{Code::unavailable, "the replica must be opened again"};
  const bool again = root_ && same(*root_, root);
  const bool nothing_staged = !journal_ || journal_->size() == 0;
  if (again && whole_ && nothing_staged) return {};
  if (since != 0 && (since != epoch() || !whole_))
    return Error{Code::stale, "the replica is not at the epoch from which these pages go on"};
  if (root.epoch <= epoch() && !again)
    return Error{Code::conflict, "the replica has a tree of this epoch or a newer one"};
  if (nothing_staged) return Error{Code::invalid, "the root came without its pages"};
  TRY(check_staged(since, root));
  TRY(journal_->seal(root.epoch));
  // From here on an error leaves it to recovery which root is in force.
  failed_ = true;
  if (!again) TRY(replace_root(std::move(root)));
  TRY(apply());
  failed_ = false;
  // Where pages were added to those that were there, the two must not have met in one place. That
  // is looked at when the tree is opened; what is sent whole can be looked at now.
  if (since == 0) TRY(look());
  whole_ = true;
  return {};
}

/// What was staged is what the root reaches, all of it and nothing else.
Result<void> ReplicaTree::check_staged(std::uint64_t since, const keys::Root& root) {
  std::unordered_set<std::uint64_t> reached;
  // A leaf that is damaged at the server, too, must not keep the others from being copied: it comes
  // with the whole tree, and there alone, since what was written lately has no such excuse.
  std::uint64_t unreadable = 0;
  const auto tree = walk(
      {.root = root, .since = since, .unreadable = since == 0 ? &unreadable : nullptr},
      [&](std::uint64_t page) { return journal_->read(page); },
      [&](std::uint64_t page) -> Result<void> {
        if (!reached.insert(page).second)
          return Error{Code::invalid, "a page hangs in the tree twice"};
        return {};
      });
  if (!tree.ok()) {
    if (tree.code() == Code::io) return tree.error();
    return Error{Code::invalid, "the pages are not those of the root", tree.error()};
  }
  if (reached.size() != journal_->size())
    return Error{Code::invalid, "pages came that the root does not reach"};
  if (tree_ && *tree_ != *tree) return Error{Code::conflict, "this is another key tree"};
  tree_ = *tree;
  return {};
}

Result<void> ReplicaTree::replace_root(keys::Root root) {
  const std::size_t idle = 1 - slot_;
  TRY_AS(roots_->write(idle, root), "cannot make the next root durable");
  if (!base::mutated(base::Mutant::replica_keeps_old_root))
    TRY_AS(roots_->destroy(slot_), "cannot destroy the older root");
  root_ = std::move(root);
  slot_ = idle;
  return {};
}

Result<void> ReplicaTree::apply() {
  TRY(journal_->apply(*pages_));
  journal_.reset();
  return ReplicaJournal::remove(disk_, journal_path());
}

}  // namespace holder

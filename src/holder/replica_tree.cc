#include "holder/replica_tree.h"

#include <limits>
#include <unordered_set>

#include "base/mutant.h"
#include "holder/replica_messages.h"

// A commit, and what a crash between its steps leaves. The server uses freed pages again, so that
// an incoming page may stand for one that the root in force still reaches: none is overwritten
// before the next root is.
//  1. the pages come into the journal      the old tree; the journal is not sealed and is dropped
//  2. the journal is sealed and synced     the old tree; no root opens its pages, and it is dropped
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

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

bool same(const keys::Root& a, const keys::Root& b) {
  return a.epoch == b.epoch && a.page == b.page && a.key == b.key;
}

/// Whether a root's commit left this journal: then its top page is in it. The epoch alone does not
/// tell, since two hosts' trees may have the same one.
Result<bool> led_to(ReplicaJournal& journal, const keys::Root& root) {
  if (journal.epoch() != root.epoch || !journal.holds(root.page)) return false;
  const auto top =
      open_page([&](std::uint64_t page) { return journal.read(page); }, root.page, root.key.view());
  if (!top.ok() && top.code() != Code::corrupt) return top.error();
  return top.ok();
}

}  // namespace

/// A commit between two of its steps.
struct ReplicaTree::Committing {
  Committing(std::uint64_t its_since, const keys::Root& its_root)
      : since(its_since), root{its_root.epoch, its_root.key.clone(), its_root.page} {}

  const std::uint64_t since;
  const keys::Root root;
  // The epoch in force when it began; 0 where that one comes once more: by it nobody could tell
  // when the commit is done.
  std::uint64_t before = 0;
  bool again = false;  // the root in force once more
  // A leaf that is damaged at the server, too, must not keep the others from being copied: it comes
  // with the whole tree, and there alone, since what was written lately has no such excuse.
  std::vector<std::uint64_t> unreadable{};
  std::unordered_set<std::uint64_t> reached{};
  std::unique_ptr<Walking> checking{};  // nothing: the commit point is passed
  std::uint64_t applied = 0;            // pages of the journal
};

ReplicaTree::ReplicaTree(base::Disk& disk, std::string directory)
    : disk_(disk), directory_(std::move(directory)) {}

Result<std::unique_ptr<ReplicaTree>> ReplicaTree::open(base::Disk& disk,
                                                       const std::string& directory,
                                                       const keys::Wrapping* wrapping) {
  std::unique_ptr<ReplicaTree> tree(new ReplicaTree(disk, directory));
  TRY_AS(disk.make_directory(directory), "cannot make the replica's directory");
  tree->roots_ = TRY(keys::FileRootHolder::open(disk, keys::RootFile{directory}, wrapping));
  tree->pages_ = TRY(disk.open(directory + "/keys.ktn", base::Open::update));
  TRY(disk.sync_directory(directory));
  TRY(tree->recover());
  return tree;
}

ReplicaTree::~ReplicaTree() = default;

const keys::Root& ReplicaTree::root() const {
  CHECK(root_.has_value() && committing_ == nullptr);
  return *root_;
}

std::uint64_t ReplicaTree::epoch() const noexcept {
  if (committing_ != nullptr) return committing_->before;
  return root_ ? root_->epoch : 0;
}

Result<void> ReplicaTree::recover() {
  auto roots = TRY(roots_->read());
  const auto epoch = [&](std::size_t slot) { return roots[slot] ? roots[slot]->epoch : 0; };
  slot_ = epoch(1) > epoch(0) ? 1 : 0;
  // Where the older one stands, the newest may be read and not be durable, if its sync had failed.
  if (roots[1 - slot_])
    TRY_AS(roots_->write(slot_, *roots[slot_]), "cannot make the newest root durable");
  // Whatever the pages say: the commit point was passed, and what this root opened is erased.
  TRY_AS(roots_->destroy(1 - slot_), "cannot destroy the older root");
  root_ = std::move(roots[slot_]);
  auto journal = TRY(ReplicaJournal::recover(disk_, journal_path()));
  if (journal && root_ && TRY(led_to(*journal, *root_))) TRY(journal->apply(*pages_, 0, kAll));
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

Result<bool> ReplicaTree::scrub_some(std::uint64_t leaves_max) {
  auto looked = scrub_.step(root(), [this](std::uint64_t page) { return read(page); }, leaves_max);
  if (!looked.ok()) whole_ = false;
  return looked;
}

Result<void> ReplicaTree::look_through() {
  scrub_.restart();
  TRY(scrub_some(kAll));
  return {};
}

Result<void> ReplicaTree::begin() {
  TRY(settle());
  journal_.reset();
  journal_ = TRY(ReplicaJournal::begin(disk_, journal_path()));
  return {};
}

Result<void> ReplicaTree::stage(std::uint64_t page, base::View image) {
  CHECK(journal_.has_value());
  if (page >= kPagesMax) return Error{Code::too_large, "a page lies beyond what a replica keeps"};
  return journal_->add(page, image);
}

Result<void> ReplicaTree::commit(std::uint64_t since, const keys::Root& root, SameEpoch rule) {
  while (!TRY(commit_some(since, root, kAll, rule))) {
  }
  return {};
}

bool ReplicaTree::commits(const keys::Root& root) const {
  return committing_ != nullptr && same(committing_->root, root);
}

Result<bool> ReplicaTree::commit_some(std::uint64_t since, const keys::Root& root,
                                      std::uint64_t pages_max, SameEpoch rule) {
  if (failed_) return Error{Code::unavailable, "the replica must be opened again"};
  if (!commits(root)) {
    TRY(settle());
    if (TRY(begin_commit(since, root, rule))) return true;
  }
  // What is small, as nearly every commit is, is done at once.
  if (journal_->size() > pages_max) return step(pages_max);
  TRY(finish());
  return true;
}

Result<void> ReplicaTree::finish() {
  while (!TRY(step(kAll))) {
  }
  return {};
}

Result<bool> ReplicaTree::settle() {
  if (committing_ == nullptr) return false;
  if (committing_->checking != nullptr) {
    committing_.reset();
    return false;
  }
  TRY(finish());
  return true;
}

/// Whether there is nothing to do.
Result<bool> ReplicaTree::begin_commit(std::uint64_t since, const keys::Root& root,
                                       SameEpoch rule) {
  const bool again = root_ && same(*root_, root);
  const bool nothing_staged = !journal_ || journal_->size() == 0;
  if (again && whole_ && nothing_staged) return true;
  if (since != 0 && (since != epoch() || !whole_))
    return Error{Code::stale, "the replica is not at the epoch from which these pages go on"};
  // Where a crash leaves both roots of one epoch, whichever is taken: what it does not open comes
  // again, whole.
  const bool gives_way = since == 0 && root.epoch == epoch() && rule == SameEpoch::gives_way;
  if (root.epoch <= epoch() && !again && !gives_way)
    return Error{Code::conflict, "the replica has a tree of this epoch or a newer one"};
  if (nothing_staged) return Error{Code::invalid, "the root came without its pages"};
  auto next = std::make_unique<Committing>(since, root);
  next->before = root.epoch > epoch() ? epoch() : 0;
  next->again = again;
  next->checking = std::make_unique<Walking>(
      Walk{.root = next->root,
           .since = since,
           .unreadable = since == 0 ? &next->unreadable : nullptr},
      [this](std::uint64_t page) { return journal_->read(page); },
      [reached = &next->reached](std::uint64_t page) -> Result<void> {
        if (!reached->insert(page).second)
          return Error{Code::invalid, "a page hangs in the tree twice"};
        return {};
      });
  committing_ = std::move(next);
  return false;
}

Result<bool> ReplicaTree::step(std::uint64_t pages_max) {
  if (committing_->checking == nullptr) return apply_some(pages_max);
  const auto checked = check_some(pages_max);
  if (!checked.ok() || !*checked) {
    if (!checked.ok()) committing_.reset();
    return checked;
  }
  // From here on an error leaves it to recovery which root is in force.
  failed_ = true;
  TRY(journal_->seal(committing_->root.epoch));
  if (!committing_->again) TRY(replace_root());
  committing_->checking.reset();
  failed_ = false;
  return false;
}

/// What was staged is what the root reaches, all of it and nothing else.
Result<bool> ReplicaTree::check_some(std::uint64_t pages_max) {
  const auto walked = committing_->checking->step(pages_max);
  if (!walked.ok()) {
    if (walked.code() == Code::io) return walked.error();
    return Error{Code::invalid, "the pages are not those of the root", walked.error()};
  }
  if (!*walked) return false;
  if (committing_->reached.size() != journal_->size())
    return Error{Code::invalid, "pages came that the root does not reach"};
  const keys::TreeId tree = committing_->checking->tree();
  if (tree_ && *tree_ != tree) return Error{Code::conflict, "this is another key tree"};
  tree_ = tree;
  return true;
}

Result<void> ReplicaTree::replace_root() {
  const std::size_t idle = 1 - slot_;
  const keys::Root& root = committing_->root;
  TRY_AS(roots_->write(idle, root), "cannot make the next root durable");
  if (!base::mutated(base::Mutant::replica_keeps_old_root))
    TRY_AS(roots_->destroy(slot_), "cannot destroy the older root");
  root_ = keys::Root{root.epoch, root.key.clone(), root.page};
  slot_ = idle;
  return {};
}

Result<bool> ReplicaTree::apply_some(std::uint64_t pages_max) {
  failed_ = true;
  const std::uint64_t left = journal_->size() - committing_->applied;
  const std::uint64_t count = std::min(left, pages_max);
  TRY(journal_->apply(*pages_, committing_->applied, count));
  committing_->applied += count;
  if (count < left) {
    failed_ = false;
    return false;
  }
  journal_.reset();
  TRY(ReplicaJournal::remove(disk_, journal_path()));
  failed_ = false;
  const bool all = committing_->since == 0;
  all ? scrub_.replaced(committing_->unreadable) : scrub_.written(committing_->reached);
  committing_.reset();
  // Where pages were added to those that were there, the two must not have met in one place. That
  // is looked at when the tree is opened; what is sent whole can be looked at now.
  if (all) {
    whole_ = false;  // also where the one before was
    TRY(look());
  }
  whole_ = true;
  return true;
}

}  // namespace holder

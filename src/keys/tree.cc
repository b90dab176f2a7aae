#include "keys/tree.h"

#include <algorithm>

#include "base/mutant.h"

// Invariants of a commit, in this order:
//  1. No page that the durable root reaches is written: new images go to free pages only.
//  2. The new root is handed to the holder when every page under it is durable, and to the slot
//     that holds no root.
//  3. A page that the commit replaced becomes free when the new root is durable and the old one is
//     destroyed (until then a crash may still lead back to it), and every walk that began at an
//     older root has ended.

namespace keys {
namespace {

using base::Code;
using base::Error;
using base::Result;

// 3 MiB of the 8 MiB that a user may lock by default; a page takes one 4 KiB piece of locked
// memory.
constexpr std::size_t kCachedPagesMax = 768;

constexpr std::array<std::uint8_t, kKeySize> kNoKey{};

/// Which of its level's pages holds the index.
std::uint64_t page_index(std::uint64_t slot, std::uint8_t level) {
  const unsigned shift = kDigitBits * (level + 1U);
  return shift < 64 ? slot >> shift : 0;
}

/// The index's digit that chooses the slot in a page of this level.
std::size_t digit(std::uint64_t slot, std::uint8_t level) {
  return (slot >> (kDigitBits * level)) % kFanout;
}

Result<void> apply(Page& leaf, const Change& change, std::uint64_t epoch) {
  const std::size_t number = digit(change.slot, 0);
  const Slot old = leaf.slot(number);
  const bool owned = old.kind != SlotKind::empty && old.target == change.tag;
  const Error unfit(Code::corrupt, "the owners' map and the key tree do not fit each other");
  switch (change.kind) {
    case Change::Kind::mint:
      // Never over a key: whoever it belongs to has not been erased.
      if (old.kind == SlotKind::live) return unfit;
      leaf.set(number, {SlotKind::live, change.key, change.tag, 0});
      return {};
    case Change::Kind::rekey:
      if (old.kind != SlotKind::live || !owned) return unfit;
      leaf.set(number, {SlotKind::live, change.key, change.tag, old.generation + 1});
      return {};
    case Change::Kind::erase:
      if (!owned) return unfit;
      if (old.kind == SlotKind::live)
        leaf.set(number, {SlotKind::erased, kNoKey, change.tag, epoch});
      return {};
  }
  return unfit;
}

}  // namespace

Tree::Tree(const Parts& parts, PageFile pages)
    : holder_(parts.holder),
      entropy_(parts.entropy),
      pages_(std::move(pages)),
      mutex_(parts.wait),
      cache_(kCachedPagesMax) {}

base::SecretBytes Tree::fresh_key() {
  base::SecretBytes key(kKeySize);
  entropy_.fill(key.mutable_view());
  return key;
}

/// The opened page; valid until the next load. The caller holds the mutex.
Result<const Page*> Tree::load(std::uint64_t number, base::View key, const PageName& expected) {
  const Page* page = cache_.find(number);
  if (page == nullptr) {
    const base::Bytes image = TRY(pages_.read(number));
    Page opened = TRY(Page::open(image, key));
    page = &cache_.put(number, std::move(opened));
  }
  if (page->name() != expected) return Error{Code::corrupt, "a key page stands in a wrong place"};
  return page;
}

/// The page to be written anew: as it stands, or empty where there was none.
Result<Page> Tree::begin_page(const std::optional<Ref>& old, const PageName& expected) {
  if (!old) return Page(expected);
  const base::Lock lock(mutex_);
  const Page* page = TRY(load(old->page, old->key.view(), expected));
  return page->clone();
}

Result<Leaf> Tree::read(std::uint64_t slot) {
  const base::Lock lock(mutex_);
  if (page_index(slot, level_) != 0) return Leaf{};
  std::uint64_t number = root_.page;
  base::View key = root_.key.view();
  for (std::uint8_t level = level_;; --level) {
    const Page* page = TRY(load(number, key, name(level, page_index(slot, level))));
    const Slot found = page->slot(digit(slot, level));
    if (found.kind == SlotKind::empty) return Leaf{};
    if (level == 0)
      return Leaf{.kind = found.kind,
                  .key = base::SecretBytes::copy_of(found.key),
                  .tag = found.target,
                  .generation = found.generation};
    number = found.target;
    key = found.key;
  }
}

std::size_t Tree::pages_cached() {
  const base::Lock lock(mutex_);
  return cache_.size();
}

Result<Tree::Ref> Tree::write_page(Attempt& attempt, Page page) {
  Ref ref{.key = fresh_key(), .page = pages_.allocate()};
  if (base::mutated(base::Mutant::page_key_reused) && root_.key.size() > 0)
    ref.key = root_.key.clone();
  attempt.written.push_back(ref.page);
  TRY(pages_.write(ref.page, page.seal(ref.key.view())));
  const base::Lock lock(mutex_);
  cache_.put(ref.page, std::move(page));
  return ref;
}

/// Writes the page of that name anew, with `changes` (ascending, all below it) made. Depth first,
/// so that only one path of opened pages is held, however many owners change.
Result<Tree::Ref> Tree::rewrite(Attempt& attempt, const PageName& where,
                                const std::optional<Ref>& old, std::span<const Change> changes) {
  Page page = TRY(begin_page(old, where));
  if (old && base::mutated(base::Mutant::pages_reused_early))
    pages_.release(old->page);
  else if (old)
    attempt.replaced.push_back(old->page);
  if (where.level > 0) {
    TRY(rewrite_children(attempt, page, changes));
    return write_page(attempt, std::move(page));
  }
  for (const Change& change : changes) {
    if (change.kind != Change::Kind::mint) {
      TRY(apply(page, change, attempt.epoch));
      continue;
    }
    const base::SecretBytes key = fresh_key();
    Change with_key = change;
    with_key.key = key.view();
    TRY(apply(page, with_key, attempt.epoch));
  }
  return write_page(attempt, std::move(page));
}

Result<void> Tree::rewrite_children(Attempt& attempt, Page& page, std::span<const Change> changes) {
  const std::uint8_t level = page.name().level;
  while (!changes.empty()) {
    const std::size_t number = digit(changes.front().slot, level);
    const auto end = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
      return digit(change.slot, level) != number;
    });
    const auto size = static_cast<std::size_t>(end - changes.begin());
    const Slot slot = page.slot(number);
    std::optional<Ref> old;
    if (slot.kind == SlotKind::live) old = Ref{base::SecretBytes::copy_of(slot.key), slot.target};
    const PageName child =
        name(static_cast<std::uint8_t>(level - 1), page.name().index * kFanout + number);
    const Ref written = TRY(rewrite(attempt, child, old, changes.first(size)));
    page.set(number, {SlotKind::live, written.key.view(), written.page, attempt.epoch});
    changes = changes.subspan(size);
  }
  return {};
}

/// The root in force, under as many new roots as it takes to reach `slot_max`.
Result<Tree::Ref> Tree::grow(Attempt& attempt, std::uint64_t slot_max, std::uint8_t& level) {
  Ref root{root_.key.clone(), root_.page};
  while (page_index(slot_max, level) != 0) {
    Page above(name(++level, 0));
    // A root was written by the epoch that it is of: those above it are new, and it is not.
    const std::uint64_t epoch = root.page == root_.page ? epoch_.load() : attempt.epoch;
    above.set(0, {SlotKind::live, root.key.view(), root.page, epoch});
    Ref written = TRY(write_page(attempt, std::move(above)));
    root = std::move(written);
  }
  return root;
}

Result<Tree::Ref> Tree::write_changes(Attempt& attempt, std::span<const Change> changes,
                                      std::uint8_t& level) {
  std::optional<Ref> root = TRY(grow(attempt, changes.back().slot, level));
  Ref written = TRY(rewrite(attempt, name(level, 0), root, changes));
  if (!base::mutated(base::Mutant::pages_not_synced))
    TRY_AS(pages_.sync(), "cannot make key pages durable");
  return written;
}

void Tree::undo(const Attempt& attempt) {
  const base::Lock lock(mutex_);
  for (const std::uint64_t page : attempt.written) {
    cache_.drop(page);
    pages_.release(page);
  }
}

Error Tree::fail(Doubt next, base::Literal why, Error cause) {
  const Code code = cause.code();
  doubt_ = std::move(next);
  failed_ = true;
  return {code, why, std::move(cause)};
}

Root Tree::record_of(const Doubt& next) {
  return {.epoch = next.attempt.epoch, .key = next.root.key.clone(), .page = next.root.page};
}

Result<void> Tree::replace_root(Doubt next) {
  const std::size_t idle = 1 - root_slot_;
  if (base::mutated(base::Mutant::old_root_destroyed_first)) TRY(holder_.destroy(root_slot_));
  if (const auto written = holder_.write(idle, record_of(next)); !written.ok()) {
    // The record may have become durable all the same. Where it can be destroyed, nothing has
    // happened; where not, nobody knows before the holder can be asked.
    const base::Literal why("cannot make the next root durable");
    if (!holder_.destroy(idle).ok()) return fail(std::move(next), why, written.error());
    undo(next.attempt);
    return Error{written.code(), why, written.error()};
  }
  // Here is the commit point: from now on recovery finds the new root.
  enforce(next);
  return destroy_old(std::move(next));
}

/// Reading goes on under the new root, which is durable.
void Tree::enforce(Doubt& next) {
  const base::Lock lock(mutex_);
  root_ = std::move(next.root);
  level_ = next.level;
  root_slot_ = 1 - root_slot_;
  epoch_ = next.attempt.epoch;
  if (!base::mutated(base::Mutant::page_cache_not_wiped))
    for (const std::uint64_t page : next.attempt.replaced) cache_.drop(page);  // wipes the old keys
  next.in_force = true;
}

Result<void> Tree::destroy_old(Doubt next) {
  const bool kept = base::mutated(base::Mutant::old_root_kept);
  if (const auto destroyed = kept ? Result<void>() : holder_.destroy(1 - root_slot_);
      !destroyed.ok())
    return fail(std::move(next), "cannot destroy the old root", destroyed.error());
  retired_.push_back({next.attempt.epoch, std::move(next.attempt.replaced)});
  release_retired();
  return {};
}

Result<void> Tree::settle() {
  if (!failed_) return {};
  const auto roots = holder_.read();
  if (!roots.ok())
    return Error{Code::unavailable, "nobody can say yet how the last commit ended", roots.error()};
  const std::size_t idle = 1 - root_slot_;
  const auto is = [](const std::optional<Root>& found, std::uint64_t epoch, const Ref& root) {
    return found && found->epoch == epoch && found->page == root.page && found->key == root.key;
  };
  // Nothing is destroyed on the word of a holder that does not know the root in force.
  const bool knows = is((*roots)[root_slot_], epoch_, root_);
  if (!knows) return Error{Code::corrupt, "the root holder does not have the root in force"};
  CHECK(doubt_.has_value());
  if (!doubt_->in_force && !is((*roots)[idle], doubt_->attempt.epoch, doubt_->root)) {
    if (const auto destroyed = holder_.destroy(idle); !destroyed.ok())
      return Error{Code::unavailable, "cannot undo the last commit yet", destroyed.error()};
    undo(doubt_->attempt);
    doubt_.reset();
    failed_ = false;
    return {};
  }
  if (!doubt_->in_force) {
    // It can be read, and may not be durable: a sync that failed is made good by no later one.
    if (const auto written = holder_.write(idle, record_of(*doubt_)); !written.ok())
      return Error{Code::unavailable, "cannot make the last commit durable yet", written.error()};
    enforce(*doubt_);
  }
  Doubt next = std::move(*doubt_);
  doubt_.reset();
  failed_ = false;
  return destroy_old(std::move(next));
}

void Tree::release_retired() {
  base::Lock lock(mutex_);
  const std::uint64_t oldest = walks_.empty() ? epoch_.load() : *walks_.begin();
  lock.unlock();
  for (; !retired_.empty() && retired_.front().epoch <= oldest; retired_.pop_front())
    for (const std::uint64_t page : retired_.front().pages) pages_.release(page);
}

Result<std::uint64_t> Tree::commit(std::span<Change> changes) {
  TRY(settle());
  CHECK(!changes.empty());
  std::ranges::sort(changes, {}, &Change::slot);
  CHECK(std::ranges::adjacent_find(changes, {}, &Change::slot) == changes.end());
  release_retired();
  Attempt attempt{.epoch = epoch_ + 1, .written = {}, .replaced = {}};
  std::uint8_t level = level_;
  auto root = write_changes(attempt, changes, level);
  if (!root.ok()) {
    undo(attempt);
    return std::move(root).error();
  }
  const std::uint64_t epoch = attempt.epoch;
  TRY(replace_root(
      {.attempt = std::move(attempt), .root = std::move(root).value(), .level = level}));
  return epoch;
}

}  // namespace keys

// How a tree begins: made anew, or recovered from its newest root.

#include "base/mutant.h"
#include "keys/tree.h"

namespace keys {

using base::Code;
using base::Error;
using base::Result;

Result<std::unique_ptr<Tree>> Tree::create(const Parts& parts, const std::string& path) {
  PageFile pages = TRY(PageFile::create(parts.disk, path));
  std::unique_ptr<Tree> tree(new Tree(parts, std::move(pages)));
  TRY(tree->begin());
  return tree;
}

Result<void> Tree::begin() {
  entropy_.fill(tree_);
  Attempt attempt{.epoch = 1, .written = {}, .replaced = {}};
  Ref root = TRY(write_page(attempt, Page(name(0, 0))));
  TRY(pages_.sync());
  TRY(holder_.destroy(1));
  TRY(holder_.write(0, {.epoch = 1, .key = root.key.clone(), .page = root.page}));
  root_ = std::move(root);
  epoch_ = 1;
  return {};
}

Result<std::unique_ptr<Tree>> Tree::open(const Parts& parts, const std::string& path,
                                         std::uint64_t epoch_seen) {
  auto roots = TRY(parts.holder.read());
  if (!roots[0] && !roots[1])
    return Error{Code::missing, "no root key for this data: refusing to start"};
  const auto epoch = [&](std::size_t slot) { return roots[slot] ? roots[slot]->epoch : 0; };
  const std::size_t newest = epoch(1) > epoch(0) ? 1 : 0;
  // Keys that have been erased since stood in an older tree: it must not come back.
  if (epoch(newest) < epoch_seen && !base::mutated(base::Mutant::stale_root_accepted))
    return Error{Code::corrupt, "the key tree is older than the store: it was rolled back"};
  PageFile pages = TRY(PageFile::open(parts.disk, path));
  std::unique_ptr<Tree> tree(new Tree(parts, std::move(pages)));
  const auto older = roots[1 - newest] ? Older::stands : Older::is_gone;
  TRY(tree->adopt(std::move(*roots[newest]), newest, older));
  return tree;
}

/// Takes a root found in `slot`. Where the older one stands, a process ended between the two, and
/// the newest may be read and not be durable, if its sync had failed: it is written again. The
/// other slot is destroyed whatever it holds (an old root, or part of one), but not before this
/// root has shown that it opens the tree: its pages were durable before it was written.
Result<void> Tree::adopt(Root root, std::size_t slot, Older older) {
  TRY(pages_.claim(root.page));
  const base::Bytes image = TRY(pages_.read(root.page));
  const Page page =
      TRY_AS(Page::open(image, root.key.view()), "the newest root does not open the key tree");
  if (page.name().index != 0) return Error{Code::corrupt, "the root page is not a root"};
  tree_ = page.name().tree;
  level_ = page.name().level;
  TRY(walk(page));
  if (older == Older::stands)
    TRY_AS(holder_.write(slot, root), "cannot make the newest root durable");
  root_ = Ref{std::move(root.key), root.page};
  root_slot_ = slot;
  epoch_ = root.epoch;
  if (!base::mutated(base::Mutant::older_root_kept_at_open))
    TRY_AS(holder_.destroy(1 - slot), "cannot destroy the older root");
  return {};
}

/// Claims every page below `page`; what is left is free. Leaves need not be read for that: the
/// pages above name them, so that ten million owners cost some 2,600 reads.
Result<void> Tree::walk(const Page& page) {
  const std::uint8_t level = page.name().level;
  if (level == 0) return {};
  for (std::size_t number = 0; number < kFanout; ++number) {
    const Slot slot = page.slot(number);
    if (slot.kind != SlotKind::live) continue;
    TRY(pages_.claim(slot.target));
    if (level == 1) continue;
    const base::Bytes image = TRY(pages_.read(slot.target));
    const Page child = TRY(Page::open(image, slot.key));
    const PageName expected =
        name(static_cast<std::uint8_t>(level - 1), page.name().index * kFanout + number);
    if (child.name() != expected) return Error{Code::corrupt, "a key page stands in a wrong place"};
    TRY(walk(child));
  }
  return {};
}

}  // namespace keys

// How a tree is walked while commits go on: for replicas, and to find what stands in it.

#include "keys/tree.h"

namespace keys {

using base::Code;
using base::Error;
using base::Result;

Result<Root> Tree::follow(std::uint64_t since, const OnImage& each) {
  return visit(since, [&](const Visit& page) { return each(page.page, page.image); });
}

Result<void> Tree::each_leaf(const OnLeaf& each) {
  TRY(visit(0, [&](const Visit& found) -> Result<void> {
    if (found.name.level != 0) return {};
    const auto leaf = Page::open(found.image, found.key);
    const bool whole = leaf.ok() && leaf->name() == found.name;
    return each(found.name.index, whole ? &*leaf : nullptr);
  }));
  return {};
}

/// Walks from the root that is in force now. The pages that commits replace meanwhile keep their
/// images until the walk is over (see release_retired). Nothing goes into the cache: an old page
/// put there behind the commit that replaced it would never be wiped.
Result<Root> Tree::visit(std::uint64_t since, const OnVisit& each) {
  base::Lock lock(mutex_);
  Root root{.epoch = epoch_, .key = root_.key.clone(), .page = root_.page};
  if (since > root.epoch)
    return Error{Code::conflict, "the key tree has not reached that epoch: it was rolled back"};
  const PageName top = name(level_, 0);
  const auto walk = walks_.insert(root.epoch);
  lock.unlock();
  auto walked =
      since == root.epoch ? Result<void>() : descend(root.page, root.key.view(), top, since, each);
  lock.lock();
  walks_.erase(walk);
  lock.unlock();
  if (!walked.ok()) return std::move(walked).error();
  return root;
}

/// Whatever is written anew below a page has the page written anew too: a child that is not younger
/// than `since` has nothing younger below it.
Result<void> Tree::descend(std::uint64_t page, base::View key, const PageName& expected,
                           std::uint64_t since, const OnVisit& each) {
  const base::Bytes image = TRY(pages_.read(page));
  TRY(each({.page = page, .name = expected, .key = key, .image = image}));
  // A leaf is handed on as it is, damaged or not: it concerns its own owners alone.
  if (expected.level == 0) return {};
  const Page opened = TRY(Page::open(image, key));
  if (opened.name() != expected) return Error{Code::corrupt, "a key page stands in a wrong place"};
  for (std::size_t number = 0; number < kFanout; ++number) {
    const Slot slot = opened.slot(number);
    if (slot.kind != SlotKind::live || slot.generation <= since) continue;
    const auto level = static_cast<std::uint8_t>(expected.level - 1);
    const PageName child = name(level, expected.index * kFanout + number);
    TRY(descend(slot.target, slot.key, child, since, each));
  }
  return {};
}

}  // namespace keys

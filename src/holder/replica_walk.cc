#include "holder/replica_walk.h"

#include <limits>

namespace holder {

using base::Code;
using base::Error;
using base::Result;

Result<keys::Page> open_page(const ReadPage& read, std::uint64_t page, base::View key) {
  const base::Bytes image = TRY(read(page));
  return keys::Page::open(image, key);
}

const keys::TreeId& Walking::tree() const {
  CHECK(tree_.has_value());
  return *tree_;
}

Result<void> Walking::begin() {
  keys::Page page = TRY_AS(open_page(read_, walk_.root.page, walk_.root.key.view()),
                           "the root does not open the copy of the key tree");
  if (page.name().index != 0) return Error{Code::corrupt, "the root page is not a root"};
  TRY(on_page_(walk_.root.page));
  tree_ = page.name().tree;
  path_.push_back({std::move(page), 0});
  return {};
}

Result<bool> Walking::step(std::uint64_t pages_max) {
  std::uint64_t pages = 0;
  if (!tree_) {
    TRY(begin());
    ++pages;
  }
  while (!path_.empty() && pages < pages_max)
    if (TRY(child())) ++pages;
  return path_.empty();
}

/// Looks at the next slot of the lowest page, or leaves that page; whether there was a child.
Result<bool> Walking::child() {
  Level& level = path_.back();
  if (level.page.name().level == 0 || level.next == keys::kFanout) {
    path_.pop_back();
    return false;
  }
  const std::size_t number = level.next++;
  const keys::Slot slot = level.page.slot(number);
  if (slot.kind != keys::SlotKind::live || slot.generation <= walk_.since) return false;
  if (slot.generation > walk_.root.epoch)
    return Error{Code::corrupt, "a key page tells of an epoch that is not reached yet"};
  const keys::PageName parent = level.page.name();
  const auto below = static_cast<std::uint8_t>(parent.level - 1);
  TRY(go_down({below, parent.index * keys::kFanout + number, parent.tree}, slot));
  return true;
}

Result<void> Walking::go_down(const keys::PageName& name, const keys::Slot& slot) {
  if (name.level == 0 && walk_.leaves == Leaves::name) return on_page_(slot.target);
  auto opened = open_page(read_, slot.target, slot.key);
  if (!opened.ok() && opened.code() == Code::corrupt && name.level == 0 &&
      walk_.unreadable != nullptr) {
    walk_.unreadable->push_back(slot.target);
    return on_page_(slot.target);
  }
  keys::Page page = TRY(std::move(opened));
  if (page.name() != name) return Error{Code::corrupt, "a key page stands in a wrong place"};
  TRY(on_page_(slot.target));
  if (name.level != 0) path_.push_back({std::move(page), 0});
  return {};
}

Result<keys::TreeId> walk(const Walk& walk, const ReadPage& read, const OnPage& on_page) {
  constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  Walking walking(walk, read, on_page);
  while (!TRY(walking.step(kAll))) {
  }
  return walking.tree();
}

}  // namespace holder

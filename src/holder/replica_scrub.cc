#include "holder/replica_scrub.h"

#include <algorithm>

#include "keys/reserved.h"

namespace holder {

using base::Code;
using base::Error;
using base::Result;

struct Scrub::Step {
  const ReadPage& read;
  std::uint64_t left;  // leaves to open
  bool full() const { return left == 0; }
};

namespace {

/// The page, where it opens under its parent's key and stands in its place.
Result<keys::Page> open_child(const ReadPage& read, const keys::PageName& name,
                              const keys::Slot& slot) {
  keys::Page page = TRY(open_page(read, slot.target, slot.key));
  if (page.name() != name) return Error{Code::corrupt, "a key page stands in a wrong place"};
  return page;
}

/// The leaf behind the last one below a page.
std::uint64_t leaves_end(const keys::PageName& name) {
  const unsigned shift = keys::kDigitBits * name.level;
  return (name.index + 1) << shift;
}

}  // namespace

void Scrub::restart() {
  next_ = 0;
  found_.clear();
  saw_log_key_ = false;
}

bool Scrub::mendable() const { return !std::ranges::includes(servers_, damaged_); }

void Scrub::written(const std::unordered_set<std::uint64_t>& pages) {
  for (const std::uint64_t page : pages) {
    found_.erase(page);
    damaged_.erase(page);
    servers_.erase(page);
  }
}

void Scrub::replaced(std::span<const std::uint64_t> damaged) {
  restart();
  servers_ = {damaged.begin(), damaged.end()};
  damaged_ = servers_;
}

Result<bool> Scrub::step(const keys::Root& root, const ReadPage& read, std::uint64_t leaves_max) {
  Step step{read, leaves_max};
  const auto looked = [&]() -> Result<void> {
    const base::Bytes image = TRY(read(root.page));
    auto top = keys::Page::open(image, root.key.view());
    if (!top.ok()) {
      damaged_.insert(root.page);
      return std::move(top).error();
    }
    if (top->name().level != 0) return below(step, *top);
    opened(*top);
    return {};
  }();
  if (!looked.ok()) {
    restart();
    return looked.error();
  }
  if (step.full()) return false;
  damaged_ = found_;
  next_ = 0;
  found_.clear();
  return true;
}

Result<void> Scrub::below(Step& step, const keys::Page& page) {
  const keys::PageName& parent = page.name();
  for (std::size_t number = 0; number < keys::kFanout && !step.full(); ++number) {
    const keys::Slot slot = page.slot(number);
    if (slot.kind != keys::SlotKind::live) continue;
    const keys::PageName name{static_cast<std::uint8_t>(parent.level - 1),
                              parent.index * keys::kFanout + number, parent.tree};
    if (leaves_end(name) <= next_) continue;
    TRY(child(step, name, slot));
  }
  return {};
}

Result<void> Scrub::child(Step& step, const keys::PageName& name, const keys::Slot& slot) {
  if (name.level == 0) {
    leaf(step, name, slot);
    return {};
  }
  auto page = open_child(step.read, name, slot);
  if (page.ok()) return below(step, *page);
  damaged_.insert(slot.target);
  return {std::move(page).error()};
}

void Scrub::leaf(Step& step, const keys::PageName& name, const keys::Slot& slot) {
  --step.left;
  next_ = name.index + 1;
  const auto page = open_child(step.read, name, slot);
  // What the disk does not give is as good as damaged: both are mended by writing it again.
  if (!page.ok()) {
    found_.insert(slot.target);
    damaged_.insert(slot.target);
    return;
  }
  opened(*page);
}

void Scrub::opened(const keys::Page& leaf) {
  const std::uint64_t tag = base::load_u64(keys::log_signer().bytes().data());
  for (std::size_t number = 0; number < keys::kFanout && !saw_log_key_; ++number) {
    const keys::Slot key = leaf.slot(number);
    saw_log_key_ = key.kind == keys::SlotKind::live && key.target == tag;
  }
}

}  // namespace holder

#include "holder/replica_walk.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

class Walker {
 public:
  Walker(const Walk& walk, const ReadPage& read, const OnPage& on_page)
      : walk_(walk), read_(read), on_page_(on_page) {}

  Result<keys::TreeId> run() {
    const keys::Page page = TRY_AS(open(walk_.root.page, walk_.root.key.view()),
                                   "the root does not open the copy of the key tree");
    if (page.name().index != 0) return Error{Code::corrupt, "the root page is not a root"};
    TRY(on_page_(walk_.root.page));
    TRY(below(page));
    return page.name().tree;
  }

 private:
  Result<keys::Page> open(std::uint64_t number, base::View key) {
    const base::Bytes image = TRY(read_(number));
    return keys::Page::open(image, key);
  }

  Result<void> below(const keys::Page& page) {
    if (page.name().level == 0) return {};
    for (std::size_t number = 0; number < keys::kFanout; ++number) {
      const keys::Slot slot = page.slot(number);
      if (slot.kind != keys::SlotKind::live || slot.generation <= walk_.since) continue;
      if (slot.generation > walk_.root.epoch)
        return Error{Code::corrupt, "a key page tells of an epoch that is not reached yet"};
      TRY(child(page.name(), number, slot));
    }
    return {};
  }

  Result<void> child(const keys::PageName& parent, std::size_t number, const keys::Slot& slot) {
    const auto level = static_cast<std::uint8_t>(parent.level - 1);
    if (level == 0 && walk_.leaves == Leaves::name) return on_page_(slot.target);
    auto opened = open(slot.target, slot.key);
    if (!opened.ok() && opened.code() == Code::corrupt && level == 0 &&
        walk_.unreadable != nullptr) {
      ++*walk_.unreadable;
      return on_page_(slot.target);
    }
    const keys::Page page = TRY(std::move(opened));
    if (page.name() != keys::PageName{level, parent.index * keys::kFanout + number, parent.tree})
      return Error{Code::corrupt, "a key page stands in a wrong place"};
    TRY(on_page_(slot.target));
    return below(page);
  }

  const Walk& walk_;
  const ReadPage& read_;
  const OnPage& on_page_;
};

}  // namespace

Result<keys::TreeId> walk(const Walk& walk, const ReadPage& read, const OnPage& on_page) {
  return Walker(walk, read, on_page).run();
}

}  // namespace holder

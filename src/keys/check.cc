#include "keys/check.h"

#include <array>
#include <limits>

#include "keys/impl.h"
#include "keys/owners.h"
#include "keys/page_file.h"

namespace keys {
namespace {

using base::Result;
using store::Reader;

// The store keeps slots as signed numbers.
constexpr std::uint64_t kSlotMax = std::numeric_limits<std::int64_t>::max();

/// The slots below a page of that level and index; none where no owner can have one.
std::optional<SlotSpan> slots_below(std::uint8_t level, std::uint64_t index) {
  const unsigned bits = kDigitBits * (level + 1U);
  if (bits >= 63) return index == 0 ? std::optional(SlotSpan{0, kSlotMax}) : std::nullopt;
  if (index > kSlotMax >> bits) return std::nullopt;
  const std::uint64_t first = index << bits;
  return SlotSpan{first, first + ((1ULL << bits) - 1)};
}

/// Walks the tree from left to right, beside the map: no more is held than one path of pages.
class Walk {
 public:
  Walk(Reader& reader, PageFile& pages, std::uint64_t pages_total, const Progress& progress,
       CheckReport& report)
      : reader_(reader),
        pages_(pages),
        pages_total_(pages_total),
        progress_(progress),
        report_(report) {}

  Result<void> from(const Root& root);

 private:
  std::optional<Page> open(std::uint64_t number, base::View key, std::uint64_t slot);
  Result<void> below(const Page& page, std::uint64_t number);
  Result<void> child(const Slot& slot, const PageName& expected, std::uint64_t parent);
  Result<void> leaf(const Page& page, std::uint64_t number);
  Result<void> owned(const OwnerRow& row, base::OwnerId owner, const Slot& slot,
                     const Finding& where);
  Result<void> unowned(const Slot& slot, const Finding& where);
  Result<void> unreadable(const SlotSpan& span);
  void flaw(Flaw flaw, Finding where) {
    where.flaw = flaw;
    report_.add(where);
  }

  Reader& reader_;
  PageFile& pages_;
  const std::uint64_t pages_total_;
  const Progress& progress_;
  CheckReport& report_;
  TreeId tree_{};
};

Result<void> Walk::from(const Root& root) {
  const SlotSpan all{0, kSlotMax};
  std::optional<Page> page = open(root.page, root.key.view(), 0);
  if (!page) return unreadable(all);
  tree_ = page->name().tree;
  const auto span = slots_below(page->name().level, page->name().index);
  if (page->name().index != 0 || !span) {
    flaw(Flaw::page_misplaced, {.page = root.page, .slot = 0});
    return unreadable(all);
  }
  TRY(below(*page, root.page));
  if (span->last == kSlotMax) return {};
  const SlotSpan beyond{span->last + 1, kSlotMax};
  const std::uint64_t owners = TRY(Owners::count_keyed(reader_, beyond));
  if (owners > 0) flaw(Flaw::key_missing, {.page = {}, .slot = beyond.first});
  report_.owners_unreadable += owners;
  return {};
}

/// The page, or nothing and why in the report.
std::optional<Page> Walk::open(std::uint64_t number, base::View key, std::uint64_t slot) {
  const Finding where{.page = number, .slot = slot};
  if (number >= pages_total_) {
    flaw(Flaw::page_beyond, where);
    return std::nullopt;
  }
  if (!pages_.claim(number).ok()) {
    flaw(Flaw::page_twice, where);
    return std::nullopt;
  }
  ++report_.pages_reached;
  progress_(report_.pages_reached, pages_total_);
  const auto image = pages_.read(number);
  if (image.ok()) {
    auto page = Page::open(*image, key);
    if (page.ok()) return std::move(page).value();
  }
  flaw(Flaw::page_sealed, where);
  return std::nullopt;
}

Result<void> Walk::below(const Page& page, std::uint64_t number) {
  const std::uint8_t level = page.name().level;
  if (level == 0) return leaf(page, number);
  for (std::size_t digit = 0; digit < kFanout; ++digit) {
    PageName expected = page.name();
    expected.level = static_cast<std::uint8_t>(level - 1);
    expected.index = page.name().index * kFanout + digit;
    TRY(child(page.slot(digit), expected, number));
  }
  return {};
}

Result<void> Walk::child(const Slot& slot, const PageName& expected, std::uint64_t parent) {
  const auto span = slots_below(expected.level, expected.index);
  if (!span) {
    if (slot.kind != SlotKind::empty) flaw(Flaw::page_misplaced, {.page = parent, .slot = {}});
    return {};
  }
  if (slot.kind == SlotKind::empty) {
    const std::uint64_t owners = TRY(Owners::count_keyed(reader_, *span));
    if (owners > 0) flaw(Flaw::key_missing, {.page = parent, .slot = span->first});
    report_.owners_unreadable += owners;
    return {};
  }
  if (slot.generation > report_.epoch)
    flaw(Flaw::from_future, {.page = parent, .slot = span->first});
  const std::optional<Page> page = open(slot.target, slot.key, span->first);
  if (!page) return unreadable(*span);
  if (page->name() != expected || page->name().tree != tree_) {
    flaw(Flaw::page_misplaced, {.page = slot.target, .slot = span->first});
    return unreadable(*span);
  }
  return below(*page, slot.target);
}

Result<void> Walk::leaf(const Page& page, std::uint64_t number) {
  const auto span = slots_below(0, page.name().index);
  CHECK(span.has_value());
  std::array<std::optional<OwnerEntry>, kFanout> owners;
  const auto entries = TRY(Owners::in_slots(reader_, *span));
  for (const OwnerEntry& entry : entries) owners[entry.row.slot - span->first] = entry;
  std::array<bool, kFanout> free{};
  const auto unused = TRY(Owners::free_slots(reader_, *span));
  for (const std::uint64_t slot : unused) free[slot - span->first] = true;
  std::array<std::optional<std::uint64_t>, kFanout> tags;
  const auto asleep = TRY(Owners::dormant(reader_, *span, kFanout));
  for (const DormantSlot& slot : asleep) tags[slot.slot - span->first] = slot.tag;
  for (std::size_t digit = 0; digit < kFanout; ++digit) {
    const Slot slot = page.slot(digit);
    const Finding where{.page = number, .slot = span->first + digit};
    if (slot.kind == SlotKind::live) ++report_.keys_live;
    if (slot.kind == SlotKind::erased && slot.generation > report_.epoch)
      flaw(Flaw::from_future, where);
    const int claims = (owners[digit] ? 1 : 0) + (free[digit] ? 1 : 0) + (tags[digit] ? 1 : 0);
    if (claims > 1) flaw(Flaw::slot_twice, where);
    if (owners[digit])
      TRY(owned(owners[digit]->row, owners[digit]->owner, slot, where));
    else if (tags[digit] && slot.kind != SlotKind::empty && slot.target == *tags[digit])
      report_.keys_dormant += slot.kind == SlotKind::live ? 1 : 0;
    else
      TRY(unowned(slot, where));
    if (claims == 0 && slot.kind == SlotKind::erased) flaw(Flaw::slot_lost, where);
  }
  return {};
}

/// Whether the slot holds what its owner's state asks for.
Result<void> Walk::owned(const OwnerRow& row, base::OwnerId owner, const Slot& slot,
                         const Finding& where) {
  const bool hers = slot.kind != SlotKind::empty && slot.target == tag_of(owner);
  if (slot.kind == SlotKind::live && !hers) {
    TRY(unowned(slot, where));
    if (row.standing != Standing::minted) flaw(Flaw::key_missing, where);
    return {};
  }
  // One who was minted and never bound has her key, has none yet, or it is destroyed again.
  const bool fits = row.standing == Standing::minted || (hers && slot.kind == SlotKind::live) ||
                    (hers && row.standing == Standing::erasing);
  if (!fits) flaw(Flaw::key_missing, where);
  return {};
}

/// A key that its slot's owner, if there is one, does not account for.
Result<void> Walk::unowned(const Slot& slot, const Finding& where) {
  if (slot.kind != SlotKind::live) return {};
  const bool elsewhere = TRY(Owners::has_slot(reader_, slot.target));
  flaw(elsewhere ? Flaw::owner_twice : Flaw::key_of_nobody, where);
  return {};
}

Result<void> Walk::unreadable(const SlotSpan& span) {
  const std::uint64_t owners = TRY(Owners::count_keyed(reader_, span));
  report_.owners_unreadable += owners;
  return {};
}

Result<void> look_at_map(Reader& reader, CheckReport& report) {
  const std::uint64_t adrift = TRY(Owners::count_unreadable(reader));
  report.owners_unreadable += adrift;
  const MapFlaws flaws = TRY(Owners::flaws(reader));
  for (std::uint64_t i = 0; i < flaws.rows_malformed; ++i)
    report.add({Flaw::row_malformed, {}, {}});
  for (std::uint64_t i = 0; i < flaws.intents_missing; ++i)
    report.add({Flaw::intent_missing, {}, {}});
  for (std::uint64_t i = 0; i < flaws.intents_astray; ++i)
    report.add({Flaw::intent_astray, {}, {}});
  return {};
}

Result<void> look_at_tree(Reader& reader, RootHolder& holder, base::Disk& disk,
                          const std::string& path, const Progress& progress, CheckReport& report) {
  const auto roots = TRY(holder.read());
  report.older_root_stands = roots[0] && roots[1];
  if (!roots[0] && !roots[1]) {
    const bool owners = TRY(Owners::any(reader));
    if (owners) report.add({Flaw::no_root, {}, {}});
    return {};
  }
  const bool second = roots[1] && (!roots[0] || roots[1]->epoch > roots[0]->epoch);
  const Root& root = second ? *roots[1] : *roots[0];
  report.epoch = root.epoch;
  const std::uint64_t seen = TRY(Owners::epoch_seen(reader));
  if (root.epoch < seen) report.add({Flaw::rolled_back, {}, {}});
  PageFile pages = TRY(PageFile::open(disk, path));
  const std::uint64_t total = pages.size();
  Walk walk(reader, pages, total, progress, report);
  TRY(walk.from(root));
  report.pages_free = total - pages.in_use();
  return {};
}

struct Words {
  base::Literal name;
  base::Literal meaning;
};

/// In the order of Flaw.
constexpr std::array<Words, 15> kWords = {{
    {"no_root", "owners are known, but no root that opens their keys"},
    {"rolled_back", "the root is older than the store has seen"},
    {"page_sealed", "a page does not open under the key that its parent has"},
    {"page_misplaced", "a page stands in another's place"},
    {"page_twice", "a page hangs in the tree twice"},
    {"page_beyond", "a page lies behind the end of the file"},
    {"from_future", "a slot tells of an epoch that is not reached yet"},
    {"key_missing", "an owner's slot does not hold her key"},
    {"key_of_nobody", "a key is no owner's"},
    {"owner_twice", "an owner's key stands in a slot that is not hers"},
    {"slot_lost", "a used slot is neither an owner's nor free"},
    {"slot_twice", "a slot is an owner's and free"},
    {"row_malformed", "an owner is without a slot, or an erased one still has hers"},
    {"intent_missing", "an owner is being erased without an intent"},
    {"intent_astray", "an intent is to erase an owner who is not being erased"},
}};

const Words& words_of(Flaw flaw) {
  const auto number = static_cast<std::size_t>(flaw);
  CHECK(number < kWords.size());
  return kWords[number];
}

}  // namespace

void CheckReport::add(const Finding& finding) {
  ++flaws;
  if (findings.size() < findings_max) findings.push_back(finding);
}

Result<CheckReport> check(store::Store& store, RootHolder& holder, base::Disk& disk,
                          const std::string& path, const Progress& progress) {
  CheckReport report;
  TRY(store.read([&](Reader& reader) -> Result<void> {
    TRY(look_at_tree(reader, holder, disk, path, progress, report));
    return look_at_map(reader, report);
  }));
  return report;
}

base::Literal name_of(Flaw flaw) { return words_of(flaw).name; }
base::Literal meaning_of(Flaw flaw) { return words_of(flaw).meaning; }

}  // namespace keys

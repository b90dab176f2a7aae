// The map made anew from the tree and from owners that are known elsewhere.

#include <limits>

#include "keys/impl.h"

namespace keys {

using base::Code;
using base::Error;
using base::OwnerId;
using base::Result;

namespace {

// Slots a transaction, and keys a tree commit: what is held in memory of any number of them.
constexpr std::size_t kBatch = 16'384;

// The store keeps slots as signed numbers.
constexpr std::uint64_t kSlotMax = std::numeric_limits<std::int64_t>::max();

/// Slots as found in the tree, on their way into the map.
struct Found {
  std::vector<DormantSlot> dormant;
  std::vector<std::uint64_t> free;
  std::vector<std::uint64_t> destroyed;  // tags
  std::vector<SlotSpan> damaged;

  void take(std::uint64_t index, const Page* leaf) {
    const std::uint64_t first = index * kFanout;
    if (leaf == nullptr) {
      damaged.push_back({.first = first, .last = first + kFanout - 1});
      return;
    }
    for (std::size_t number = 0; number < kFanout; ++number) {
      const Slot slot = leaf->slot(number);
      if (slot.kind == SlotKind::live) {
        dormant.push_back({.slot = first + number, .tag = slot.target});
        continue;
      }
      free.push_back(first + number);
      if (slot.kind == SlotKind::erased) destroyed.push_back(slot.target);
    }
  }
  std::size_t size() const { return dormant.size() + free.size() + damaged.size() * kFanout; }
  Result<void> flush(store::Store& store) {
    TRY(store.write([&](store::Tx& tx) -> Result<void> {
      for (const DormantSlot& slot : dormant) TRY(Owners::add_dormant(tx, slot));
      for (const std::uint64_t slot : free) TRY(Owners::add_free(tx, slot));
      for (const std::uint64_t tag : destroyed) TRY(Owners::add_destroyed(tx, tag));
      for (const SlotSpan& span : damaged) TRY(Owners::set_aside(tx, span));
      return {};
    }));
    *this = Found();
    return {};
  }
};

}  // namespace

Result<std::vector<Keys::Known>> Keys::known(const std::optional<OwnerId>& after,
                                             std::size_t owners_max) {
  std::vector<Known> known;
  TRY(impl_->store.read([&](store::Reader& reader) -> Result<void> {
    const auto page = TRY(Owners::page(reader, after, owners_max));
    for (const OwnerEntry& entry : page)
      known.push_back({.owner = entry.owner, .state = state_of(entry.row.standing)});
    return {};
  }));
  return known;
}

Result<void> Keys::rebuild_map(const Progress& progress) {
  TRY(impl_->store.write([](store::Tx& tx) { return Owners::begin_rebuild(tx); }));
  Found found;
  std::uint64_t leaves = 0;
  const std::uint64_t pages = impl_->tree->pages_in_use();
  TRY(impl_->tree->each_leaf([&](std::uint64_t index, const Page* leaf) -> Result<void> {
    found.take(index, leaf);
    if (found.size() < kBatch) return {};
    leaves += found.size() / kFanout;
    TRY(found.flush(impl_->store));
    progress(leaves, pages);
    return {};
  }));
  TRY(found.flush(impl_->store));
  return impl_->store.write([&](store::Tx& tx) -> Result<void> {
    TRY(Owners::end_rebuild(tx));
    return Owners::see_epoch(tx, impl_->tree->epoch());
  });
}

Result<void> Keys::claim(store::Tx& tx, std::span<const OwnerId> owners) {
  for (const OwnerId owner : owners) TRY(Owners::claim(tx, owner, tag_of(owner)));
  return {};
}

Result<std::uint64_t> Keys::dormant() {
  std::uint64_t count = 0;
  TRY(impl_->store.read([&](store::Reader& reader) -> Result<void> {
    const std::uint64_t found = TRY(Owners::count_dormant(reader));
    count = found;
    return {};
  }));
  return count;
}

Result<void> Keys::destroy_dormant(const Progress& progress) {
  const std::uint64_t total = TRY(dormant());
  for (std::uint64_t done = 0;;) {
    std::vector<DormantSlot> batch;
    TRY(impl_->store.read([&](store::Reader& reader) -> Result<void> {
      auto found = TRY(Owners::dormant(reader, {.first = 0, .last = kSlotMax}, kBatch));
      batch = std::move(found);
      return {};
    }));
    if (batch.empty()) return {};
    std::vector<Change> changes;
    changes.reserve(batch.size());
    for (const DormantSlot& slot : batch)
      changes.push_back({Change::Kind::erase, slot.slot, slot.tag});
    // The keys first: what is not dormant any more would never be destroyed.
    TRY(impl_->commit(std::move(changes)));
    TRY(impl_->store.write([&](store::Tx& tx) -> Result<void> {
      for (const DormantSlot& slot : batch) TRY(Owners::release_dormant(tx, slot.slot));
      return {};
    }));
    done += batch.size();
    progress(done, total);
  }
}

}  // namespace keys

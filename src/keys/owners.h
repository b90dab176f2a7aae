// The keys' own tables: which slot an owner has, in which state she is, and the intents to erase.
// Opaque ids, numbers and the caller's sealed notes only. All SQL of the module stands in its .cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/id.h"
#include "store/store.h"

namespace keys {

/// As stored: never renumbered.
enum class Standing : std::uint8_t {
  minted = 0,   // a key was made, or is about to be; nobody has used it durably
  live = 1,     // bound
  erasing = 2,  // an intent is durable
  erased = 3,   // a tombstone, for good
  // Since the map was made again: her key is on no leaf that opens, and there are others.
  unreadable = 4,
};

struct OwnerRow {
  Standing standing = Standing::minted;
  std::uint64_t slot = 0;  // none where erased or unreadable
};

struct OwnerSlot {
  base::OwnerId owner;
  std::uint64_t slot = 0;
};

struct DormantSlot {
  std::uint64_t slot = 0;
  std::uint64_t tag = 0;
};

struct OwnerEntry {
  base::OwnerId owner;
  OwnerRow row;
};

/// From first to last, both of them too.
struct SlotSpan {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// What the tables alone show to be wrong, counted.
struct MapFlaws {
  std::uint64_t rows_malformed = 0;   // a slot where there should be none, or none
  std::uint64_t intents_missing = 0;  // erasing, and in no intent to be erased
  std::uint64_t intents_astray = 0;   // in an intent to be erased, and not erasing nor erased
};

enum class Role : std::uint8_t { erase = 0, rekey = 1 };

/// An owner's part in an intent.
struct Part {
  base::OwnerId owner;
  Role role = Role::erase;
  std::uint64_t generation = 0;  // before the commit
};

struct Intent {
  std::uint64_t number = 0;
  base::Bytes note;
  std::vector<Part> parts;
};

class Owners {
 public:
  static store::Schema schema();

  static base::Result<std::optional<OwnerRow>> find(store::Reader& reader, base::OwnerId owner);
  static base::Result<bool> any(store::Reader& reader);
  /// Up to `owners_max` of those who are live.
  static base::Result<std::vector<OwnerSlot>> live(store::Reader& reader, std::size_t owners_max);
  static base::Result<std::vector<OwnerSlot>> minted(store::Reader& reader);

  /// Gives each a slot, as minted. Code::conflict where one was ever known.
  static base::Result<std::vector<OwnerSlot>> reserve(store::Tx& tx,
                                                      std::span<const base::OwnerId> owners);
  /// No slot in `damaged` (the slots of a leaf that does not open) is given out from now on.
  static base::Result<void> set_aside(store::Tx& tx, const SlotSpan& damaged);
  /// Takes back what was reserved and never bound.
  static base::Result<void> forget(store::Tx& tx, std::span<const OwnerSlot> minted);
  /// Minted -> live; content with one that is live.
  static base::Result<void> bind(store::Tx& tx, base::OwnerId owner);

  /// Writes or replaces an intent; its owners to be erased become erasing.
  static base::Result<void> intend(store::Tx& tx, const Intent& intent, base::View note);
  static base::Result<bool> intended(store::Reader& reader, std::uint64_t intent);
  static base::Result<std::vector<Intent>> intents(store::Reader& reader);
  /// The highest number that an intent has; 0 without any.
  static base::Result<std::uint64_t> last_intent(store::Reader& reader);
  /// Erasing -> erased: the tombstone stays, the slot is free again.
  static base::Result<void> bury(store::Tx& tx, const OwnerSlot& erased);
  /// Forgets the intents in which `owner` has a part.
  static base::Result<void> close_intents(store::Tx& tx, base::OwnerId owner);

  /// The highest epoch that the store has seen; 0 without any.
  static base::Result<std::uint64_t> epoch_seen(store::Reader& reader);
  static base::Result<void> see_epoch(store::Tx& tx, std::uint64_t epoch);

  /// Who is known and bound, in the order of their ids, behind `after`.
  static base::Result<std::vector<OwnerEntry>> page(store::Reader& reader,
                                                    const std::optional<base::OwnerId>& after,
                                                    std::size_t owners_max);

  // After the loss of the map (owners_dormant.cc). A dormant slot holds a key whose owner is known
  // by her tag alone: it is nobody's, and not free.
  static base::Result<void> begin_rebuild(store::Tx& tx);
  static base::Result<void> add_dormant(store::Tx& tx, const DormantSlot& dormant);
  static base::Result<void> add_free(store::Tx& tx, std::uint64_t slot);
  /// A key of this tag was destroyed, as its slot says still.
  static base::Result<void> add_destroyed(store::Tx& tx, std::uint64_t tag);
  /// What was destroyed need not be remembered where every leaf opened.
  static base::Result<void> end_rebuild(store::Tx& tx);
  /// Gives the owner her dormant slot, or a tombstone; where some leaf did not open and nothing
  /// tells that her key was destroyed, she is unreadable. Content with one that is known.
  static base::Result<void> claim(store::Tx& tx, base::OwnerId owner, std::uint64_t tag);
  static base::Result<std::uint64_t> count_dormant(store::Reader& reader);
  static base::Result<std::vector<DormantSlot>> dormant(store::Reader& reader, const SlotSpan& span,
                                                        std::size_t slots_max);
  /// Dormant -> free.
  static base::Result<void> release_dormant(store::Tx& tx, std::uint64_t slot);

  /// For check(). Whoever has a slot in `span`; which slots in it are free; how many owners in it
  /// must have a key in the tree, or may have one that is being erased.
  static base::Result<std::vector<OwnerEntry>> in_slots(store::Reader& reader,
                                                        const SlotSpan& span);
  static base::Result<std::vector<std::uint64_t>> free_slots(store::Reader& reader,
                                                             const SlotSpan& span);
  static base::Result<std::uint64_t> count_keyed(store::Reader& reader, const SlotSpan& span);
  static base::Result<std::uint64_t> count_unreadable(store::Reader& reader);
  /// Whether an owner whose id begins with these 8 bytes has a slot.
  static base::Result<bool> has_slot(store::Reader& reader, std::uint64_t tag);
  static base::Result<MapFlaws> flaws(store::Reader& reader);
};

}  // namespace keys

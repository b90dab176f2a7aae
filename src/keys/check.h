// Looks whether a key tree is whole: every page that the root reaches opens, stands in its place
// and hangs there once, and the tree and the map from owner to slot say the same of every owner.
// Owns nothing, repairs nothing, and changes neither the tree nor the map; keys stay in it. Call
// it on a tree that no Keys has open.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"
#include "keys/following.h"
#include "keys/root_holder.h"
#include "store/store.h"

namespace keys {

enum class Flaw : std::uint8_t {
  no_root,         // owners are known, and neither slot of the holder has a root
  rolled_back,     // the root is older than the store has seen
  page_sealed,     // a page cannot be read, or not under the key that its parent has
  page_misplaced,  // a page stands in another's place
  page_twice,      // two slots name the same page
  page_beyond,     // a slot names a page behind the end of the file
  from_future,     // a slot tells of an epoch that is not reached yet
  key_missing,     // the map gives an owner a slot, and her key is not in it
  key_of_nobody,   // a key whose slot is no owner's
  owner_twice,     // a key whose owner has another slot
  slot_lost,       // a used slot that is neither an owner's nor free
  slot_twice,      // a slot that is an owner's and free
  row_malformed,   // an owner without a slot, or a tombstone with one
  intent_missing,  // an owner is erasing, and no intent says so
  intent_astray,   // an intent is to erase somebody who is not erasing
};

/// The flaw's name as in JSON, and what it means in a sentence.
base::Literal name_of(Flaw flaw);
base::Literal meaning_of(Flaw flaw);

struct Finding {
  Flaw flaw = Flaw::no_root;
  std::optional<std::uint64_t> page;  // of the tree file
  std::optional<std::uint64_t> slot;  // of the map; of a page, the first below it
};

struct CheckReport {
  static constexpr std::size_t findings_max = 1'000;

  bool whole() const noexcept { return flaws == 0; }
  void add(const Finding& finding);

  std::uint64_t epoch = 0;
  /// A commit was cut short: the next start destroys the older root.
  bool older_root_stands = false;
  std::uint64_t pages_reached = 0;
  std::uint64_t pages_free = 0;
  std::uint64_t keys_live = 0;
  /// Of these, keys that wait for a restore to name their owners.
  std::uint64_t keys_dormant = 0;
  /// Owners whose key should be in the tree and cannot be read, where whole pages are missing; of
  /// those since a restore over such pages, some may have been erased.
  std::uint64_t owners_unreadable = 0;
  std::uint64_t flaws = 0;
  std::vector<Finding> findings;  // the first ones
};

/// Code::missing where the tree file is not there; flaws are no errors. Progress counts pages
/// looked at, of those that the file has: fewer where some are free.
base::Result<CheckReport> check(store::Store& store, RootHolder& holder, base::Disk& disk,
                                const std::string& path, const Progress& progress);

}  // namespace keys

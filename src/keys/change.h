// What is read from an owner's slot of the tree, and what a commit does to it. Owns the key that
// was read.
#pragma once

#include <cstdint>

#include "base/secret_bytes.h"
#include "keys/page.h"

namespace keys {

/// An owner's slot as read.
struct Leaf {
  SlotKind kind = SlotKind::empty;
  base::SecretBytes key;
  std::uint64_t tag = 0;         // of the owner to whom the slot belongs
  std::uint64_t generation = 0;  // where erased: the epoch that destroyed the key
};

/// One owner's part of a commit.
struct Change {
  enum class Kind : std::uint8_t {
    mint,   // a fresh key; the slot must not hold one
    rekey,  // `key` instead of the old one, generation + 1
    erase,  // destroys the key; content with one that is destroyed already
  };
  Kind kind = Kind::mint;
  std::uint64_t slot = 0;
  std::uint64_t tag = 0;
  base::View key{};  // of rekey; must outlive the commit
};

}  // namespace keys

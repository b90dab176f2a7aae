// Subkeys that were derived lately, so that each record does not cost a derivation of its own. Owns
// them, in locked memory and few; forgets all of them as soon as the tree has another epoch. Not
// safe for several threads.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "base/id.h"
#include "base/recent.h"
#include "base/secret_bytes.h"

namespace keys {

class Subkeys {
 public:
  /// 32 bytes each: 256 KiB of locked memory at most.
  static constexpr std::size_t owners_max = 1'024;
  static constexpr std::size_t labels_max = 8;

  Subkeys() : owners_(owners_max) {}

  /// The subkey as derived at `epoch`; nullptr where it is not here. Valid until the next call.
  const base::SecretBytes* find(std::uint64_t epoch, base::OwnerId owner, base::Literal label);
  /// Keeps a subkey derived at `epoch`.
  void put(std::uint64_t epoch, base::OwnerId owner, base::Literal label,
           const base::SecretBytes& key);
  void drop(base::OwnerId owner) { owners_.drop(owner); }
  /// Wipes all that was derived before `epoch`.
  void enter(std::uint64_t epoch);
  std::size_t owners() const noexcept { return owners_.size(); }

 private:
  // By the label's address: the same text elsewhere is another entry, and no harm. In place, or
  // finding one would cost another read of memory.
  struct Labelled {
    std::array<std::pair<const char*, base::SecretBytes>, labels_max> keys;
    std::size_t count = 0;
  };

  std::uint64_t epoch_ = 0;
  base::Recent<base::OwnerId, Labelled> owners_;
};

}  // namespace keys

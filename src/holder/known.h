// The holders that a server knows: names, addresses and pinned keys, in its root directory, and the
// name of the tree that they serve. Owns that file; the server's own key lies beside it.
#pragma once

#include <string>
#include <vector>

#include "base/child.h"
#include "base/disk.h"
#include "base/entropy.h"
#include "holder/link.h"

namespace holder {

struct Known {
  std::string name;
  base::Place place;
  base::PublicKey key{};
};

struct KnownHolders {
  TreeName tree{};  // zeros before the first holder
  std::vector<Known> all;
  const Known* find(const std::string& name) const;
};

/// Lower case letters, digits and hyphens, at most 32.
bool valid_name(const std::string& name);

/// None where there is no file. Code::corrupt where it is damaged.
base::Result<KnownHolders> read_known(base::Disk& disk, const std::string& root);
base::Result<KnownHolders> parse_known(base::View json);
/// Adds a holder, or puts it in the place of the one of that name; the first one names the tree.
base::Result<void> add_known(base::Disk& disk, base::Entropy& entropy, const std::string& root,
                             const Known& known);
/// The server's own key, made where it is missing.
base::Result<Identity> caller_identity(base::Disk& disk, base::Entropy& entropy,
                                       const std::string& root);

}  // namespace holder

// The holders that a server knows: names, addresses and pinned keys, in its root directory, and the
// name of the tree that they serve. Owns that file; the server's own key lies beside it
// (caller_key.h).
#pragma once

#include <string>
#include <vector>

#include "base/child.h"
#include "base/disk.h"
#include "base/entropy.h"
#include "holder/link.h"

namespace holder {

/// Whether a holder keeps a replica of the tree and of the log; it may keep the root as well, or
/// nothing else.
enum class Replicates : std::uint8_t { no, yes };

struct Known {
  std::string name;
  base::Place place;
  base::PublicKey key{};
  Replicates replicates = Replicates::no;
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
/// Adds a holder, or puts it in the place of the one of that name; the first one names the tree. A
/// replica stays one: Code::conflict where another holder would take its place.
base::Result<void> add_known(base::Disk& disk, base::Entropy& entropy, const std::string& root,
                             const Known& known);
/// Makes a holder that is known a replica, or ends that. Code::missing where it is not known.
base::Result<void> set_replicates(base::Disk& disk, const std::string& root,
                                  const std::string& name, Replicates replicates);
/// Takes the name of the tree that this host now serves, as a restore has learnt it.
base::Result<void> name_tree(base::Disk& disk, const std::string& root, const TreeName& tree);

}  // namespace holder

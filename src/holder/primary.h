// The root of a tree, opened where it is kept: in a file of the root directory, by a holder, or as
// shares in two of these. The choice is remembered beside the root, since a start with another one
// would find no root and could only make a new tree.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/child.h"
#include "base/mandate.h"
#include "holder/choice.h"
#include "holder/known.h"
#include "keys/root_holder.h"

namespace holder {

struct PrimaryParts {
  base::Disk& disk;
  base::Wait& wait;
  base::Entropy& entropy;
  base::Clock& steady;
  std::vector<std::string> dial;  // arguments with which this program is the child that dials
  const keys::Wrapping* wrapping = nullptr;  // of what stands in files: root, key to the holders
  std::function<Dial(const base::Place&)> dialing{};  // instead of a child
  base::Children* starter = nullptr;  // of that child, where this process may not connect itself
  base::Mandate* mandate = nullptr;   // ended where a holder says that another host has taken over
  std::optional<std::uint64_t> incarnation{};  // instead of the one beside the root
};

enum class Tree : std::uint8_t { is_there, is_to_be_made };

/// The holder of the root. `asked` is empty for the remembered one; Code::conflict where it is
/// another and the tree is there. Code::unavailable where a remote holder does not answer now.
/// Code::denied where the passphrase is not the one, is missing or needless. First destroys what a
/// move that was cut short has left.
base::Result<std::unique_ptr<keys::RootHolder>> open_primary(const PrimaryParts& parts,
                                                             const std::string& root,
                                                             const std::string& asked, Tree tree);

/// Opens the root in a place that need not be the remembered one. Reads nothing yet.
base::Result<std::unique_ptr<keys::RootHolder>> open_choice(const PrimaryParts& parts,
                                                            const std::string& root,
                                                            const Choice& choice);
/// Destroys whatever root or share stands there.
base::Result<void> clear_choice(const PrimaryParts& parts, const std::string& root,
                                const Choice& choice);
/// The same of one place of a choice.
base::Result<void> clear_place(const PrimaryParts& parts, const std::string& root,
                               const Choice& choice, const Place& place);
/// Whether a part of the root stands in a file here.
bool in_a_file(const Choice& choice);
/// Whether a passphrase would wrap nothing of what stands here: no part of the root is in a file,
/// and the key to the holders is plain, or not there.
base::Result<bool> wraps_nothing(base::Disk& disk, const std::string& root, const Choice& choice);
/// The file of a root directory that a choice with a file keeps its root, or its share, in.
keys::RootFile file_of(const std::string& root, const Choice& choice);

}  // namespace holder

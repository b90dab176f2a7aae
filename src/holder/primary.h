// Where the root of a tree is kept: in a file of the root directory, or by a holder. Owns the
// choice, which is remembered beside the root, since a start with another one would find no root
// and could only make a new tree.
#pragma once

#include <memory>
#include <string>

#include "base/child.h"
#include "holder/known.h"
#include "keys/root_holder.h"

namespace holder {

struct Choice {
  enum class Kind : std::uint8_t { file, remote };
  Kind kind = Kind::file;
  std::string name;  // of the remote holder
  bool operator==(const Choice&) const = default;
};

/// `file` or `remote:NAME`. Code::invalid otherwise.
base::Result<Choice> parse_choice(const std::string& text);
/// What is remembered in `root`; `file` where nothing is.
base::Result<Choice> remembered_choice(base::Disk& disk, const std::string& root);

struct PrimaryParts {
  base::Disk& disk;
  base::Wait& wait;
  base::Entropy& entropy;
  base::Clock& steady;
  std::vector<std::string> dial;      // arguments with which this program is the child that dials
  base::Children* starter = nullptr;  // of that child, where this process may not connect itself
};

enum class Tree : std::uint8_t { is_there, is_to_be_made };

/// The holder of the root. `asked` is empty for the remembered one; Code::conflict where it is
/// another and the tree is there. Code::unavailable where a remote holder does not answer now.
base::Result<std::unique_ptr<keys::RootHolder>> open_primary(const PrimaryParts& parts,
                                                             const std::string& root,
                                                             const std::string& asked, Tree tree);

}  // namespace holder

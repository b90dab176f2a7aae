// `keys check`: looks whether the key tree of a data directory is whole, while nothing serves it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/disk.h"
#include "keys/root_holder.h"

namespace cli {

/// Opens whatever keeps the root that belongs to a root directory.
using OpenRoot = std::function<base::Result<std::unique_ptr<keys::RootHolder>>(
    base::Disk& disk, const std::string& root)>;

struct KeysOptions {
  std::string data;
  std::string root;  // empty: `data`.root
  bool json = false;
};

/// Prints what it found; exit code 0 where the tree is whole, 1 where it has flaws, 2 where it
/// cannot be looked at (it is being served, or is not there).
int keys_check(const KeysOptions& options, const OpenRoot& open_root);

}  // namespace cli

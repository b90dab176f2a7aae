// `keys check`: looks whether the key tree of a data directory is whole, while nothing serves it.
#pragma once

#include <string>

namespace cli {

struct KeysOptions {
  std::string data;
  std::string root;  // empty: `data`.root
  bool json = false;
};

/// Prints what it found; exit code 0 where the tree is whole, 1 where it has flaws, 2 where it
/// cannot be looked at (it is being served, or is not there).
int keys_check(const KeysOptions& options);

}  // namespace cli

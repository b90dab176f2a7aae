// The keys that a data directory has right now, computed from its files beside the server: what to
// look for where no key may stand. Owns copies; for tests alone.
#pragma once

#include <set>
#include <string>

namespace forensics {

struct KeySet {
  std::string root;               // of the root page
  std::set<std::string> pages;    // of every page below it
  std::set<std::string> masters;  // of every living owner
  std::set<std::string> subkeys;  // of every living owner, for every label of the program
};

/// Of a server that commits nothing meanwhile, or of none. Throws where a page does not open.
KeySet read_keys(const std::string& data, const std::string& root);

}  // namespace forensics

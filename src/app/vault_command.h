// `vault check`: opens every record and reads all content of a data directory that nothing serves.
#pragma once

#include <string>

namespace app {

struct VaultOptions {
  std::string data;
  std::string root;             // empty: beside data, with .root
  std::string passphrase_file;  // empty: the root is not wrapped
  std::string notice;           // empty: the embedded one
  bool json = false;
};

/// Exit code: 0 sound, 1 damage was found (or the notice is refused), 2 the directory cannot be
/// opened.
int vault_check(const VaultOptions& options);

}  // namespace app

// `restore`: puts a backup into the directory whose live keys and log stand, and says what became
// of whom, by opaque ids; `restore --finish` destroys the keys that it left dormant.
#pragma once

#include <string>

namespace app {

struct RestoreOptions {
  std::string backup;  // empty with `finish`
  std::string data;
  std::string root;             // empty: beside data, with .root
  std::string passphrase_file;  // empty: the root is not wrapped
  std::string notice;           // empty: the embedded one
  bool finish = false;
  bool json = false;
};

/// Exit code: 0 done, 1 the notice is refused, 2 cannot be carried out; the old state stands then.
int restore_command(const RestoreOptions& options);

}  // namespace app

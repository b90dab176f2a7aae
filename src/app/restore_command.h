// `restore`: puts a backup into the directory whose live keys and log stand, or under those that a
// holder's replica gives to this host, and says what became of whom, by opaque ids; `restore
// --finish` destroys the keys that it left dormant, `restore --drill` only looks whether all would
// open.
#pragma once

#include <string>

namespace app {

struct RestoreOptions {
  std::string backup;  // empty with `finish`
  std::string data;
  std::string root;             // empty: beside data, with .root
  std::string root_holder;      // as of `serve`
  std::string passphrase_file;  // empty: the root is not wrapped
  std::string notice;           // empty: the embedded one
  std::string from_holder;      // its name or address; empty: keys and log are here
  std::string checkpoint;       // a file, or the URL of a log; empty: nobody has one
  bool accept_lag = false;
  bool replace_damaged_store = false;
  bool drill = false;
  bool finish = false;
  bool json = false;
};

/// Exit code: 0 done, 1 the notice is refused, or a drill found what does not open; 2 it cannot be
/// carried out: the old state stands then, or nothing was made, or it must be run again.
int restore_command(const RestoreOptions& options);

}  // namespace app

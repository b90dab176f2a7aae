// `keys passphrase` and `keys move-root`: how the root of a data directory that nothing serves is
// wrapped, and where it is kept.
#pragma once

#include <string>

#include "base/disk.h"
#include "keys/root_holder.h"

namespace app {

struct PassphraseFiles {
  std::string old_file;  // empty: nothing is wrapped
  std::string new_file;  // empty: nothing is to be
};
/// Of one of the files that go together. One that is as asked already is left, since a crash
/// between two leaves one of them so; a plain one has no older passphrase. Code::invalid where both
/// are empty.
base::Result<void> change_passphrase(base::Disk& disk, const keys::RootFile& where,
                                     const PassphraseFiles& files);
/// What to say after it.
const char* what_wraps(const std::string& new_file);

struct RootOptions {
  std::string data;
  std::string root;                 // empty: beside data, with .root
  std::string old_passphrase_file;  // of `passphrase`
  std::string passphrase_file;
  std::string to;       // of `move-root`: as --root-holder
  std::string abandon;  // of `move-root`, instead of `to`: a holder that is gone for good
  std::string notice;   // of `move-root`; empty: the embedded one
};

/// Exit code: 0 done, 1 the notice is refused, 2 it cannot be done.
int keys_passphrase(const RootOptions& options);
int keys_move_root(const RootOptions& options);

}  // namespace app

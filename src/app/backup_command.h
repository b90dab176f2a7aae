// `backup` and `backup verify`: a copy of the bulk, beside a running server, and whether it is
// whole. Neither needs a key, nor reads one.
#pragma once

#include <string>

namespace app {

struct BackupOptions {
  std::string backup;
  std::string data;
  std::string root;  // empty: beside data, with .root
  bool json = false;
};

/// Exit code: 0 done, 2 cannot be carried out.
int backup_command(const BackupOptions& options);
/// Exit code: 0 whole, 1 damaged, 2 there is no backup that could be read.
int backup_verify(const BackupOptions& options);

}  // namespace app

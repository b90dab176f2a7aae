// `ledger rotate-key`: gives the log of a data directory that nothing serves another signing key.
#pragma once

#include <string>

namespace app {

struct RotateOptions {
  std::string data;
  std::string root;             // empty: beside data, with .root
  std::string passphrase_file;  // empty: the root is not wrapped
  std::string notice;           // empty: the embedded one
  bool json = false;
};

/// Prints the new verifier key. Exit code: 0 rotated, 1 the notice is refused, 2 it cannot be done.
int ledger_rotate_key(const RotateOptions& options);

}  // namespace app

// `login` and `logout`: a token of one's own for this machine, and its end. Asks on a terminal, or
// takes a token from a file; shows no secret, and prints none.
#pragma once

#include <string>

#include "cli/remote_session.h"

namespace cli {

struct LoginOptions {
  std::string directory;
  std::string server;
  std::string ca_file;
  std::string token_file;  // `-`: standard input; empty: asks
  std::string name = "Command line";
  unsigned days = 90;
  bool read_only = false;
};
int login(const LoginOptions& options);
int logout(const RemoteOptions& options);

struct LoginsOptions {
  std::string directory;
  bool json = false;
};
/// Where there is a login from here, the one that is taken without --server first.
int logins(const LoginsOptions& options);

}  // namespace cli

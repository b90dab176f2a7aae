// `share`: links to files and folders of somebody's workspace, made, listed and revoked from the
// command line. What it prints of a new link is the link alone, so that it can go on through a
// pipe. A password is never taken from the command line, where other people of the machine can read
// it.
#pragma once

#include <string>

#include "cli/remote_session.h"

namespace cli {

struct ShareOptions {
  RemoteOptions remote;
  std::string path;
  long days = 30;
  bool password = false;      // ask for one
  std::string password_file;  // - for standard input; empty: none
  bool list = false;          // instead of making one
  std::string revoke;         // the id of one; empty: none
  bool json = false;
};
int share(const ShareOptions& options);

}  // namespace cli

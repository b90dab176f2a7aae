// `holder` and what stands under it: a second host keeps the root of this one's keys; and how
// commands and the server reach whatever keeps theirs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/options.h"
#include "base/disk.h"
#include "keys/root_holder.h"

namespace app {

struct HolderOptions {
  std::string data;    // of the holder, not of a server
  std::string listen;  // numeric address and port
  std::string key;     // of `forget`
  bool json = false;
};

struct HolderAddOptions {
  std::string data;
  std::string root;  // empty: beside data, with .root
  std::string name;
  std::string address;
  std::string code_file;  // `-`: standard input
};

/// Exit code: 0 done, 1 the answer is no (a wrong code, a key that is not paired), 2 cannot be
/// carried out.
int holder_serve(const HolderOptions& options);
int holder_pair(const HolderOptions& options);
int holder_status(const HolderOptions& options);
int holder_forget(const HolderOptions& options);
int holder_add(const HolderAddOptions& options);

/// The hosts of other machines that the chosen root holder needs.
std::vector<std::string> holder_hosts(const ServeOptions& options);
/// Whatever keeps the root of a tree that is there, for commands.
base::Result<std::unique_ptr<keys::RootHolder>> open_root(base::Disk& disk,
                                                          const std::string& root);

}  // namespace app

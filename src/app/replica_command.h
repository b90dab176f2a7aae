// `holder replicate` and `holder retire`: which of the paired holders follow the key tree and the
// log.
#pragma once

#include <string>

namespace app {

struct ReplicaOptions {
  std::string data;
  std::string root;             // empty: beside data, with .root
  std::string notice;           // of `retire`; empty: the embedded one
  std::string passphrase_file;  // of `retire`: wraps the root's file and the key to the holders
  std::string name;
};

/// Exit code: 0 done, or it was so already; 1 no holder of that name; 2 cannot be carried out.
int holder_replicate(const ReplicaOptions& options);
int holder_retire(const ReplicaOptions& options);

}  // namespace app

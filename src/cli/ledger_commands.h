// `ledger prove`: the proof of an entry, made from what the log publishes. Linked from the client
// library; knows nothing of the server.
#pragma once

#include <cstdint>
#include <string>

namespace cli {

struct ProveOptions {
  std::uint64_t index = 0;
  std::string log;  // URL or directory
  std::string key;  // verifier key; empty: the log's own, unpinned
  bool json = false;
};

/// Prints the C2SP tlog-proof alone, so that it can be kept as a file; what was checked goes to
/// standard error. Exit code 0, 1 where the log has no such entry or cannot prove it (and no proof
/// is printed), 2 where the log cannot be read.
int ledger_prove(const ProveOptions& options);

}  // namespace cli

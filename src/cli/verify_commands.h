// `receipt verify` and `ledger verify`: what anybody does with public data alone. Linked from the
// client library; knows nothing of the server.
#pragma once

#include <string>

namespace cli {

struct VerifyOptions {
  std::string file;  // the receipt
  std::string log;   // URL or directory
  std::string key;   // verifier key; empty: the log's own, unpinned
  bool json = false;
};

/// Prints one line a check; exit code 0 where all hold, 1 where one does not, 2 where the receipt
/// or the log cannot be read.
int receipt_verify(const VerifyOptions& options);
int ledger_verify(const VerifyOptions& options);

}  // namespace cli

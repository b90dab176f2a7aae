// `get` and `put`: files and folders between here and somebody's workspace, however large, with a
// progress line where a person looks on. Goes on after what fails, and says what that was.
#pragma once

#include <string>
#include <vector>

#include "cli/remote_session.h"

namespace cli {

struct TransferOptions {
  RemoteOptions remote;
  std::vector<std::string> places;  // from where, and behind them to where
  std::string media_type;           // of what is put; empty: as its name ends
  bool force = false;
  bool quiet = false;
};
/// Remote paths, and a local one behind them: `.` where there is one path alone. `-` is standard
/// output.
int get(const TransferOptions& options);
/// Local paths, and a remote one behind them. `-` is standard input.
int put(const TransferOptions& options);

}  // namespace cli

// `ls`, `rm`, `mkdir`, `mv`, `cp`: what is in somebody's workspace, from the command line. Asks
// page by page, so that a folder may have any number of entries; shows names as a terminal can bear
// them.
#pragma once

#include <string>
#include <vector>

#include "cli/remote_session.h"

namespace cli {

struct ListOptions {
  RemoteOptions remote;
  std::string path;
  bool details = false;
  bool json = false;
};
int list(const ListOptions& options);

struct RemoveOptions {
  RemoteOptions remote;
  std::vector<std::string> paths;
  bool recursive = false;
};
int remove(const RemoveOptions& options);

struct MoveOptions {
  RemoteOptions remote;
  std::vector<std::string> paths;  // from where, and behind them to where
  bool force = false;
};
int move(const MoveOptions& options);
int copy(const MoveOptions& options);

struct MakeFolderOptions {
  RemoteOptions remote;
  std::vector<std::string> paths;
  bool parents = false;  // those above, too; and content where it is there
};
int make_folder(const MakeFolderOptions& options);

}  // namespace cli

// `trash list`, `trash restore`, `trash empty`: what was removed from somebody's workspace, from
// the command line. Asks page by page; shows paths as a terminal can bear them.
#pragma once

#include <string>

#include "cli/remote_session.h"

namespace cli {

struct TrashOptions {
  RemoteOptions remote;
  bool json = false;
};
int trash_list(const TrashOptions& options);
/// For good, all of it.
int trash_empty(const TrashOptions& options);

struct RestoreTrashOptions {
  RemoteOptions remote;
  std::string id;
  std::string path;  // empty: where it was
};
int trash_restore(const RestoreTrashOptions& options);

}  // namespace cli

// Which uploads in parts were begun from here and are not finished, so that another run of the
// program finds them again. Owns a directory beside the logins, with a small file for each: its
// name is a digest of what is sent where, what is in it the upload's id at the server. No path, no
// name and no content is kept. Never asks a server.
#pragma once

#include <string>

#include "base/disk.h"

namespace client {

class BegunUploads {
 public:
  BegunUploads(base::Disk& disk, std::string directory)
      : disk_(disk), directory_(std::move(directory)) {}

  /// What an upload is known by: the same version of the same file, to the same place.
  /// Code::missing where there is no such file.
  static base::Result<std::string> key_of(const std::string& file, const std::string& place);

  /// The upload's id at the server; empty where none was begun.
  base::Result<std::string> find(const std::string& key);
  /// Durable on return. Forgets those that are too old for any server to have them, too.
  base::Result<void> keep(const std::string& key, const std::string& id);
  base::Result<void> forget(const std::string& key);

 private:
  std::string file(const std::string& key) const { return directory_ + "/" + key; }

  base::Disk& disk_;
  std::string directory_;
};

}  // namespace client

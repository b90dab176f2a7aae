// Where a person has logged in from here: servers, and the token that each gave. Owns one file,
// which its owner alone may read, and refuses one that others may. The file is the real one of this
// machine, since who may read it is asked of its mode.
#pragma once

#include <string>
#include <vector>

#include "base/disk.h"
#include "base/secret_bytes.h"

namespace client {

struct Login {
  std::string origin;
  std::string ca_file;  // empty: whom the system trusts
  base::SecretBytes token;
};

class Logins {
 public:
  /// Code::denied where others may read or write the file, Code::corrupt where it is not one.
  static base::Result<Logins> open(base::Disk& disk, std::string directory);

  /// The login at that origin, or the newest where it is empty; nullptr where there is none.
  const Login* find(const std::string& origin) const;
  /// The newest first.
  const std::vector<Login>& all() const noexcept { return all_; }

  /// In the place of an earlier one to the same server. Durable on return.
  base::Result<void> keep(Login login);
  /// Code::missing where there is none.
  base::Result<void> forget(const std::string& origin);

  std::string file() const { return directory_ + "/logins.json"; }

 private:
  Logins(base::Disk& disk, std::string directory) : disk_(disk), directory_(std::move(directory)) {}
  base::Result<void> read();
  base::Result<void> write() const;

  base::Disk& disk_;
  std::string directory_;
  std::vector<Login> all_;
};

}  // namespace client

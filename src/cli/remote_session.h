// What all commands of somebody's workspace share: which login they use, how they say what went
// wrong, and how they end. Linked from the client library; knows nothing of the server's inside.
#pragma once

#include <string>

#include "base/wait.h"
#include "client/logins.h"
#include "client/remote.h"

namespace cli {

constexpr int kDone = 0;
constexpr int kNo = 1;      // the server's answer is no, or something stands in the way
constexpr int kCannot = 2;  // the command itself cannot be carried out

struct RemoteOptions {
  std::string directory;  // of the logins; empty: nobody knows where
  std::string server;     // empty: the newest login's
};

/// The workspace at the server that the options choose. What is wrong is said already.
base::Result<client::Remote> open_remote(const char* command, const RemoteOptions& options,
                                         base::Wait& wait);

/// The address that a person gave; what is wrong is said already.
base::Result<client::ServerAddress> read_server(const char* command, const std::string& text);
/// The path that a person gave; what is wrong is said already.
base::Result<client::RemotePath> read_path(const char* command, const std::string& text);

/// Whether it is an id as a listing shows it: 26 letters and digits.
bool sound_id(const std::string& id);

/// A secret from a file that others may not read, or, for `-`, from standard input.
base::Result<base::SecretBytes> secret_from(const std::string& file, std::size_t bytes_max);

/// Says what went wrong with `what`, in the server's own words where there are any, and what to do;
/// the exit code.
int fail(const char* command, const std::string& what, const base::Error& error,
         const client::Problem& problem);

/// Whether what is brought to `path`, of `many` things, goes into a folder there and not to its
/// place.
base::Result<bool> goes_into(client::Remote& remote, const client::RemotePath& path,
                             std::size_t many);

/// After which nothing else is tried: nobody answers, or the token opens nothing.
bool ends_all(const base::Error& error);

}  // namespace cli

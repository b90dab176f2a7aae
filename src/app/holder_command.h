// `holder` and what stands under it: a second host keeps the root of this one's keys; and how
// commands and the server reach whatever keeps theirs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/options.h"
#include "base/disk.h"
#include "holder/choice.h"
#include "keys/root_holder.h"

namespace app {

struct HolderOptions {
  std::string data;                 // of the holder, not of a server
  std::string listen;               // numeric address and port
  std::string key;                  // of `forget`
  std::string passphrase_file;      // wraps what is kept; empty: nothing does
  std::string old_passphrase_file;  // of `passphrase`
  bool json = false;
};

struct HolderAddOptions {
  std::string data;
  std::string root;  // empty: beside data, with .root
  std::string name;
  std::string address;
  std::string code_file;        // `-`: standard input
  std::string passphrase_file;  // wraps the key that holders know this server by
};

/// Exit code: 0 done, 1 the answer is no (a wrong code, a key that is not paired), 2 cannot be
/// carried out.
int holder_serve(const HolderOptions& options);
int holder_pair(const HolderOptions& options);
int holder_status(const HolderOptions& options);
int holder_forget(const HolderOptions& options);
int holder_add(const HolderAddOptions& options);
/// Gives the holder's root a passphrase, another one, or none.
int holder_passphrase(const HolderOptions& options);

/// The hosts of other machines that keep keys: of the chosen root holder, and of replicas.
std::vector<std::string> holder_hosts(const ServeOptions& options);
/// Why the choice of no replica does not hold; empty where it was not made, or does.
std::vector<std::string> replica_objections(const ServeOptions& options);
/// What an operator has to know about where the root is kept.
std::optional<base::Literal> root_warning(const ServeOptions& options);
/// Those that `choice` needs, as far as they are known in the root directory.
std::vector<std::string> hosts_of(const holder::Choice& choice, const std::string& root);
/// Whatever keeps the root of a tree that is there, for commands.
base::Result<std::unique_ptr<keys::RootHolder>> open_root(base::Disk& disk, const std::string& root,
                                                          const std::string& passphrase_file);

}  // namespace app

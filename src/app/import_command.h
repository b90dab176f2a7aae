// `account import` and `account invite`: people of an earlier service become accounts of a running
// server, and are told. Owns nothing; never prints what a file holds, only where it is wrong.
#pragma once

#include <string>

namespace app {

struct ImportOptions {
  std::string data;
  std::string file;
  std::string format;  // csv or json; empty: as the file's name ends
  bool dry_run = false;
  bool invite = false;
  bool json = false;
};

struct InviteOptions {
  std::string data;
  bool json = false;
};

/// Looks through the whole file first, and imports nothing where anything is wrong with it. Exit
/// code: 0 done, 1 something is wrong with the file, 2 cannot be carried out.
int account_import(const ImportOptions& options);
/// Exit code: 0 done, 2 cannot be carried out.
int account_invite(const InviteOptions& options);

}  // namespace app

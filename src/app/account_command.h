// `account`: what whoever runs the service asks of the running server about its accounts, over the
// control socket. Prints ids, states, days and counts: no name and no address is to be had there.
#pragma once

#include <string>

namespace app {

struct AccountOptions {
  std::string data;
  std::string account;  // an id
  std::string plan;     // to give to it; empty: none
  bool json = false;
};

/// Exit code of each: 0 done, 1 the answer is no (there is no such account), 2 cannot be carried
/// out (nothing serves the data, or as another user).
int account_list(const AccountOptions& options);
int account_show(const AccountOptions& options);
/// Shows which plan it has, or gives it one.
int account_plan(const AccountOptions& options);

}  // namespace app

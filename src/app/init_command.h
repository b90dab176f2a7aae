// `init`: the first hour of an operator. Asks for what a service needs, or takes it from options;
// makes the data directory, a notice and a file of settings beside it; pairs with a second host;
// tries a mail; and says what to do next. Overwrites nothing.
#pragma once

#include "app/init_facts.h"

namespace app {

struct InitOptions {
  InitFacts facts;
  std::string test_mail;                    // who is to get one; empty: nobody
  std::vector<std::string> dkim_selectors;  // of `mail test`
  std::string resolver;                     // of `mail test`
};

/// Exit code: 0 all is there now; 1 the answer is no (what is there differs, a wrong code, a mail
/// that was not accepted, an error that the doctor found); 2 it cannot be carried out, and then
/// nothing was changed, but that a holder may have been paired.
int init_command(const InitOptions& options);

}  // namespace app

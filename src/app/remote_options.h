// The commands of somebody's workspace on the command line: login, ls, get, put and the rest, with
// their options. Owns nothing after they are read; what they do is in cli.
#pragma once

#include "app/common_options.h"

namespace app {

void add_remote_commands(CLI::App& program, Chosen& chosen);

}  // namespace app

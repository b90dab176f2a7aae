// The commands about holders on the command line, with their options. Owns nothing after they are
// read; what they do is in holder_command.h and replica_command.h.
#pragma once

#include "app/common_options.h"

namespace app {

void add_holder_commands(CLI::App& program, Chosen& chosen);

}  // namespace app

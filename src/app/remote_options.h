// The commands of somebody's workspace on the command line: login, ls, get, put and the rest, with
// their options. Owns nothing after they are read; what they do is in cli.
#pragma once

#include <functional>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 names it
class App;
}

namespace app {

void add_remote_commands(CLI::App& program, std::function<int()>& chosen);

}  // namespace app

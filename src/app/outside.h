// The process outside, as this program sets it up: the hidden subcommands that are child processes,
// and the only places that a server's children may reach. Owns nothing.
#pragma once

#include <memory>

#include "app/options.h"
#include "base/children.h"

namespace app {

/// How this program is told to be each of its children; what it may reach follows, but for the
/// process outside.
base::Words dial_arguments();
base::Words mail_arguments();
base::Words outside_arguments();

/// Everything that a server with these options may have started: connections to the holders that
/// it knows, and the mail provider.
std::vector<base::Words> outside_words(const ServeOptions& options);

/// To be called before the server gives up the right to connect, and before any thread is started.
base::Result<std::unique_ptr<base::Outside>> open_outside(base::Wait& wait,
                                                          const ServeOptions& options);

}  // namespace app

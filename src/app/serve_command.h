// `serve`: finds every reason not to serve before anything is opened, then serves.
#pragma once

#include "app/options.h"

namespace app {

/// Exit code: 0 after an orderly end, 1 where the notice is refused, 2 where it may not or cannot
/// serve; every reason is printed to standard error.
int serve_command(const ServeOptions& options);

}  // namespace app

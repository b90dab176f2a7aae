// The composition root: builds every module from below, each from what it needs, and is the only
// place that owns threads. Nothing here decides anything about data.
#pragma once

#include <memory>
#include <string>

#include "app/options.h"
#include "base/result.h"
#include "notice/document.h"
#include "notice/plans.h"

namespace app {

/// Opens everything under `options`, serves until SIGTERM or SIGINT, drains, and returns. Prints
/// where to click when it serves. The options have been found without objection.
base::Result<void> serve(const ServeOptions& options, const notice::Document& document,
                         const notice::Plans& plans);

}  // namespace app

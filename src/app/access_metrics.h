// Sessions, tokens and what was held back, as the metrics page shows them. Owns nothing; no figure
// says who.
#pragma once

#include <vector>

#include "app/core.h"
#include "http/metrics.h"

namespace app {

std::vector<http::Figure> access_figures(Core& core);

}  // namespace app

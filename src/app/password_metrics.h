// What hashing a password costs here, as the metrics page shows it. Owns nothing.
#pragma once

#include <vector>

#include "app/core.h"
#include "http/metrics.h"

namespace app {

std::vector<http::Figure> password_figures(const Core& core);

}  // namespace app

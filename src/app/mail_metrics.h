// The outbox's figures as the metrics page shows them. Owns nothing; no figure says who.
#pragma once

#include <vector>

#include "app/core.h"
#include "http/metrics.h"

namespace app {

/// None where the store cannot be read.
std::vector<http::Figure> mail_figures(Core& core);

}  // namespace app

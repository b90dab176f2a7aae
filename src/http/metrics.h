// A server's counters in Prometheus's text format. Owns nothing; the app decides where it is shown.
#pragma once

#include <string>

#include "http/server.h"

namespace http {

/// Content-Type of the text.
inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_text(const Counters& counters);

}  // namespace http

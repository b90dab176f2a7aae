// A server's counters in Prometheus's text format. Owns nothing; the app decides where it is shown.
#pragma once

#include <string>
#include <vector>

#include "http/server.h"

namespace http {

/// Content-Type of the text.
inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// A figure of another module's, shown beside the server's own.
struct Figure {
  enum class Kind : std::uint8_t { gauge, counter };
  const char* name;
  const char* help;
  Kind kind;
  std::uint64_t value;
};

std::string metrics_text(const Counters& counters, const std::vector<Figure>& more = {});

}  // namespace http

// A log served over HTTP or HTTPS, by libcurl. Owns one connection, kept open between requests.
#pragma once

#include <memory>
#include <string>

#include "client/log_source.h"

namespace client {

/// `url` is the log's prefix: URL/checkpoint, URL/tile/…
base::Result<std::unique_ptr<LogSource>> open_http_source(std::string url);

}  // namespace client

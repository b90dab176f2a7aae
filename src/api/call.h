// How a call of the JSON face becomes a route: its error is told as a problem, and its answer,
// which is about one person, is kept by no cache.
#pragma once

#include "api/api.h"

namespace api {

using Call = base::Result<http::Response> (*)(const http::Request&, const Parts&);
/// The same with what the pattern captures.
using CallOf = base::Result<http::Response> (*)(const http::Request&, const Parts&,
                                                const http::Captures&);
void add_call(http::Router& router, const Parts& parts, http::Method method, const char* pattern,
              Call call);
void add_call(http::Router& router, const Parts& parts, http::Method method, const char* pattern,
              CallOf call);

}  // namespace api

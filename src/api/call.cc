#include "api/call.h"

namespace api {
namespace {

http::Response answered(base::Result<http::Response> response) {
  if (!response.ok()) return http::problem(response.error());
  response->set("Cache-Control", "no-store");
  return std::move(*response);
}

}  // namespace

void add_call(http::Router& router, const Parts& parts, http::Method method, const char* pattern,
              Call call) {
  router.add(method, pattern, [&parts, call](http::Request& request, const http::Captures&) {
    return answered(call(request, parts));
  });
}

void add_call(http::Router& router, const Parts& parts, http::Method method, const char* pattern,
              CallOf call) {
  router.add(method, pattern,
             [&parts, call](http::Request& request, const http::Captures& captures) {
               return answered(call(request, parts, captures));
             });
}

}  // namespace api

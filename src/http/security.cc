#include "http/security.h"

#include "http/authority.h"
#include "http/percent.h"

namespace http {

const std::string_view strict_content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'";

namespace {

void add_missing(Response& response, const char* name, std::string_view value) {
  if (!response.header(name)) response.headers.emplace_back(name, value);
}

bool changes_something(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch ||
         method == Method::del;
}

}  // namespace

void add_security_headers(const Request& request, Response& response) {
  add_missing(response, "Content-Security-Policy", strict_content_policy);
  add_missing(response, "X-Content-Type-Options", "nosniff");
  // Not no-referrer: browsers would then send `Origin: null` with our own forms.
  add_missing(response, "Referrer-Policy", "same-origin");
  add_missing(response, "Cross-Origin-Opener-Policy", "same-origin");
  add_missing(response, "Cross-Origin-Embedder-Policy", "require-corp");
  add_missing(response, "Cross-Origin-Resource-Policy", "same-origin");
  add_missing(response, "Permissions-Policy",
              "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  // What a person sees is hers: only what a handler declares public may be kept by a cache.
  add_missing(response, "Cache-Control", "no-store");
  if (request.secure && !request.authority.empty() && !is_loopback_name(host_of(request.authority)))
    add_missing(response, "Strict-Transport-Security", "max-age=63072000");
}

bool carries_token(const Request& request) {
  const auto said = request.header("authorization");
  return said && equal_ignoring_case(said->substr(0, 7), "Bearer ");
}

std::optional<Response> refuse_foreign_origin(const Request& request) {
  if (carries_token(request)) return std::nullopt;
  if (!changes_something(request.method)) return std::nullopt;
  const auto origin = request.header("origin");
  if (!origin)
    return problem(403, "origin", "The request does not say where it comes from",
                   "A request that changes something needs the header Origin with the scheme and "
                   "host of this server.");
  if (*origin != request.origin())
    return problem(403, "origin", "The request comes from another place",
                   "The header Origin does not name the scheme and host of this server.");
  return std::nullopt;
}

}  // namespace http

#include "http/security.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "http/authority.h"
#include "http/percent.h"

namespace http {

namespace {

using Directive = std::pair<std::string_view, std::string_view>;
constexpr std::array kStrict{
    Directive{"default-src", "'none'"}, Directive{"script-src", "'self'"},
    Directive{"style-src", "'self'"},   Directive{"img-src", "'self' data:"},
    Directive{"font-src", "'self'"},    Directive{"connect-src", "'self'"},
    Directive{"form-action", "'self'"}, Directive{"frame-ancestors", "'none'"},
    Directive{"base-uri", "'none'"},
};

void add_missing(Response& response, const char* name, std::string_view value) {
  if (!response.header(name)) response.headers.emplace_back(name, value);
}

bool changes_something(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch ||
         method == Method::del;
}

}  // namespace

std::string content_policy(std::span<const Allowed> also) {
  std::vector<std::pair<std::string_view, std::string>> all(kStrict.begin(), kStrict.end());
  for (const auto& [directive, source] : also) {
    CHECK(directive != "script-src");  // no script but our own files, anywhere
    const auto found = std::ranges::find(all, directive, [](const auto& one) { return one.first; });
    if (found == all.end())
      all.emplace_back(directive, source);
    else
      found->second.append(" ").append(source);
  }
  std::string policy;
  for (const auto& [directive, sources] : all)
    policy.append(policy.empty() ? "" : "; ").append(directive).append(" ").append(sources);
  return policy;
}

void add_security_headers(const Request& request, Response& response) {
  if (!response.header("Content-Security-Policy"))
    response.headers.emplace_back("Content-Security-Policy", content_policy());
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

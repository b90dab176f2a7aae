// What a browser is told on every response, and what it must prove on every request that changes
// something. Owns the header texts; never weakens for a route: a response may tighten its own
// policy, and what it leaves out is filled in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/http.h"

namespace http {

/// What a page needs beside the policy of all: `{"media-src", "blob:"}`. Never a script.
struct Allowed {
  std::string_view directive, source;
};
/// The Content-Security-Policy: nothing by default; own style, script, pictures, fonts, forms and
/// connections; no frames; and what is allowed `also`.
std::string content_policy(std::span<const Allowed> also = {});

/// Adds what is missing of: Content-Security-Policy, X-Content-Type-Options, Referrer-Policy,
/// Cross-Origin-{Opener,Embedder,Resource}-Policy, Permissions-Policy, Cache-Control: no-store,
/// and, over TLS and for other than loopback names, Strict-Transport-Security.
void add_security_headers(const Request& request, Response& response);

/// Whether the request proves itself by a token in Authorization, which no browser adds by itself:
/// its cookies then count for nothing.
bool carries_token(const Request& request);

/// A 403 where an unsafe method does not come from a page of this very origin (Origin missing or
/// different); nothing where the request may go on, or carries a token.
std::optional<Response> refuse_foreign_origin(const Request& request);

}  // namespace http

#include <array>

#include "http/security.h"
#include "site/answers.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;

/// What a preview needs beside what all pages have: pictures, sound and film out of her own files,
/// and what was fetched of them as a `blob:`. The manifest is what a browser installs it by.
constexpr std::array kAlso{
    http::Allowed{"img-src", "blob:"},       http::Allowed{"media-src", "'self'"},
    http::Allowed{"media-src", "blob:"},     http::Allowed{"frame-src", "blob:"},
    http::Allowed{"manifest-src", "'self'"},
};

/// Who follows a link has its secret in the address: it goes to nobody, is kept by nobody and found
/// by nobody. The same whether or not there is such a link.
Response link_shell(const Parts& parts) {
  auto response = Response::html(200, parts.pages.link());
  response.set("Cache-Control", "no-store");
  response.set("Content-Security-Policy", http::content_policy(kAlso));
  response.set("Referrer-Policy", "no-referrer");
  response.set("X-Robots-Tag", "noindex, nofollow");
  return response;
}

/// What the application has alone, and where it was before.
struct Moved {
  const char* from;
  const char* to;
};
constexpr std::array kMoved{
    Moved{"/account/members", "/app/members"},
    Moved{"/account/sessions", "/app/security"},
    Moved{"/account/tokens", "/app/tokens"},
    Moved{"/security", "/app/security"},
};

}  // namespace

Response application_answer(const pages::Pages& pages, std::string_view path) {
  auto response = Response::html(200, pages.application(path));
  response.set("Cache-Control", "no-cache");
  response.set("Content-Security-Policy", http::content_policy(kAlso));
  return response;
}

void add_app_pages(http::Router& router, const Parts& parts) {
  const http::Handler shell = [&parts](Request& request, const http::Captures&) {
    return application_answer(parts.pages, request.path);
  };
  for (const auto& [from, to] : kMoved)
    router.add(http::Method::get, from,
               [to](Request&, const http::Captures&) { return Response::redirect(to); });
  router.add(http::Method::get, "/app", shell);
  router.add(http::Method::get, "/app/{path...}", shell);
}

void add_link_pages(http::Router& router, const Parts& parts) {
  router.add(http::Method::get, "/s/{token}",
             [&parts](Request&, const http::Captures&) { return link_shell(parts); });
}

}  // namespace site

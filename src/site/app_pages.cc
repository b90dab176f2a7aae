#include <string>

#include "site/answers.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;

/// What pages have (http::strict_content_policy), and what a preview needs: pictures, sound and
/// film out of her own files, and what was fetched of them as a `blob:`. No script but our own.
constexpr const char* kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; frame-src blob:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Who follows a link has its secret in the address: it goes to nobody, is kept by nobody and found
/// by nobody. The same whether or not there is such a link.
Response link_shell(const Parts& parts) {
  auto response = Response::html(200, parts.pages.link());
  response.set("Cache-Control", "no-store");
  response.set("Content-Security-Policy", kContentPolicy);
  response.set("Referrer-Policy", "no-referrer");
  response.set("X-Robots-Tag", "noindex, nofollow");
  return response;
}

}  // namespace

Response application_answer(const pages::Pages& pages) {
  auto response = Response::html(200, pages.application());
  response.set("Cache-Control", "no-cache");
  response.set("Content-Security-Policy", kContentPolicy);
  return response;
}

void add_app_pages(http::Router& router, const Parts& parts) {
  const http::Handler shell = [&parts](Request&, const http::Captures&) {
    return application_answer(parts.pages);
  };
  router.add(http::Method::get, "/app", shell);
  router.add(http::Method::get, "/app/{path...}", shell);
}

void add_link_pages(http::Router& router, const Parts& parts) {
  router.add(http::Method::get, "/s/{token}",
             [&parts](Request&, const http::Captures&) { return link_shell(parts); });
}

}  // namespace site

#include "notice/render.h"
#include "site/answers.h"
#include "site/site.h"

namespace site {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr base::Duration kSecurityTextLives = std::chrono::hours(24 * 180);

Response cached(Response response) {
  response.set("Cache-Control", "no-cache");
  return response;
}

Response of_visitor(std::string html, const pages::Visitor& visitor) {
  auto response = Response::html(200, std::move(html));
  response.set("Cache-Control", visitor.name ? "no-store" : "no-cache");
  return response;
}

/// Who looks at a page that is for everybody: nobody, where it cannot be said.
pages::Visitor passer_by(const Parts& parts, const Request& request) {
  const auto identity = signed_in(parts, request);
  return identity.ok() ? visitor(parts, *identity) : pages::Visitor{};
}

void add_notice(http::Router& router, const Parts& parts) {
  router.add(Method::get, "/notice", [&parts](Request& request, const http::Captures&) {
    return notice_answer(parts.pages, passer_by(parts, request));
  });
  router.add(Method::get, "/notice.json", [&parts](Request&, const http::Captures&) {
    return notice_json_answer(parts.notice);
  });
}

void add_terms(http::Router& router, const Parts& parts) {
  router.add(Method::get, "/terms", [&parts](Request& request, const http::Captures&) {
    return terms_answer(parts.pages, passer_by(parts, request));
  });
}

void add_assets(http::Router& router, const Parts& parts) {
  router.add(Method::get, "/assets/{name}", [&parts](Request& request, const http::Captures&) {
    return asset_answer(parts.pages, request.path, request.header("accept-encoding").value_or(""));
  });
}

void add_problem_types(http::Router& router, const Parts& parts) {
  router.add(Method::get, "/problems/{name}", [&parts](Request&, const http::Captures& captures) {
    auto page = parts.pages.problem_type({}, captures.at(0));
    if (!page) return http::problem({base::Code::missing, "there is no such problem"});
    return cached(Response::html(200, std::move(*page)));
  });
}

void add_well_known(http::Router& router, const Parts& parts, base::Clock& clock) {
  router.add(Method::get, "/.well-known/gpc.json",
             [&parts](Request&, const http::Captures&) { return gpc_answer(parts.notice); });
  router.add(Method::get, "/.well-known/change-password", [](Request&, const http::Captures&) {
    return Response::redirect("/account/password");
  });
  router.add(Method::get, "/.well-known/security.txt",
             [&parts, &clock](Request&, const http::Captures&) {
               // RFC 9116: Contact and Expires are what it must have.
               return cached(Response::text(
                   200, "Contact: mailto:" + parts.notice.operator_.contact +
                            "\nExpires: " + base::rfc3339(clock.now() + kSecurityTextLives) +
                            "\nPreferred-Languages: en, nb\n"));
             });
}

}  // namespace

Response notice_answer(const pages::Pages& pages, const pages::Visitor& visitor) {
  return of_visitor(pages.notice(visitor, {}), visitor);
}

Response terms_answer(const pages::Pages& pages, const pages::Visitor& visitor) {
  return of_visitor(pages.terms(visitor), visitor);
}

Response notice_json_answer(const notice::Document& document) {
  return cached(Response::json(200, notice::render_json(document)));
}

Response gpc_answer(const notice::Document& document) {
  // The Global Privacy Control signal is honoured; since when, is the notice's own date.
  return cached(Response::json(200, R"({"gpc":true,"lastUpdate":")" + document.effective + "\"}"));
}

Response asset_answer(const pages::Pages& pages, std::string_view path,
                      std::string_view accept_encoding) {
  const auto asset = pages.asset(path, accept_encoding);
  if (!asset) return http::problem({base::Code::missing, "there is no such asset"});
  Response response;
  response.body = asset->body;
  response.set("Content-Type", std::string(asset->type));
  response.set("Cache-Control", std::string(asset->cache_control));
  response.set("Vary", "Accept-Encoding");
  if (!asset->encoding.empty()) response.set("Content-Encoding", std::string(asset->encoding));
  return response;
}

void add_public_pages(http::Router& router, const Parts& parts) {
  router.add(Method::get, "/", [&parts](Request& request, const http::Captures&) {
    const auto visitor = passer_by(parts, request);
    return of_visitor(parts.pages.home(visitor), visitor);
  });
  router.add(Method::get, "/receipt", [&parts](Request& request, const http::Captures&) {
    return cached(Response::html(
        200, parts.pages.check_receipt(passer_by(parts, request), {parts.origin(request) + "/log",
                                                                   parts.ledger.verifier_key()})));
  });
  add_notice(router, parts);
  add_terms(router, parts);
  add_assets(router, parts);
  add_problem_types(router, parts);
  add_well_known(router, parts, parts.clock);
}

}  // namespace site

// The first login of somebody whom an import has brought: she accepts, or leaves.
#include "api/api.h"
#include "api/limit.h"
#include "pages/pages.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;

Response accept(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  pages::ArrivalForm shown{.half = form->get("half").value_or(""), .next = field(*form, "next")};
  const Declared declared = declared_in(parts, *form, shown.errors);
  shown.adult_professional = declared.adult_professional;
  shown.terms = declared.terms;
  if (!shown.errors.empty()) return page(400, parts.pages.arrival({}, shown));
  if (const auto may = api::limit(parts.api, request, api::Act::follow); !may.ok())
    return http::problem(may.error());
  const auto session =
      parts.accounts.accept(shown.half, declared.shown, api::visit_of(parts.api, request));
  if (!session.ok()) return http::problem(session.error());
  if (!*session) return log_in_again(parts);
  auto response = Response::redirect(next_page(form->get("next").value_or("")));
  api::greet(response, **session);
  return response;
}

Response decline(const Parts& parts, const Request& request) {
  const auto form = read_form(request);
  if (!form.ok()) return http::problem(form.error());
  if (const auto may = api::limit(parts.api, request, api::Act::follow); !may.ok())
    return http::problem(may.error());
  const auto receipt = parts.accounts.decline(form->get("half").value_or(""));
  if (!receipt.ok()) return http::problem(receipt.error());
  if (!*receipt) return log_in_again(parts);
  return receipt_page(parts, request, **receipt);
}

}  // namespace

void add_arrival_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  using Page = Response (*)(const Parts&, const Request&);
  const auto add = [&](Method method, const char* path, Page show) {
    router.add(method, path, [&parts, show](Request& request, const http::Captures&) {
      return show(parts, request);
    });
  };
  add(Method::post, "/login/accept", accept);
  add(Method::post, "/login/decline", decline);
}

}  // namespace site

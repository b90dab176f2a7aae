// Where she is logged in, as a page: what /v1/sessions says, in other clothes.
#include "api/api.h"
#include "http/form.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kFormBytes = 4 * 1024;

base::Result<Response> show(const Parts& parts, const accounts::Identity& identity,
                            const Request& request) {
  pages::SessionsPage page;
  const auto note = request.parameter("note").value_or("");
  page.note = note == "ended"    ? pages::SessionsNote::ended
              : note == "others" ? pages::SessionsNote::others_ended
                                 : pages::SessionsNote::none;
  for (auto& session : TRY(parts.api.sessions.list(identity)))
    page.sessions.push_back({session.id.str(), std::move(session.program),
                             std::move(session.system), std::move(session.country), session.started,
                             session.last_used,
                             session.current ? pages::Ticked::yes : pages::Ticked::no});
  auto response = Response::html(200, parts.pages.sessions(visitor(parts, identity), page));
  response.set("Cache-Control", "no-store");
  return response;
}

base::Result<Response> end(const Parts& parts, const accounts::Identity& identity,
                           const Request& request) {
  const std::string text = TRY(request.read_body(kFormBytes));
  const auto form = TRY(http::Form::parse(text));
  const auto id = base::SessionId::parse(form.get("session").value_or(""));
  if (!id.ok()) return base::Error{base::Code::missing, "there is no such session"};
  const auto ended = parts.api.sessions.end(identity, *id);
  // Over already: what she wanted.
  if (!ended.ok() && ended.code() != base::Code::missing) return ended.error();
  if (*id != identity.session) return Response::redirect("/account/sessions?note=ended");
  auto response = Response::redirect("/login?note=out");
  api::end_cookie(request, response);
  return response;
}

base::Result<Response> end_others(const Parts& parts, const accounts::Identity& identity,
                                  const Request&) {
  TRY(parts.api.sessions.end_others(identity));
  return Response::redirect("/account/sessions?note=others");
}

}  // namespace

void add_session_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  add_hers(router, parts, Method::get, "/account/sessions", show);
  add_hers(router, parts, Method::post, "/account/sessions/end", end);
  add_hers(router, parts, Method::post, "/account/sessions/end-others", end_others);
}

}  // namespace site

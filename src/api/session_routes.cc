// Where she is logged in: /v1/sessions.
#include "api/api.h"
#include "api/body.h"
#include "api/call.h"

namespace api {
namespace {

using http::Request;
using http::Response;

std::string day_of(base::Time time) { return base::rfc3339(time).substr(0, 10); }

std::string json_of(const accounts::SessionShown& session) {
  Json json;
  json.add("id", session.id.str())
      .add("current", session.current ? Truth::yes : Truth::no)
      .add("started", day_of(session.started))
      .add("last_used", day_of(session.last_used));
  const auto add = [&](const char* name, const base::Personal<std::string>& value) {
    if (const std::string& text = http::Door::open(value); !text.empty()) json.add(name, text);
  };
  add("program", session.program);
  add("system", session.system);
  add("country", session.country);
  return json.str();
}

base::Result<Response> list(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  std::string sessions;
  for (const auto& session : TRY(parts.sessions.list(identity)))
    sessions += (sessions.empty() ? "" : ",") + json_of(session);
  return Response::json(200, Json().add_raw("sessions", "[" + sessions + "]").str());
}

base::Result<Response> end_others(const Request& request, const Parts& parts) {
  const auto identity = TRY(identify(parts.accounts, request));
  const std::uint64_t ended = TRY(parts.sessions.end_others(identity));
  return Response::json(200, Json().add("ended", ended).str());
}

base::Result<Response> end(const Request& request, const Parts& parts,
                           const http::Captures& captures) {
  const auto identity = TRY(identify(parts.accounts, request));
  const auto id = base::SessionId::parse(captures.at(0));
  if (!id.ok()) return base::Error{base::Code::missing, "there is no such session"};
  TRY(parts.sessions.end(identity, *id));
  Response response = Response::empty(204);
  if (*id == identity.session) end_cookie(request, response);
  return response;
}

}  // namespace

void add_session_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::get, "/v1/sessions", list);
  add_call(router, parts, Method::del, "/v1/sessions", end_others);
  add_call(router, parts, Method::del, "/v1/sessions/{session}", end);
}

}  // namespace api

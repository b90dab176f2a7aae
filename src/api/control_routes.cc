// GET /v1/accounts?after=ID and /v1/accounts/ID, on the control socket.
#include "api/body.h"
#include "api/control.h"

namespace api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

constexpr std::size_t kDayLetters = 10;  // of 2026-11-23T12:00:00Z

std::string json_of(const accounts::AccountListed& account) {
  return Json()
      .add("account", account.account.str())
      .add("state", account.state.c_str())
      .add("created", base::rfc3339(account.created).substr(0, kDayLetters))
      .add("members", account.members)
      .str();
}

base::Result<base::AccountId> parse_account(std::string_view text) {
  const auto account = base::AccountId::parse(text);
  if (!account.ok())
    return base::Error{base::Code::invalid, "an account's id has 26 letters and digits"};
  return *account;
}

base::Result<Response> list(const Request& request, const Captures&, const ControlParts& parts) {
  base::AccountId after;
  if (const auto said = request.parameter("after")) after = TRY(parse_account(*said));
  const auto found = TRY(parts.roster.list(after, accounts_listed_max));
  std::string accounts;
  for (const accounts::AccountListed& account : found) {
    if (!accounts.empty()) accounts += ',';
    accounts += json_of(account);
  }
  Json answer;
  answer.add_raw("accounts", "[" + accounts + "]");
  if (found.size() == accounts_listed_max) answer.add("next", found.back().account.str());
  return Response::json(200, answer.str());
}

base::Result<Response> show(const Request&, const Captures& captures, const ControlParts& parts) {
  const auto account = TRY(parse_account(captures.at(0)));
  const auto found = TRY(parts.roster.find(account));
  return Response::json(200, json_of(found));
}

}  // namespace

void add_control_routes(http::Router& router, const ControlParts& parts) {
  using http::Method;
  using Call = base::Result<Response> (*)(const Request&, const Captures&, const ControlParts&);
  const auto add = [&](Method method, const char* pattern, Call call) {
    router.add(method, pattern, [&parts, call](Request& request, const Captures& captures) {
      auto response = call(request, captures, parts);
      return response.ok() ? std::move(*response) : http::problem(response.error());
    });
  };
  add(Method::get, "/v1/accounts", list);
  add(Method::get, "/v1/accounts/{id}", show);
}

}  // namespace api

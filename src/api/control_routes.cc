// On the control socket: GET /v1/accounts?after=ID, /v1/accounts/ID; POST /v1/accounts/ID/plan with
// the plan's name, /v1/imports?dry_run=true
// with a file as its body, /v1/imports/invitations.
#include "api/body.h"
#include "api/control.h"

namespace api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

constexpr std::size_t kPlanBytes = 1024;
constexpr std::size_t kDayLetters = 10;  // of 2026-11-23T12:00:00Z

/// Of the plan that it has, or begins with.
std::string plan_name(const accounts::AccountListed& account, const notice::Plans& plans) {
  const notice::Plan* plan = account.plan ? plans.numbered(*account.plan) : &plans.first;
  return plan == nullptr ? std::string() : plan->name;
}

std::string json_of(const accounts::AccountListed& account, const notice::Plans& plans) {
  Json roles;
  for (std::size_t i = 0; i < account.by_role.size(); ++i)
    roles.add(to_string(accounts::all_roles[i]).c_str(), account.by_role[i]);
  return Json()
      .add("account", account.account.str())
      .add("state", account.state.c_str())
      .add("created", base::rfc3339(account.created).substr(0, kDayLetters))
      .add("plan", plan_name(account, plans))
      .add("members", account.members)
      .add_raw("roles", roles.str())
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
    accounts += json_of(account, parts.plans.all());
  }
  Json answer;
  answer.add_raw("accounts", "[" + accounts + "]");
  if (found.size() == accounts_listed_max) answer.add("next", found.back().account.str());
  return Response::json(200, answer.str());
}

base::Result<Response> show(const Request&, const Captures& captures, const ControlParts& parts) {
  const auto account = TRY(parse_account(captures.at(0)));
  const auto found = TRY(parts.roster.find(account));
  return Response::json(200, json_of(found, parts.plans.all()));
}

base::Result<Response> give_plan(const Request& request, const Captures& captures,
                                 const ControlParts& parts) {
  const auto account = TRY(parse_account(captures.at(0)));
  Body body = TRY(Body::read(request, kPlanBytes));
  const std::string plan = TRY(body.text("plan", "plan: the name of a plan"));
  TRY(body.nothing_else());
  TRY(parts.plans.give(account, plan));
  const auto found = TRY(parts.roster.find(account));
  return Response::json(200, json_of(found, parts.plans.all()));
}

std::string json_of(const accounts::Imported& outcome, accounts::ImportMode mode) {
  std::string findings;
  for (const accounts::ImportFinding& finding : outcome.findings) {
    if (!findings.empty()) findings += ',';
    findings += Json()
                    .add("line", finding.at.line)
                    .add("column", finding.at.column)
                    .add("what", finding.what.c_str())
                    .str();
  }
  return Json()
      .add("dry_run", mode == accounts::ImportMode::dry ? Truth::yes : Truth::no)
      .add("rows", outcome.rows)
      .add("made", outcome.made)
      .add("known", outcome.known)
      .add("wrong", outcome.wrong)
      .add_raw("findings", "[" + findings + "]")
      .str();
}

base::Result<Response> import(const Request& request, const Captures&, const ControlParts& parts) {
  const auto kind = request.header("content-type").value_or("");
  if (kind != "text/csv" && kind != "application/json")
    return base::Error{base::Code::unsupported, "a file is text/csv or application/json"};
  const auto dry = request.parameter("dry_run");
  if (dry && *dry != "true" && *dry != "false")
    return base::Error{base::Code::invalid, "dry_run is true or false"};
  const auto format =
      kind == "text/csv" ? accounts::ImportFormat::csv : accounts::ImportFormat::json;
  const auto mode = dry == "true" ? accounts::ImportMode::dry : accounts::ImportMode::real;
  const auto outcome = TRY(parts.import.run(
      format, mode, [&request](base::Mutable out) { return request.body->read(out); }));
  return Response::json(200, json_of(outcome, mode));
}

base::Result<Response> invite(const Request&, const Captures&, const ControlParts& parts) {
  const auto outcome = TRY(parts.import.invite(parts.origin));
  return Response::json(200,
                        Json().add("invited", outcome.invited).add("left", outcome.left).str());
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
  add(Method::post, "/v1/accounts/{id}/plan", give_plan);
  add(Method::post, "/v1/imports", import);
  add(Method::post, "/v1/imports/invitations", invite);
}

}  // namespace api

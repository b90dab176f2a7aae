#include "app/account_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/control_server.h"
#include "app/failed.h"
#include "base/id.h"
#include "client/control.h"

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;
using client::ControlAnswer;
using client::ControlClient;
using nlohmann::json;

constexpr int kNo = 1;
constexpr int kCannot = 2;

/// What the server refuses, in its words; with --json, as it said it.
int refused(const char* command, const ControlAnswer& answer, bool as_json) {
  const int exit_code = answer.status == 404 ? kNo : kCannot;
  if (as_json) fmt::print("{}\n", answer.body);
  const json problem = json::parse(answer.body, nullptr, false);
  fmt::print(stderr, "{}: {}\n", command,
             problem.is_object() ? problem.value("detail", "the server refuses")
                                 : std::string("the server does not answer as it should"));
  return exit_code;
}

Result<json> parsed(const ControlAnswer& answer) {
  json body = json::parse(answer.body, nullptr, false);
  if (!body.is_object()) return Error{Code::corrupt, "the server does not answer as it should"};
  return body;
}

std::string word(const json& object, const char* name) { return object.value(name, std::string()); }

/// One line, or one member of the list.
void print_listed(const json& account, bool as_json) {
  if (as_json)
    fmt::print("{}", account.dump());
  else
    fmt::print("{:26}  {:8}  {:10}  {:>7}\n", word(account, "account"), word(account, "state"),
               word(account, "created"), account.value("members", 0U));
}

/// `1 owner, 2 readers`: those that there are.
std::string roles_in(const json& account) {
  std::string said;
  for (const char* role : {"owner", "admin", "member", "reader"}) {
    const auto count = account.value("roles", json::object()).value(role, std::uint64_t{0});
    if (count == 0) continue;
    said += fmt::format("{}{} {}{}", said.empty() ? "" : ", ", count, role, count == 1 ? "" : "s");
  }
  return said;
}

/// Page by page, so that a million of them need no room.
Result<int> list(ControlClient& server, bool as_json) {
  bool first = true;
  for (std::string after;;) {
    const auto answer =
        TRY(server.get("/v1/accounts" + (after.empty() ? std::string() : "?after=" + after)));
    if (answer.status != 200) return refused("account list", answer, as_json);
    const json page = TRY(parsed(answer));
    if (after.empty() && as_json) fmt::print("[");
    if (after.empty() && !as_json)
      fmt::print("{:26}  {:8}  {:10}  {:>7}\n", "account", "state", "created", "members");
    for (const json& account : page.value("accounts", json::array())) {
      if (as_json && !first) fmt::print(",\n");
      print_listed(account, as_json);
      first = false;
    }
    after = word(page, "next");
    if (after.empty()) break;
  }
  if (as_json) fmt::print("]\n");
  return 0;
}

struct One {
  std::optional<json> account;
  int exit_code = 0;  // where there is none
};

/// The account that the options name, once it has the plan that they give it.
One one(const AccountOptions& options, const char* command) {
  const auto ask = [&]() -> Result<One> {
    // It goes into an address: nothing else may be in it.
    if (!base::AccountId::parse(options.account).ok())
      return Error{Code::invalid, "ID: an account's id has 26 letters and digits"};
    auto server = TRY(ControlClient::open(control_path(options.data)));
    const std::string path = "/v1/accounts/" + options.account;
    const auto answer = TRY(options.plan.empty()
                                ? server.get(path)
                                : server.post(path + "/plan", json{{"plan", options.plan}}.dump()));
    if (answer.status != 200) return One{std::nullopt, refused(command, answer, options.json)};
    json account = TRY(parsed(answer));
    return One{std::move(account), 0};
  };
  auto asked = ask();
  return asked.ok() ? std::move(*asked) : One{std::nullopt, failed(command, asked.error())};
}

}  // namespace

int account_list(const AccountOptions& options) {
  const auto listed = [&]() -> Result<int> {
    auto server = TRY(ControlClient::open(control_path(options.data)));
    return list(server, options.json);
  };
  const auto done = listed();
  return done.ok() ? *done : failed("account list", done.error());
}

int account_show(const AccountOptions& options) {
  const auto shown = one(options, "account show");
  if (!shown.account) return shown.exit_code;
  const json& account = *shown.account;
  if (options.json)
    fmt::print("{}\n", account.dump());
  else
    fmt::print(
        "account  {}\nstate    {}\ncreated  {}\nplan     {}\nmembers  {}: {}\n"
        "Names and addresses are not shown: the notice gives them to staff under a grant alone.\n",
        word(account, "account"), word(account, "state"), word(account, "created"),
        word(account, "plan"), account.value("members", 0U), roles_in(account));
  return 0;
}

int account_plan(const AccountOptions& options) {
  const auto shown = one(options, "account plan");
  if (!shown.account) return shown.exit_code;
  if (options.json)
    fmt::print("{}\n", shown.account->dump());
  else
    fmt::print("{}\n", word(*shown.account, "plan"));
  return 0;
}

}  // namespace app

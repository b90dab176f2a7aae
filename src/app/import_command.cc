#include "app/import_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/control_server.h"
#include "app/failed.h"
#include "client/control.h"

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;
using client::ControlAnswer;
using client::ControlClient;
using nlohmann::json;

constexpr int kWrong = 1;
constexpr std::uint64_t kSayEveryBytes = 256UL << 10;

/// Media type of the file; nothing where it cannot be told.
const char* kind_of(const ImportOptions& options) {
  if (options.format == "csv" || (options.format.empty() && options.file.ends_with(".csv")))
    return "text/csv";
  if (options.format == "json" || (options.format.empty() && options.file.ends_with(".json")))
    return "application/json";
  return nullptr;
}

/// What it said, where it said yes.
Result<json> accepted(const ControlAnswer& answer) {
  json body = json::parse(answer.body, nullptr, false);
  if (answer.status == 200 && body.is_object()) return body;
  if (answer.status == 409)
    return Error{Code::conflict, "another import is under way: wait for it to end"};
  if (answer.status == 413) return Error{Code::too_large, "the file is too large: split it"};
  if (answer.status == 507) return Error{Code::full, "no space is left on the server's disk"};
  return Error{Code::unavailable, "the server could not do it; its log says why"};
}

/// One pass over the file.
Result<json> pass(ControlClient& server, const ImportOptions& options, bool dry) {
  base::RealDisk disk;
  const auto file = TRY_AS(disk.open(options.file, base::Open::read), "FILE: it cannot be opened");
  const auto size = TRY(file->size());
  std::uint64_t said = 0;
  const auto progress = [&](std::uint64_t sent) {
    if (options.json || sent < said + kSayEveryBytes) return;
    said = sent;
    fmt::print(stderr, "\r{} {} of {} KB", dry ? "looked through" : "imported", sent / 1000,
               size / 1000);
  };
  const auto answer = TRY(server.send(dry ? "/v1/imports?dry_run=true" : "/v1/imports",
                                      kind_of(options), *file, progress));
  if (said > 0) fmt::print(stderr, "\n");
  return accepted(answer);
}

std::uint64_t count(const json& outcome, const char* name) {
  return outcome.value(name, std::uint64_t{0});
}

void print_findings(const ImportOptions& options, const json& outcome) {
  for (const json& finding : outcome.value("findings", json::array()))
    fmt::print(stderr, "{}:{}:{}: {}\n", options.file, count(finding, "line"),
               count(finding, "column"), finding.value("what", std::string()));
  const auto shown = outcome.value("findings", json::array()).size();
  if (count(outcome, "wrong") > shown)
    fmt::print(stderr, "and {} more\n", count(outcome, "wrong") - shown);
}

/// As one pass came out. Exit code.
int report(const ImportOptions& options, json outcome) {
  const bool wrong = count(outcome, "wrong") > 0;
  const bool dry = outcome.value("dry_run", false);
  if (options.json) {
    outcome["file"] = options.file;
    fmt::print("{}\n", outcome.dump());
    return wrong ? kWrong : 0;
  }
  print_findings(options, outcome);
  fmt::print("{} {}{}, {} known already.\n", count(outcome, "made"),
             dry ? "accounts would be made" : "accounts made",
             wrong && dry ? " if nothing were wrong" : "", count(outcome, "known"));
  if (wrong && !dry && count(outcome, "made") > 0)
    fmt::print(
        "The file has changed since it was looked through: what was made stays. Correct it, "
        "and import it again.\n");
  else if (wrong)
    fmt::print("Nothing is imported from a file in which something is wrong.\n");
  return wrong ? kWrong : 0;
}

/// Round by round: each is a request of its own, and a kill between two loses nothing.
Result<std::uint64_t> invite_all(ControlClient& server) {
  std::uint64_t invited = 0;
  while (true) {
    const auto answer = TRY(server.post("/v1/imports/invitations"));
    const json round = TRY(accepted(answer));
    invited += count(round, "invited");
    if (count(round, "left") == 0) return invited;
    if (count(round, "invited") == 0)
      return Error{Code::unavailable, "some cannot be invited now; try again later"};
  }
}

void print_invited(std::uint64_t invited, bool as_json) {
  if (as_json)
    fmt::print("{{\"invited\":{}}}\n", invited);
  else
    fmt::print("{} invitations are on their way.\n", invited);
}

}  // namespace

int account_import(const ImportOptions& options) {
  const auto done = [&]() -> Result<int> {
    if (kind_of(options) == nullptr)
      return Error{Code::invalid, "--format: csv or json? The file's name does not tell"};
    auto server = TRY(ControlClient::open(control_path(options.data)));
    const json looked = TRY(pass(server, options, true));
    if (options.dry_run || count(looked, "wrong") > 0) return report(options, looked);
    const json made = TRY(pass(server, options, false));
    const int exit_code = report(options, made);
    if (exit_code != 0 || !options.invite) return exit_code;
    const auto invited = TRY(invite_all(server));
    print_invited(invited, options.json);
    return 0;
  }();
  return done.ok() ? *done : failed("account import", done.error());
}

int account_invite(const InviteOptions& options) {
  const auto done = [&]() -> Result<std::uint64_t> {
    auto server = TRY(ControlClient::open(control_path(options.data)));
    return invite_all(server);
  }();
  if (!done.ok()) return failed("account invite", done.error());
  print_invited(*done, options.json);
  return 0;
}

}  // namespace app

#include "app/init_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/doctor_command.h"
#include "app/holder_command.h"
#include "app/load_notice.h"
#include "app/mail_command.h"
#include "app/replica_command.h"
#include "app/settings.h"
#include "base/host.h"
#include "base/terminal.h"
#include "holder/known.h"
#include "vault/address.h"

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kNo = 1;
constexpr int kCannot = 2;

/// What an earlier run, or an operator, has left.
struct There {
  std::optional<notice::Document> notice;
  std::optional<ServeOptions> settings;
  holder::KnownHolders holders;

  const holder::Known* follower() const {
    const auto found =
        std::ranges::find(holders.all, holder::Replicates::yes, &holder::Known::replicates);
    return found == holders.all.end() ? nullptr : &*found;
  }
};

std::string settings_file(const ServeOptions& served) { return served.data + ".serve.conf"; }

int refuse(const std::vector<std::string>& lines, int exit_code = kCannot) {
  for (const std::string& line : lines) fmt::print(stderr, "init: {}\n", line);
  return exit_code;
}

/// The notice at `file`; nothing where there is none. What is wrong goes to `faults`.
std::optional<notice::Document> notice_there(const std::string& file,
                                             std::vector<std::string>& faults) {
  auto checked = check_notice_file(file);
  if (!checked.ok()) {
    if (checked.code() != Code::missing) faults.push_back(file + ": " + checked.error().chain());
    return std::nullopt;
  }
  if (!checked->ok()) {
    faults.push_back(file + " is there, and is refused; scalign notice check says why");
    return std::nullopt;
  }
  return std::move(checked->document);
}

std::optional<ServeOptions> settings_there(base::Disk& disk, const std::string& file,
                                           std::vector<std::string>& faults) {
  const auto bytes = base::read_file(disk, file, kSettingsBytes);
  if (!bytes.ok()) {
    if (bytes.code() != Code::missing) faults.push_back(file + ": " + bytes.error().chain());
    return std::nullopt;
  }
  ServeOptions settings;
  for (std::string& fault : parse_settings(file, base::text(*bytes), settings))
    faults.push_back(std::move(fault));
  return settings;
}

/// What somebody else puts beside the data would be taken for the operator's own notice or
/// settings.
std::vector<std::string> shared_place(const std::string& data) {
  if (data.empty()) return {};
  const std::string around = base::parent_of(data);
  const auto status = base::file_status(around, base::Links::follow);
  if (!status.ok() || !status->changeable_by_others_than(base::effective_user())) return {};
  return {
      fmt::format("--data: others may write into {}, and init puts notice and settings there; "
                  "choose a directory "
                  "that is yours alone, or chmod go-w it",
                  around)};
}

There look(base::Disk& disk, const ServeOptions& served, std::vector<std::string>& faults) {
  There there;
  if (served.data.empty()) return there;
  there.settings = settings_there(disk, settings_file(served), faults);
  // The settings that are there may say where notice and root are.
  ServeOptions all = served;
  if (there.settings) fill_settings(*there.settings, all);
  there.notice =
      notice_there(all.notice.empty() ? served.data + ".notice.yaml" : all.notice, faults);
  auto holders = holder::read_known(disk, root_of(all));
  if (holders.ok())
    there.holders = std::move(*holders);
  else
    faults.push_back("the list of holders: " + holders.error().chain());
  return there;
}

std::string text_of(const holder::Known& known) {
  return fmt::format("{} ({}:{})", known.name, known.place.host, known.place.port);
}

/// Whether `known` is the holder that `facts` name.
bool is_named(const holder::Known& known, const InitFacts& facts) {
  const auto place = base::parse_place(facts.replica);
  return place.ok() && known.name == facts.replica_name && known.place.host == place->host &&
         known.place.port == place->port;
}

std::vector<std::string> what_differs(const There& there, const InitFacts& facts) {
  std::vector<std::string> all;
  if (there.notice) all = differences(notice::facts_of(*there.notice), facts.own);
  if (there.settings)
    for (std::string& line : differences(*there.settings, facts.served))
      all.push_back(std::move(line));
  const holder::Known* follower = there.follower();
  const bool no_replica = there.settings && there.settings->no_replica;
  if (!facts.replica.empty() && no_replica)
    all.push_back("--replica: no-replica is there, " + facts.replica + " is given");
  else if (!facts.replica.empty() && follower != nullptr && !is_named(*follower, facts))
    all.push_back(fmt::format("--replica: {} is there, {} ({}) is given", text_of(*follower),
                              facts.replica_name, facts.replica));
  return all;
}

/// What is about to be done, and found without objection.
struct Plan {
  InitFacts facts;
  std::string notice_text;    // empty where the notice is there
  std::string settings_text;  // empty where the settings are there
};

std::string today() {
  base::SystemClock clock;
  return base::rfc3339(clock.now()).substr(0, 10);
}

notice::OwnFacts own_facts(const InitFacts& facts) {
  notice::OwnFacts own = facts.own;
  own.effective = today();
  if (const auto server = smtp_server(facts.served.smtp)) own.mail_host = server->place.host;
  own.holder_hosts = holder_hosts(facts.served);
  const auto replica = base::parse_place(facts.replica);
  if (replica.ok() && std::ranges::find(own.holder_hosts, replica->host) == own.holder_hosts.end())
    own.holder_hosts.push_back(replica->host);
  return own;
}

/// Every reason why `facts` would not be served under this notice.
std::vector<std::string> all_objections(const InitFacts& facts, const notice::Document& document) {
  auto reasons = objections(facts.served, document, {});
  std::vector<std::string> hosts = holder_hosts(facts.served);
  const auto replica = base::parse_place(facts.replica);
  if (replica.ok()) hosts.push_back(replica->host);
  for (std::string& reason : holder_objections(hosts, document)) reasons.push_back(reason);
  for (std::string& reason : replica_objections(facts.served)) reasons.push_back(reason);
  return reasons;
}

/// Exit code, where it is not 0.
int make_plan(const There& there, Plan& plan) {
  const notice::Document* document = there.notice ? &*there.notice : nullptr;
  notice::Checked checked;
  if (document == nullptr) {
    plan.notice_text = notice::own_notice(own_facts(plan.facts));
    checked = notice::check(plan.facts.served.notice, plan.notice_text);
    if (!checked.ok()) {
      fmt::print(stderr, "{}init: a notice with these facts is refused\n", checked.report());
      return kCannot;
    }
    document = &*checked.document;
  }
  auto reasons = all_objections(plan.facts, *document);
  if (!there.settings) {
    auto text = settings_text(plan.facts.served);
    if (text.ok())
      plan.settings_text = std::move(*text);
    else
      reasons.push_back(text.error().chain());
  }
  return reasons.empty() ? 0 : refuse(reasons);
}

Result<void> write_new(base::Disk& disk, const std::string& file, const std::string& text) {
  if (TRY(disk.exists(file))) return Error{Code::conflict, "it is there meanwhile"};
  return base::write_file_atomically(disk, file, base::view(text));
}

/// Exit code.
int follow(const There& there, const InitFacts& facts) {
  if (facts.replica.empty()) return 0;
  const ServeOptions& served = facts.served;
  const holder::Known* known = there.holders.find(facts.replica_name);
  if (known == nullptr || !is_named(*known, facts)) {
    const int added = holder_add({served.data, served.root, facts.replica_name, facts.replica,
                                  facts.code_file, served.passphrase_file});
    if (added != 0) return added;
  }
  if (known != nullptr && known->replicates == holder::Replicates::yes) return 0;
  return holder_replicate({served.data, served.root, {}, {}, facts.replica_name});
}

int write_one(base::Disk& disk, const std::string& file, const std::string& text) {
  if (text.empty()) {
    fmt::print("Kept     {}\n", file);
    return 0;
  }
  if (const auto written = write_new(disk, file, text); !written.ok())
    return refuse({file + ": " + written.error().chain()});
  fmt::print("Written  {}\n", file);
  return 0;
}

/// Exit code. The holder first: its code is good once, and a second run goes on from there.
int carry_out(base::Disk& disk, const There& there, const Plan& plan) {
  const ServeOptions& served = plan.facts.served;
  if (const auto made = disk.make_directory(served.data); !made.ok())
    return refuse({served.data + ": " + made.error().chain()});
  if (const int followed = follow(there, plan.facts); followed != 0) return followed;
  if (const int written = write_one(disk, served.notice, plan.notice_text); written != 0)
    return written;
  return write_one(disk, settings_file(served), plan.settings_text);
}

int try_mail(const std::string& address, const InitOptions& options, const ServeOptions& served) {
  if (address.empty()) return 0;
  MailTestOptions test;
  test.address = address;
  test.resolver = options.resolver;
  test.selectors = options.dkim_selectors;
  test.served = served;
  return mail_test(test);
}

void say_what_is_next(const Plan& plan) {
  const ServeOptions& served = plan.facts.served;
  if (!plan.notice_text.empty()) {
    fmt::print(
        "\nThe notice is your promise: read it before anybody is served. What no answer has "
        "changed:\n");
    for (const notice::ToRead& place :
         notice::still_to_read(plan.notice_text, plan.facts.own.country))
      fmt::print("  line {:<5} {}\n", place.line, place.why);
  }
  fmt::print("\nNext:\n  scalign serve --config {}\n\nWhat doctor says:\n", settings_file(served));
  std::fflush(stdout);
}

int examine(const ServeOptions& served) {
  DoctorOptions doctor;
  doctor.served = served;
  doctor.served.config = settings_file(served);
  return doctor_command(doctor);
}

void set_paths(ServeOptions& served) {
  make_paths_absolute(served);
  if (served.notice.empty() && !served.data.empty()) served.notice = served.data + ".notice.yaml";
}

}  // namespace

int init_command(const InitOptions& options) {
  base::RealDisk disk;
  const bool terminal = base::on_a_terminal();
  Plan plan{options.facts, {}, {}};
  InitFacts& facts = plan.facts;
  if (facts.served.data.empty() && terminal)
    facts.served.data = base::ask_on_terminal("Directory of all data:").value_or("");
  make_paths_absolute(facts.served);
  std::vector<std::string> faults = shared_place(facts.served.data);
  const There there = look(disk, facts.served, faults);
  if (!faults.empty()) return refuse(faults);
  if (const auto lines = what_differs(there, facts); !lines.empty()) {
    refuse(lines);
    return refuse({"nothing was changed: correct " + settings_file(facts.served) +
                   " and the notice by hand, or leave these options out"},
                  kNo);
  }
  if (there.settings) fill_settings(*there.settings, facts.served);
  if (there.notice) fill_facts(notice::facts_of(*there.notice), facts.own);
  auto lacking = complete(facts, terminal ? Ask(base::ask_on_terminal) : Ask(),
                          {there.settings.has_value(), there.follower() != nullptr});
  std::string test_mail = options.test_mail;
  if (terminal && lacking.empty() && !there.settings && test_mail.empty() &&
      !facts.served.smtp.server.empty())
    test_mail = base::ask_on_terminal("Address to try a mail to (empty: none):").value_or("");
  if (facts.served.data.empty())
    lacking.insert(lacking.begin(), "--data: the directory of all data");
  if (!test_mail.empty() && !vault::Address::parse(test_mail).ok())
    lacking.emplace_back("--test-mail: give a mail address");
  if (!test_mail.empty() && facts.served.smtp.server.empty())
    lacking.emplace_back("--test-mail: there is no mail server to send it; give --smtp");
  if (!lacking.empty()) return refuse(lacking);
  set_paths(facts.served);
  if (const int refused = make_plan(there, plan); refused != 0) return refused;
  if (const int failed = carry_out(disk, there, plan); failed != 0) return failed;
  const int mailed = try_mail(test_mail, options, facts.served);
  say_what_is_next(plan);
  const int examined = examine(facts.served);
  return std::max(mailed == 0 ? 0 : kNo, examined);
}

}  // namespace app

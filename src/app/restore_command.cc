#include "app/restore_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/load_notice.h"
#include "app/restore.h"
#include "client/log_source.h"

namespace app {
namespace {

constexpr int kCannot = 2;
constexpr int kUnsound = 1;
constexpr std::size_t kShown = 20;
constexpr std::size_t kCheckpointMax = 64 << 10;
constexpr base::Literal kReport = "restore-report.json";

template <class Ids>
std::vector<std::string> names(const Ids& ids) {
  std::vector<std::string> out;
  for (const auto& id : ids) out.push_back(id.str());
  return out;
}

template <class Ids>
void show(const char* what, const Ids& ids) {
  fmt::print("{:<52} {}\n", what, ids.size());
  for (std::size_t i = 0; i < std::min(ids.size(), kShown); ++i) fmt::print("  {}\n", ids[i].str());
  if (ids.size() > kShown) fmt::print("  and {} more (--json lists all)\n", ids.size() - kShown);
}

nlohmann::ordered_json json_of(const TakenOver& taken) {
  return {{"verdict", holder::meaning_of(taken.offer.verdict).c_str()},
          {"serves", holder::serves(taken.offer.verdict)},
          {"incarnation", taken.incarnation},
          {"epoch", taken.offer.status.epoch},
          {"leaves", taken.offer.status.leaves},
          {"intents", taken.offer.status.intents},
          {"pages", taken.fetched.pages},
          {"pages_unreadable", taken.fetched.pages_unreadable},
          {"new_log_origin", taken.origin}};
}

nlohmann::ordered_json json_of(const vault::CheckFindings& found) {
  return {{"sound", found.sound()},
          {"records", found.records},
          {"records_damaged", found.records_damaged},
          {"records_keyless", found.records_keyless},
          {"content", found.content},
          {"content_damaged", found.content_damaged},
          {"content_keyless", found.content_keyless},
          {"content_bytes", found.content_bytes},
          {"undeclared", found.undeclared}};
}

std::string json_of(const RestoreReport& report, bool drill) {
  nlohmann::ordered_json json = {{"made_at", report.manifest.made_at},
                                 {"rows", report.restored.rows},
                                 {"files", report.restored.files},
                                 {"files_copied", report.restored.files_copied},
                                 {"store_lost", report.store_lost},
                                 {"damaged_store", report.damaged_store},
                                 {"erased", names(report.erased)},
                                 {"unreadable", names(report.unreadable)},
                                 {"dormant", names(report.dormant)},
                                 {"dormant_unnamed", report.dormant_unnamed},
                                 {"entries_ahead", names(report.entries_ahead)},
                                 {"unconfirmed", names(report.unconfirmed)},
                                 {"unlisted", names(report.unlisted)}};
  if (report.taken) json["from_holder"] = json_of(*report.taken);
  if (drill)
    json["opened"] = json_of(report.found);
  else
    json["log_entry"] = {{"index", report.entry}, {"statement", report.statement}};
  return json.dump(2);
}

void print_taken(const TakenOver& taken, bool drill) {
  fmt::print("From the holder: {} pages of keys at epoch {}, {} entries of the log.\n",
             taken.fetched.pages, taken.offer.status.epoch, taken.offer.status.leaves);
  if (taken.fetched.pages_unreadable > 0)
    fmt::print("{:<52} {}\n", "pages of keys that do not open", taken.fetched.pages_unreadable);
  if (drill) {
    fmt::print("A restore would find: {}.\n", holder::meaning_of(taken.offer.verdict).c_str());
    return;
  }
  fmt::print("The holder refuses the host before this one; this is number {}.\n",
             taken.incarnation);
  if (!taken.origin.empty())
    fmt::print(
        "Nobody could show that the replica had everything. What it lacked is lost: entries of\n"
        "the log, new keys, and erasures, whose owners may be back. The log goes on as\n"
        "  {}\n"
        "so that no two histories have one name; its chain of keys says so.\n",
        taken.origin);
}

void print_findings(const vault::CheckFindings& found) {
  fmt::print(
      "records  {} read, {} damaged, {} without a key\n"
      "content  {} read, {} damaged, {} without a key, {} bytes\n{}\n"
      "Nothing was changed, and nothing of this is left.\n",
      found.records, found.records_damaged, found.records_keyless, found.content,
      found.content_damaged, found.content_keyless, found.content_bytes,
      found.sound() ? "Everything opens." : "Not everything opens.");
}

void print_text(const RestoreReport& report, bool drill) {
  if (report.taken) print_taken(*report.taken, drill);
  fmt::print("Restored the state of {}: {} rows, {} files ({} of them copied).\n",
             report.manifest.made_at, report.restored.rows, report.restored.files,
             report.restored.files_copied);
  show("erased since, or without a key: removed again", report.erased);
  if (!report.unreadable.empty())
    show("their key may stand on a page that does not open", report.unreadable);
  show("unknown to the backup: their keys lie dormant", report.dormant);
  if (report.dormant_unnamed > 0)
    fmt::print("{:<52} {}\n", "keys of whom no id is known, dormant", report.dormant_unnamed);
  show("the log has entries whose openings are lost", report.entries_ahead);
  show("how they stand is unconfirmed until they say", report.unconfirmed);
  show("cannot log in: what is known of them does not open", report.unlisted);
  if (!report.damaged_store.empty())
    fmt::print("The damaged database is now {}: erasures that were under way in it are lost.\n",
               report.damaged_store);
  if (drill) return print_findings(report.found);
  fmt::print("The log's entry {} says that this was done; DATA/{} says the same.\n", report.entry,
             kReport.c_str());
  fmt::print(
      "Everybody must log in again. A newer backup may still be put in; restore --finish\n"
      "destroys the dormant keys.\n");
}

int refuse(const base::Error& error) {
  fmt::print(stderr, "restore: {}\n", error.chain());
  return kCannot;
}

void say(base::Literal step) { fmt::print(stderr, "restore: {}\n", step.c_str()); }

void show_fetched(const holder::Fetched& so_far) {
  fmt::print(stderr, "\r{} pages, {} entries", so_far.pages, so_far.leaves);
}

/// A file, a log's directory, or a log's URL.
base::Result<std::string> read_checkpoint(const std::string& where) {
  base::RealDisk disk;
  if (where.find("://") == std::string::npos) {
    const auto file = base::read_file(disk, where, kCheckpointMax);
    if (file.ok()) return std::string(base::text(*file));
  }
  constexpr std::string_view name = "/checkpoint";
  const std::string log =
      where.ends_with(name) ? where.substr(0, where.size() - name.size()) : where;
  const auto source = TRY(client::open_log_source(disk, log));
  const auto bytes = TRY_AS(source->get("checkpoint", kCheckpointMax),
                            "--checkpoint: no checkpoint can be read there");
  return std::string(base::text(bytes));
}

/// Whether these go together; empty where they do.
const char* objection(const RestoreOptions& options) {
  if (options.finish && !options.backup.empty()) return "give a BACKUP, or --finish";
  if (!options.finish && options.backup.empty())
    return options.from_holder.empty()
               ? "give a BACKUP, or --finish"
               : "give a BACKUP: a holder has the keys and the log, and not what they open";
  if (options.finish && (options.drill || !options.from_holder.empty()))
    return "--finish goes alone";
  if (options.from_holder.empty() && (options.accept_lag || !options.checkpoint.empty()))
    return "--checkpoint and --accept-lag are about what a holder gives: --from-holder";
  if (options.replace_damaged_store && (options.drill || !options.from_holder.empty()))
    return "--replace-damaged-store is about the data that is here";
  return "";
}

base::Result<RestorePlan> plan_of(const RestoreOptions& options) {
  RestorePlan plan;
  plan.backup = options.backup;
  plan.replace_damaged_store = options.replace_damaged_store;
  if (options.from_holder.empty()) return plan;
  TakeOver how;
  how.holder = options.from_holder;
  if (!options.checkpoint.empty()) how.checkpoint = TRY(read_checkpoint(options.checkpoint));
  if (options.accept_lag) how.lag = holder::Lag::accept;
  plan.from = std::move(how);
  return plan;
}

/// What a holder refuses with, and of which erasures.
int print_refusal(const TakenOver& taken) {
  fmt::print(stderr, "restore: {}\n", holder::meaning_of(taken.offer.verdict).c_str());
  for (const std::uint64_t intent : taken.offer.status.intents)
    fmt::print(stderr, "  erasure number {}\n", intent);
  return kCannot;
}

int finish(const RestoreOptions& options, const ServeOptions& serve,
           const notice::Document& document) {
  const auto finished = finish_restore(serve, document);
  if (!finished.ok()) return refuse(finished.error());
  if (options.json)
    fmt::print("{{\"destroyed\": {}, \"unreadable\": {}}}\n", finished->destroyed,
               finished->unreadable);
  else
    fmt::print("{} dormant keys are destroyed.\n", finished->destroyed);
  if (!options.json && finished->unreadable > 0)
    fmt::print("{} stay dormant: their page does not open.\n", finished->unreadable);
  return 0;
}

/// Without --from-holder the keys must be here; a holder's come into a directory of their own.
base::Result<void> check_place(const RestoreOptions& options) {
  base::RealDisk disk;
  if (options.from_holder.empty() && !TRY(disk.exists(options.data + "/keys.ktn")))
    return base::Error{base::Code::missing,
                       "--data: there is no key tree, and without it no backup opens (after the "
                       "loss of a host: --from-holder)"};
  return {};
}

}  // namespace

int restore_command(const RestoreOptions& options) {
  if (const std::string_view wrong = objection(options); !wrong.empty()) {
    fmt::print(stderr, "restore: {}\n", wrong);
    return kCannot;
  }
  const auto notice = load_notice(options.notice, "restore");
  if (!notice.document) return notice.exit_code;
  ServeOptions serve;
  serve.data = options.data;
  serve.root = options.root;
  serve.root_holder = options.root_holder;
  serve.passphrase_file = options.passphrase_file;
  if (const auto place = check_place(options); !place.ok()) return refuse(place.error());
  if (options.finish) return finish(options, serve, *notice.document);
  base::ignore_broken_pipes();
  const auto plan = plan_of(options);
  if (!plan.ok()) return refuse(plan.error());
  const auto progress = options.json ? holder::OnFetched() : show_fetched;
  const auto report = options.drill ? drill(serve, *notice.document, *plan, say, progress)
                                    : restore(serve, *notice.document, *plan, say, progress);
  if (!report.ok()) return refuse(report.error());
  const bool refused = report->taken && report->manifest.made_at.empty();
  if (refused) return print_refusal(*report->taken);
  const std::string json = json_of(*report, options.drill);
  if (!options.drill) {
    base::RealDisk disk;
    const auto kept = base::write_file_atomically(disk, options.data + "/" + kReport.c_str(),
                                                  base::view(json + "\n"));
    if (!kept.ok()) return refuse(kept.error());
  }
  options.json ? fmt::print("{}\n", json) : print_text(*report, options.drill);
  return options.drill && !report->found.sound() ? kUnsound : 0;
}

}  // namespace app

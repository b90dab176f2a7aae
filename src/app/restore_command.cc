#include "app/restore_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/load_notice.h"
#include "app/restore.h"

namespace app {
namespace {

constexpr int kCannot = 2;
constexpr std::size_t kShown = 20;

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

void print_json(const RestoreReport& report) {
  const nlohmann::ordered_json json = {{"made_at", report.manifest.made_at},
                                       {"rows", report.restored.rows},
                                       {"files", report.restored.files},
                                       {"files_copied", report.restored.files_copied},
                                       {"store_lost", report.store_lost},
                                       {"erased", names(report.erased)},
                                       {"dormant", names(report.dormant)},
                                       {"dormant_unnamed", report.dormant_unnamed},
                                       {"entries_ahead", names(report.entries_ahead)},
                                       {"unconfirmed", names(report.unconfirmed)},
                                       {"unlisted", names(report.unlisted)}};
  fmt::print("{}\n", json.dump(2));
}

void print_text(const RestoreReport& report) {
  fmt::print("Restored the state of {}: {} rows, {} files ({} of them copied).\n",
             report.manifest.made_at, report.restored.rows, report.restored.files,
             report.restored.files_copied);
  show("erased since, or without a key: removed again", report.erased);
  show("unknown to the backup: their keys lie dormant", report.dormant);
  if (report.dormant_unnamed > 0)
    fmt::print("{:<52} {}\n", "keys of whom no id is known, dormant", report.dormant_unnamed);
  show("the log has entries whose openings are lost", report.entries_ahead);
  show("how they stand is unconfirmed until they say", report.unconfirmed);
  show("cannot log in: what is known of them does not open", report.unlisted);
  fmt::print(
      "Everybody must log in again. A newer backup may still be put in; restore --finish\n"
      "destroys the dormant keys.\n");
}

}  // namespace

int restore_command(const RestoreOptions& options) {
  if (options.finish != options.backup.empty()) {
    fmt::print(stderr, "restore: give a BACKUP, or --finish\n");
    return kCannot;
  }
  const auto notice = load_notice(options.notice, "restore");
  if (!notice.document) return notice.exit_code;
  ServeOptions serve;
  serve.data = options.data;
  serve.root = options.root;
  serve.passphrase_file = options.passphrase_file;
  const auto refuse = [](const base::Error& error) {
    fmt::print(stderr, "restore: {}\n", error.chain());
    return kCannot;
  };
  if (const auto there = base::RealDisk().exists(options.data + "/keys.ktn");
      !there.ok() || !*there)
    return refuse(
        {base::Code::missing, "--data: there is no key tree, and without it no backup opens"});
  if (options.finish) {
    const auto destroyed = finish_restore(serve, *notice.document);
    if (!destroyed.ok()) return refuse(destroyed.error());
    if (options.json)
      fmt::print("{{\"destroyed\": {}}}\n", *destroyed);
    else
      fmt::print("{} dormant keys are destroyed.\n", *destroyed);
    return 0;
  }
  const auto report = restore(serve, *notice.document, options.backup, [](base::Literal step) {
    fmt::print(stderr, "restore: {}\n", step.c_str());
  });
  if (!report.ok()) return refuse(report.error());
  options.json ? print_json(*report) : print_text(*report);
  return 0;
}

}  // namespace app

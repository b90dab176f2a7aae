#include "cli/keys_commands.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/disk.h"
#include "base/process.h"
#include "base/secret_bytes.h"
#include "base/wait.h"
#include "keys/check.h"
#include "keys/keys.h"

namespace cli {
namespace {

constexpr int kFlawed = 1;
constexpr int kUnreadable = 2;
constexpr std::size_t kSecretBytes = 1 << 20;  // one path of opened pages, and keys
constexpr std::uint64_t kPagesAStep = 4'096;

/// A line that counts up, on standard error; ten million owners are 158,732 pages.
void show_progress(std::uint64_t done, std::uint64_t total) {
  if (done % kPagesAStep == 0) fmt::print(stderr, "\r{} of at most {} pages", done, total);
}

/// Only what is there is opened: a check makes neither a database nor a root.
base::Result<keys::CheckReport> look(const KeysOptions& options, const OpenRoot& open_root) {
  const std::string root = options.root.empty() ? options.data + ".root" : options.root;
  base::RealDisk disk;
  base::ThreadWait wait;
  if (!TRY(disk.exists(options.data + "/store.db")))
    return base::Error{base::Code::missing, "there is no database in the data directory"};
  if (!TRY(disk.exists(root)))
    return base::Error{base::Code::missing, "the root directory is not there"};
  if (!base::secret_memory_available(kSecretBytes))
    return base::Error{base::Code::unavailable,
                       "cannot lock memory for keys: raise the limit (ulimit -l) to 8192 or more"};
  const auto lock = TRY_AS(base::LockFile::take(options.data + "/lock"),
                           "the data directory is in use: stop the server first");
  const auto store =
      TRY_AS(store::Store::open(wait, options.data + "/store.db", std::array{keys::Keys::schema()}),
             "cannot open the store");
  const auto holder = TRY(open_root(disk, root));
  return keys::check(*store, *holder, disk, options.data + "/keys.ktn", show_progress);
}

nlohmann::ordered_json json_of(const keys::Finding& finding) {
  nlohmann::ordered_json json;
  json["flaw"] = keys::name_of(finding.flaw).c_str();
  json["meaning"] = keys::meaning_of(finding.flaw).c_str();
  if (finding.page) json["page"] = *finding.page;
  if (finding.slot) json["slot"] = *finding.slot;
  return json;
}

std::string json_of(const keys::CheckReport& report) {
  nlohmann::ordered_json json;
  json["whole"] = report.whole();
  json["epoch"] = report.epoch;
  json["older_root_stands"] = report.older_root_stands;
  json["pages_reached"] = report.pages_reached;
  json["pages_free"] = report.pages_free;
  json["keys_live"] = report.keys_live;
  json["keys_dormant"] = report.keys_dormant;
  json["owners_unreadable"] = report.owners_unreadable;
  json["flaws"] = report.flaws;
  json["findings"] = nlohmann::ordered_json::array();
  for (const keys::Finding& finding : report.findings) json["findings"].push_back(json_of(finding));
  return json.dump(2) + "\n";
}

std::string text_of(const keys::Finding& finding) {
  std::string line = keys::meaning_of(finding.flaw).c_str();
  if (finding.page) line += fmt::format(", page {}", *finding.page);
  if (finding.slot) line += fmt::format(", slot {}", *finding.slot);
  return "flaw: " + line + "\n";
}

std::string text_of(const keys::CheckReport& report) {
  std::string text = fmt::format("epoch {}: {} pages reached, {} free, {} keys\n", report.epoch,
                                 report.pages_reached, report.pages_free, report.keys_live);
  if (report.older_root_stands) text += "an older root still stands: the next start destroys it\n";
  if (report.keys_dormant > 0)
    text += fmt::format("{} of the keys wait for a restore to name their owners\n",
                        report.keys_dormant);
  for (const keys::Finding& finding : report.findings) text += text_of(finding);
  if (report.flaws > report.findings.size())
    text += fmt::format("and {} flaws more\n", report.flaws - report.findings.size());
  if (report.owners_unreadable > 0)
    text += fmt::format("{} owners stand where no page can be read\n", report.owners_unreadable);
  return text + (report.whole() ? "The key tree is whole.\n" : "The key tree is damaged.\n");
}

}  // namespace

int keys_check(const KeysOptions& options, const OpenRoot& open_root) {
  const auto report = look(options, open_root);
  if (!report.ok()) {
    fmt::print(stderr, "keys: {}: {}\n", options.data, report.error().chain());
    return kUnreadable;
  }
  if (report->pages_reached >= kPagesAStep) fmt::print(stderr, "\n");
  fmt::print("{}", options.json ? json_of(*report) : text_of(*report));
  return report->whole() ? 0 : kFlawed;
}

}  // namespace cli

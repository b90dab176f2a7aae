#include "cli/ledger_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "base/disk.h"
#include "client/prove_entry.h"

namespace cli {
namespace {

constexpr int kNotProved = 1;
constexpr int kUnreadable = 2;

int unreadable(const std::string& log, const base::Error& error) {
  fmt::print(stderr, "ledger: {}: {}\n", log, error.chain());
  return kUnreadable;
}

}  // namespace

int ledger_prove(const ProveOptions& options) {
  base::RealDisk disk;
  const auto log = client::open_log_source(disk, options.log);
  if (!log.ok()) return unreadable(options.log, log.error());
  const auto key = options.key.empty() ? std::nullopt : std::optional(options.key);
  const auto entry = client::prove_entry(**log, options.index, key);
  if (!entry.ok()) return unreadable(options.log, entry.error());
  if (options.json) {
    fmt::print("{}", entry->json());
  } else {
    fmt::print(stderr, "{}", entry->report.text());
    fmt::print("{}", entry->proof);
  }
  return entry->report.holds() ? 0 : kNotProved;
}

}  // namespace cli

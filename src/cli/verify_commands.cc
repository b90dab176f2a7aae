#include "cli/verify_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "base/disk.h"
#include "client/verify.h"

namespace cli {
namespace {

constexpr std::size_t kReceiptBytes = 1 << 20;
constexpr int kDoesNotHold = 1;
constexpr int kUnreadable = 2;

std::optional<std::string> pinned_key(const VerifyOptions& options) {
  return options.key.empty() ? std::nullopt : std::optional(options.key);
}

int unreadable(const char* command, const std::string& what, const base::Error& error) {
  fmt::print(stderr, "{}: {}: {}\n", command, what, error.chain());
  return kUnreadable;
}

int answer(const client::Report& report, const VerifyOptions& options) {
  fmt::print("{}", options.json ? report.json() : report.text());
  return report.holds() ? 0 : kDoesNotHold;
}

/// A line that counts up, on a terminal's standard error; long logs take a while.
void show_progress(std::uint64_t done, std::uint64_t total) {
  fmt::print(stderr, "\r{} of {} entries", done, total);
  if (done == total) fmt::print(stderr, "\n");
}

}  // namespace

int receipt_verify(const VerifyOptions& options) {
  base::RealDisk disk;
  const auto receipt = base::read_file(disk, options.file, kReceiptBytes);
  if (!receipt.ok()) return unreadable("receipt", options.file, receipt.error());
  const auto log = client::open_log_source(disk, options.log);
  if (!log.ok()) return unreadable("receipt", options.log, log.error());
  const auto report = client::verify_receipt(base::text(*receipt), **log, pinned_key(options));
  if (!report.ok()) return unreadable("receipt", options.log, report.error());
  return answer(*report, options);
}

int ledger_verify(const VerifyOptions& options) {
  base::RealDisk disk;
  const auto log = client::open_log_source(disk, options.log);
  if (!log.ok()) return unreadable("ledger", options.log, log.error());
  const auto report =
      client::verify_ledger(**log, pinned_key(options),
                            options.json ? client::Progress() : client::Progress(show_progress));
  if (!report.ok()) return unreadable("ledger", options.log, report.error());
  return answer(*report, options);
}

}  // namespace cli

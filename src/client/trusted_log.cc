#include "client/trusted_log.h"

#include <fmt/format.h>

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kNoteBytesMax = 64U << 10;

}  // namespace

Result<ledger::VerifierKey> trusted_key(LogSource& log, const std::optional<std::string>& given,
                                        Report& report) {
  if (given) {
    const ledger::VerifierKey key = TRY(ledger::parse_verifier_key(*given));
    report.pinning = Pinning::pinned;
    report.verifier_key = key.str();
    return key;
  }
  const base::Bytes file = TRY_AS(log.get("key", kNoteBytesMax), "the log's key cannot be read");
  std::string_view line = base::text(file);
  if (line.ends_with('\n')) line.remove_suffix(1);
  const ledger::VerifierKey key =
      TRY_AS(ledger::parse_verifier_key(line), "the log's key file is malformed");
  report.pinning = Pinning::unpinned;
  report.verifier_key = key.str();
  return key;
}

Result<std::optional<std::string>> current_checkpoint(LogSource& log,
                                                      const ledger::VerifierKey& key,
                                                      Report& report) {
  const base::Bytes note =
      TRY_AS(log.get("checkpoint", kNoteBytesMax), "the log's checkpoint cannot be read");
  const auto checkpoint = ledger::open_checkpoint(base::text(note), key);
  if (!checkpoint.ok()) {
    report.fail("log", fmt::format("The log's current checkpoint is not signed by the key: {}.",
                                   checkpoint.error().chain()));
    return std::optional<std::string>();
  }
  report.head = checkpoint->head;
  report.add("log", fmt::format("The log {} has {} entries now, signed by the key.",
                                checkpoint->origin, checkpoint->head.size));
  return std::optional(std::string(base::text(note)));
}

Result<std::optional<ledger::TreeHead>> current_head(LogSource& log, const ledger::VerifierKey& key,
                                                     Report& report) {
  const std::optional<std::string> note = TRY(current_checkpoint(log, key, report));
  return note ? std::optional(report.head) : std::nullopt;
}

}  // namespace client

#include "client/trusted_log.h"

#include <fmt/format.h>

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kNoteBytesMax = 64U << 10;

/// The chain that the log publishes, verified in itself.
Result<ledger::KeyHistory> published_chain(LogSource& log) {
  const auto file = log.get("keys", ledger::kChainBytesMax);
  if (!file.ok() && file.code() == Code::missing) return ledger::KeyHistory();
  if (!file.ok()) return Error{file.code(), "the log's chain of keys cannot be read", file.error()};
  auto chain = ledger::parse_chain(base::text(*file));
  if (!chain.ok())
    return Error{Code::denied, "the log's chain of keys does not hold", chain.error()};
  return chain;
}

/// Its own key, where none was given.
Result<ledger::VerifierKey> published_key(LogSource& log) {
  const base::Bytes file = TRY_AS(log.get("key", kNoteBytesMax), "the log's key cannot be read");
  std::string_view line = base::text(file);
  if (line.ends_with('\n')) line.remove_suffix(1);
  return TRY_AS(ledger::parse_verifier_key(line), "the log's key file is malformed");
}

}  // namespace

Result<ledger::KeyHistory> trusted_keys(LogSource& log, const std::optional<std::string>& given,
                                        Report& report) {
  report.pinning = given ? Pinning::pinned : Pinning::unpinned;
  const ledger::VerifierKey key =
      TRY(given ? ledger::parse_verifier_key(*given) : published_key(log));
  report.verifier_key = key.str();
  ledger::KeyHistory history = TRY(published_chain(log));
  // A chain without this key tells nothing about it: the checkpoint must be signed by it then.
  if (!history.find(key)) return ledger::KeyHistory{{key}, {}};
  return history;
}

Result<std::optional<std::string>> current_checkpoint(LogSource& log,
                                                      const ledger::KeyHistory& keys,
                                                      Report& report) {
  const base::Bytes note =
      TRY_AS(log.get("checkpoint", kNoteBytesMax), "the log's checkpoint cannot be read");
  auto checkpoint = ledger::open_checkpoint(base::text(note), keys.current());
  if (!checkpoint.ok() && !keys.ends.empty()) {
    // Between a handover and the first checkpoint under the new key stands the old key's last one.
    auto before = ledger::open_checkpoint(base::text(note), keys.keys[keys.ends.size() - 1]);
    if (before.ok() && before->head == keys.ends.back()) checkpoint = std::move(before);
  }
  if (!checkpoint.ok()) {
    report.fail("log", fmt::format("The log's current checkpoint is not signed by the key: {}.",
                                   checkpoint.error().chain()));
    return std::optional<std::string>();
  }
  if (!keys.may_sign(keys.keys.size() - 1, checkpoint->head)) {
    report.fail("log", "The log is smaller than when its key was handed over: it was rewritten.");
    return std::optional<std::string>();
  }
  report.head = checkpoint->head;
  report.add("log", fmt::format("The log {} has {} entries now, signed by {}.", checkpoint->origin,
                                checkpoint->head.size,
                                keys.current().str() == report.verifier_key
                                    ? "the key"
                                    : "the key that it was handed over to"));
  return std::optional(std::string(base::text(note)));
}

Result<std::optional<ledger::TreeHead>> current_head(LogSource& log, const ledger::KeyHistory& keys,
                                                     Report& report) {
  const std::optional<std::string> note = TRY(current_checkpoint(log, keys, report));
  return note ? std::optional(report.head) : std::nullopt;
}

}  // namespace client

// Verification by anybody, with public data alone: that an erasure receipt is what the log says,
// and that the log is whole. Owns nothing; trusts the verifier key and SHA-256, and no file, server
// or receipt. Never needs the program that made them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "client/log_source.h"
#include "client/report.h"

namespace client {

/// Entries recomputed so far, and how many there are; may be empty.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Checks, in this order: form (it is a receipt), key (it names this log's key), signature (its
/// checkpoint is the log's), log (the current checkpoint is the log's), entry (the log has an entry
/// at its index, under that checkpoint), label, commitment (the entry commits to this very
/// receipt), history (the log has not been rewritten since). `verifier_key` is a C2SP vkey; without
/// it the log's own is used and the report says so. An Error where the log cannot be read at all or
/// the key given is not one.
base::Result<Report> verify_receipt(std::string_view receipt, LogSource& log,
                                    const std::optional<std::string>& verifier_key);

/// Checks: log (the checkpoint is signed), entries (every one is there), tiles (each is what the
/// entries give), keys (each change of the log's key or origin, where there are any), root (which
/// the checkpoint signs).
base::Result<Report> verify_ledger(LogSource& log, const std::optional<std::string>& verifier_key,
                                   const Progress& progress);

}  // namespace client

// A proof that an entry is in a log, made by anybody from what the log publishes: its checkpoint,
// tiles and entries. Owns nothing; gives no proof that it has not verified itself first. Never asks
// the log to prove anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "client/log_source.h"
#include "client/report.h"

namespace client {

struct EntryProof {
  Report report;
  std::uint64_t index = 0;
  std::string proof;  // C2SP tlog-proof text; empty unless all checks hold

  /// The report's JSON with the index, and with the proof where there is one.
  std::string json() const;
};

/// Checks: log (the checkpoint is signed), entry (it is there), proof (the tiles lead from the
/// entry to the root that is signed). `verifier_key` is a C2SP vkey; without it the log's own is
/// used and the report says so. An Error where the log cannot be read at all or the key given is
/// not one.
base::Result<EntryProof> prove_entry(LogSource& log, std::uint64_t index,
                                     const std::optional<std::string>& verifier_key);

}  // namespace client

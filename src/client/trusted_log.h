// The first steps of every verification: which key is trusted, and what it says of the log now.
#pragma once

#include <optional>
#include <string>

#include "client/log_source.h"
#include "client/report.h"
#include "ledger/note.h"

namespace client {

/// The key given, or the log's own; notes in the report which it is. Code::invalid where the key
/// given is malformed, Code::missing where the log has none.
base::Result<ledger::VerifierKey> trusted_key(LogSource& log,
                                              const std::optional<std::string>& given,
                                              Report& report);

/// The log's checkpoint as a signed note, verified as check `log` and its head noted in the report;
/// nothing where that fails. Errors are those of reading.
base::Result<std::optional<std::string>> current_checkpoint(LogSource& log,
                                                            const ledger::VerifierKey& key,
                                                            Report& report);

/// The same, where the head alone is wanted.
base::Result<std::optional<ledger::TreeHead>> current_head(LogSource& log,
                                                           const ledger::VerifierKey& key,
                                                           Report& report);

}  // namespace client

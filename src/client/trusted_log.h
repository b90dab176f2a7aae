// The first steps of every verification: which key is trusted, and what it says of the log now.
#pragma once

#include <optional>
#include <string>

#include "client/log_source.h"
#include "client/report.h"
#include "ledger/handover.h"

namespace client {

/// The log's keys, as far as the trusted one is linked to them: that one alone where it was never
/// rotated, else the chain of handovers that it stands in. The trusted one is the key given, or the
/// log's own; the report notes which. Code::invalid where the key given is malformed,
/// Code::missing where the log has none, Code::denied where the log's chain does not hold.
base::Result<ledger::KeyHistory> trusted_keys(LogSource& log,
                                              const std::optional<std::string>& given,
                                              Report& report);

/// The log's checkpoint as a signed note, verified as check `log` under the newest of the keys, and
/// its head noted in the report; nothing where that fails. Errors are those of reading.
base::Result<std::optional<std::string>> current_checkpoint(LogSource& log,
                                                            const ledger::KeyHistory& keys,
                                                            Report& report);

/// The same, where the head alone is wanted.
base::Result<std::optional<ledger::TreeHead>> current_head(LogSource& log,
                                                           const ledger::KeyHistory& keys,
                                                           Report& report);

}  // namespace client

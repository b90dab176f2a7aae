// The tree that a log in a directory has published, as its own writer finds it: signed by its key,
// or by the one before where a handover was cut short. Owns nothing.
#pragma once

#include <optional>

#include "ledger/log_files.h"
#include "ledger/note.h"

namespace ledger {

/// Nothing where none is published. Code::corrupt where the checkpoint is not by `key`, nor the
/// last tree of the key before it, or the log was handed over to another key.
base::Result<std::optional<TreeHead>> published_head(LogFiles& files, const VerifierKey& key);

}  // namespace ledger

// Where a verifier reads a published log from: a directory, or a URL that serves one. Owns the
// connection; believes nothing that it reads, and reads no more than it asked for. Never follows a
// redirect, so that a log cannot send its reader anywhere else.
#pragma once

#include <memory>
#include <string>

#include "base/disk.h"
#include "ledger/tlog.h"

namespace client {

class LogSource {
 public:
  virtual ~LogSource() = default;
  /// The file at `path` within the log. Code::missing where there is none, Code::too_large over
  /// `bytes_max`, Code::unavailable where nobody answers.
  virtual base::Result<base::Bytes> get(const std::string& path, std::size_t bytes_max) = 0;
};

/// Whether a failed read says that the log is not whole, rather than that it cannot be reached.
bool damage(const base::Error& error);

/// `where` is http://…, https://… or a directory.
base::Result<std::unique_ptr<LogSource>> open_log_source(base::Disk& disk,
                                                         const std::string& where);

/// The first `tile.width` hashes of a tile: from the partial tile, or from the full one, which a
/// log may keep in its stead.
base::Result<base::Bytes> get_tile(LogSource& log, const ledger::Tile& tile);
/// The first `bundle.width` entries of a bundle, each as it was hashed.
base::Result<std::vector<base::Bytes>> get_bundle(LogSource& log, const ledger::Bundle& bundle);

}  // namespace client

// The published log: static files in a directory, laid out exactly as they are served (checkpoint,
// key, tile/...). Owns the files and their durability. Never computes a hash and never signs.
#pragma once

#include <set>
#include <string>

#include "base/disk.h"
#include "ledger/tlog.h"

namespace ledger {

/// Not for use by several threads at once, except for read_tile.
class LogFiles {
 public:
  LogFiles(base::Disk& disk, std::string directory)
      : disk_(disk), directory_(std::move(directory)) {}

  base::Result<void> make_directory();
  /// Nothing where it has not been written yet.
  base::Result<std::optional<std::string>> read(const std::string& name,
                                                std::size_t bytes_max = 64U << 10);
  /// Replaces the file durably.
  base::Result<void> replace(const std::string& name, std::string_view text);

  /// Writes a tile or bundle, for whoever reads; durable after settle(), and maybe torn before.
  base::Result<void> put(const std::string& path, base::View bytes);
  /// Makes all that was put durable, in one wait however many they are. After an error all that was
  /// put since the last success is lost, whatever is seen of it: it is put again from where it came
  /// from, or the next settle() removes it.
  base::Result<void> settle();
  /// Whether something is lost and has not been put again.
  bool lost() const noexcept { return !lost_.empty(); }
  /// Removes the partial forms of what has become full. A crash may leave them; they do no harm.
  base::Result<void> drop_partials(const std::string& full_path);

  /// The first `width` hashes of a tile, from that partial tile or a fuller one.
  base::Result<base::Bytes> read_tile(const Tile& tile);
  /// The first `bundle.width` entries of a bundle, in the form of a bundle, likewise.
  base::Result<base::Bytes> read_bundle(const Bundle& bundle);
  /// Whether every tile and bundle of a tree of `size` leaves is there.
  base::Result<bool> complete(std::uint64_t size);

 private:
  base::Result<bool> complete_row(std::string_view prefix, std::uint64_t hashes);
  base::Result<void> make_parent(const std::string& path);
  std::string full(const std::string& path) const { return directory_ + "/" + path; }

  base::Disk& disk_;
  const std::string directory_;
  std::set<std::string> made_;       // directories that are there
  std::set<std::string> unsettled_;  // what was put since
  std::set<std::string> lost_;       // what a sync that failed should have made durable
};

}  // namespace ledger

// A backup: bulk ciphertext alone, copied beside a running server into a directory that holds the
// newest complete state. What is live (key tree, who has which key, intents, the log and its
// leaves, the root) is never in it, and nothing in it opens without that. Owns the order of the
// steps; takes no secret.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "backup/shelf.h"
#include "store/tables.h"

namespace backup {

struct Source {
  std::string data;  // the directory that is backed up
  std::span<const store::Schema> schemas;
  const store::Vfs* vfs = nullptr;  // of its database; nothing: the machine's own files
};

struct Made {
  std::uint64_t rows = 0;
  std::uint64_t chunks = 0;
  std::uint64_t chunks_new = 0;
  std::uint64_t files = 0;
  std::uint64_t files_new = 0;
  std::uint64_t bytes = 0;      // of the whole backup
  std::uint64_t bytes_new = 0;  // written by this run
  std::uint64_t removed = 0;    // files that only the backup before this one needed
  std::uint64_t lost = 0;       // contents whose files are not there or cannot be read
  static constexpr std::size_t lost_max = 1'000;
  std::vector<base::ContentId> lost_ids;  // the first ones
};
using Progress = std::function<void(const Made&)>;

/// Brings the backup in `directory` up to date, or begins it; what is there already is not copied
/// again, also where a run was cut short. Until it returns, the state before stands whole. What is
/// lost of the data is left out and counted: it does not keep the rest from being saved.
/// Code::conflict where the backup is another installation's, or the database a newer program's.
base::Result<Made> make(base::Disk& disk, base::Clock& clock, const Source& source,
                        const std::string& directory, const Progress& progress);

/// The id of the key tree in `data`: which installation it is.
base::Result<keys::TreeId> tree_of(base::Disk& disk, const std::string& data);

}  // namespace backup

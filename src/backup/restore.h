// What a restore does with a backup before anybody opens keys: content files put in their place,
// and a new database made from the live tables of the old one and the bulk rows of the backup. Owns
// nothing that stands: the caller swaps the database in, which is the commit point.
#pragma once

#include "backup/backup.h"
#include "base/wait.h"

namespace backup {

struct Restored {
  std::uint64_t rows = 0;
  std::uint64_t files = 0;
  std::uint64_t files_copied = 0;
  std::uint64_t bytes_copied = 0;
};
using OnRestored = std::function<void(const Restored&)>;

/// Reads the manifest and says whether this program may restore it under the key tree `tree`.
/// Code::conflict where it is another installation's, or a newer program's.
base::Result<Manifest> admit(base::Disk& disk, std::span<const store::Schema> schemas,
                             const std::string& directory, const keys::TreeId& tree);
/// The same under the key tree that is in `source.data`.
base::Result<Manifest> admit(base::Disk& disk, const Source& source, const std::string& directory);

/// Puts every content file of the backup where it belongs, unless the same bytes stand there. A
/// file of which the old state knows nothing is nobody's to it, and does it no harm.
base::Result<void> place_content(base::Disk& disk, const Source& source,
                                 const std::string& directory, const Manifest& manifest,
                                 Restored& restored, const OnRestored& progress);

/// Makes `database` anew: bulk tables at the backup's schema, filled with its rows; live tables as
/// they are in `live`, or empty where that is not given. Opening it as a Store brings it forward.
base::Result<void> build(base::Disk& disk, base::Wait& wait, const Source& source,
                         const std::string& directory, const Manifest& manifest,
                         const std::string& database, const std::optional<std::string>& live,
                         Restored& restored, const OnRestored& progress);

/// Who is named in the bulk tables of `tables`, once for each column and row; in no order.
base::Result<void> each_owner(store::Tables& tables, std::span<const store::Schema> schemas,
                              const store::Tables::OnOwner& each);
/// Removes all rows that name one of `owners`.
base::Result<void> remove_owners(const store::Database& database,
                                 std::span<const store::Schema> schemas,
                                 std::span<const base::OwnerId> owners);

}  // namespace backup

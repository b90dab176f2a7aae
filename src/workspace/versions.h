// Earlier versions of files: what a file held before it was replaced, for thirty days and a bounded
// number. They stand in the group that the file keeps through all its versions and names. Owns
// nothing in memory; who may look is settled before.
#pragma once

#include <vector>

#include "workspace/tree.h"

namespace workspace {

/// How long a version is kept once it was replaced, as the notice says, and how many of a file.
inline constexpr base::Duration version_lives = std::chrono::days(30);
inline constexpr std::size_t versions_max = 100;

struct Version {
  base::ContentId content;  // by which it is known
  std::uint64_t size_bytes = 0;
  base::Time changed;   // when it came in
  base::Time replaced;  // when it ceased to be the file
  base::Time expires;
  Name media_type;
};

/// Safe from any thread.
class Versions {
 public:
  explicit Versions(Tree& tree) : tree_(tree) {}
  static std::vector<vault::Collection> collections();

  /// In the transaction that replaces what `file` holds: it becomes an earlier version, and the
  /// oldest one goes where there are too many.
  base::Result<void> retire(store::Tx& tx, const Permits& permits, const Entry& file);
  /// Of a file's group, the newest first.
  base::Result<std::vector<Version>> list(store::Reader& reader, const Permits& permits,
                                          base::RecordId file);
  /// Code::missing where there is no such version.
  base::Result<Version> get(store::Reader& reader, const Permits& permits, base::RecordId file,
                            base::ContentId id);
  /// Takes it out of the versions: its content is the file's from now on.
  base::Result<void> bring_back(store::Tx& tx, const Permits& permits, base::RecordId file,
                                base::ContentId id);
  base::Result<void> remove(store::Tx& tx, const Permits& permits, base::RecordId file,
                            base::ContentId id);
  base::Result<void> remove_all(store::Tx& tx, const Permits& permits, base::RecordId file);

 private:
  Tree& tree_;
};

}  // namespace workspace

// The trash: what was removed from the tree, for thirty days. Owns the records of it, in the groups
// that they had in the tree, and what is at the top of it. Expiry needs nothing of it: the vault
// holds each record and each content to its day. Never decides who may look.
#pragma once

#include <vector>

#include "workspace/busy.h"
#include "workspace/versions.h"

namespace workspace {

class Links;

/// How long what was removed is kept, as the notice says.
inline constexpr base::Duration trash_lives = std::chrono::days(30);

struct Trashed {
  base::RecordId id;  // in the trash; the cursor of a listing
  Entry entry;
  Name path;  // where it was
  base::Time removed;
  base::Time expires;
  bool settled = true;  // whether all that is in a folder stands in the trash as well
};

/// Safe from any thread.
class Trash {
 public:
  Trash(Tree& tree, Versions& versions, Links& links, base::Wait& wait)
      : tree_(tree), versions_(versions), links_(links), busy_(wait) {}
  static std::vector<vault::Collection> collections();

  /// What was removed, after `after`, in no order that tells anything.
  base::Result<std::vector<Trashed>> list(base::AccountId account, base::RecordId after,
                                          std::size_t items_max);
  /// Code::missing where there is no such thing in the trash.
  base::Result<Trashed> find(base::AccountId account, base::RecordId id);
  /// Puts it at a path, with the folders that it needs, in one step. Code::conflict where something
  /// is there.
  base::Result<Entry> restore(base::AccountId account, base::RecordId id, const Path& to);
  /// Removes it for good, a folder with all that is in it.
  base::Result<void> purge(base::AccountId account, base::RecordId id);
  /// The same of all.
  base::Result<void> empty(base::AccountId account);

  /// In the transaction that takes an entry out of the tree. A folder is to be settled after it.
  base::Result<void> take_in(store::Tx& tx, const Permits& permits, const Entry& entry,
                             const Name& path);
  /// Moves what stands in folders of the trash to where the trash's term holds for it. What a crash
  /// leaves undone is done by the next who looks into the trash.
  base::Result<void> settle(base::AccountId account, base::RecordId id);

 private:
  base::Result<Trashed> get(store::Reader& reader, const gate::Permit& permit, base::RecordId id);
  base::Result<void> put(store::Tx& tx, const Permits& permits, const Trashed& item);
  base::Result<std::vector<Entry>> page(const Permits& permits, base::RecordId folder,
                                        base::RecordId after);
  base::Result<void> settle_held(base::AccountId account, base::RecordId id);
  base::Result<void> sink(base::AccountId account, base::RecordId folder, base::Time expires);
  base::Result<void> rise(base::AccountId account, base::RecordId folder);
  base::Result<void> purge_in(base::AccountId account, base::RecordId folder);
  base::Result<void> purge_file(store::Tx& tx, const Permits& permits, const vault::Key& at,
                                const Entry& file);

  Tree& tree_;
  Versions& versions_;
  Links& links_;
  Busy<base::AccountId> busy_;
};

}  // namespace workspace

// The trash: what was removed from the tree, for thirty days. Owns what is at the top of it; what
// is in its folders stands in the groups that it had in the tree, and comes and goes by Passage.
// Expiry needs nothing of it: the vault holds each record and each content to its day. Never
// decides who may look.
#pragma once

#include <vector>

#include "workspace/passage.h"
#include "workspace/versions.h"

namespace workspace {

class Links;

struct Trashed {
  base::RecordId id;  // in the trash; the cursor of a listing
  Entry entry;
  Name path;  // where it was
  base::Time removed;
  base::Time expires;
  bool unmarked = false;  // removed before there were marks, and perhaps not settled
};

/// Safe from any thread.
class Trash {
 public:
  Trash(Tree& tree, Passage& passage, Versions& versions, Links& links)
      : tree_(tree), passage_(passage), versions_(versions), links_(links) {}
  static std::vector<vault::Collection> collections();

  /// What was removed, after `after`, in no order that tells anything.
  base::Result<std::vector<Trashed>> list(base::AccountId account, base::RecordId after,
                                          std::size_t items_max);
  /// Code::missing where there is no such thing in the trash.
  base::Result<Trashed> find(base::AccountId account, base::RecordId id);
  /// Puts it at a path, with the folders that it needs, in one step. Code::conflict where something
  /// is there; Code::unavailable, here and below, where others change the trash for too long.
  base::Result<Entry> restore(base::AccountId account, base::RecordId id, const Path& to);
  /// Removes it for good, a folder with all that is in it.
  base::Result<void> purge(base::AccountId account, base::RecordId id);
  /// The same of all.
  base::Result<void> empty(base::AccountId account);

  /// In the transaction that takes an entry out of the tree. A folder is to be settled after it.
  base::Result<void> take_in(store::Tx& tx, const Permits& permits, const Entry& entry,
                             const Name& path);
  /// Moves what stands in removed folders to where the trash's term holds for it, as far as it can:
  /// what is left undone is done by whoever is at it already, or the next who looks.
  void settle(base::AccountId account);

 private:
  base::Result<Trashed> get(store::Reader& reader, const gate::Permit& permit, base::RecordId id);
  base::Result<void> put(store::Tx& tx, const Permits& permits, const Trashed& item);
  base::Result<std::vector<Trashed>> top(base::AccountId account, base::RecordId after,
                                         std::size_t items_max);
  /// All of these under the hold. find(), with all that is in it in the trash.
  base::Result<Trashed> whole(const Passage::Hold& hold, base::AccountId account,
                              base::RecordId id);
  base::Result<Entry> put_back(const Permits& permits, const Trashed& item, const Path& to);
  base::Result<Entry> restore(const Passage::Hold& hold, base::AccountId account, base::RecordId id,
                              const Path& to);
  base::Result<Entry> restore_folder(const Passage::Hold& hold, base::AccountId account,
                                     const Trashed& item, const Path& to);
  base::Result<void> purge(const Passage::Hold& hold, base::AccountId account, base::RecordId id);
  base::Result<void> empty(const Passage::Hold& hold, base::AccountId account);
  base::Result<void> purge_in(base::AccountId account, base::RecordId folder);
  base::Result<void> purge_file(store::Tx& tx, const Permits& permits, const vault::Key& at,
                                const Entry& file);

  Tree& tree_;
  Passage& passage_;
  Versions& versions_;
  Links& links_;
};

}  // namespace workspace

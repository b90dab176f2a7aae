// The workspace: files and folders of an account (DATA-3). Owns the tree of names, all of it sealed
// under the account's key: no path, name or type stands in a plain column. Content streams through
// in constant memory. Never decides who may come in: callers bring an account they have checked.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/wait.h"
#include "vault/vault.h"
#include "workspace/entry.h"
#include "workspace/passage.h"
#include "workspace/path.h"
#include "workspace/room.h"
#include "workspace/trash.h"
#include "workspace/tree.h"
#include "workspace/versions.h"

namespace workspace {

class Links;
class Uploads;

/// What must be true of a file for a change to happen (RFC 9110, 13.1).
struct Condition {
  std::optional<base::ContentId> is = std::nullopt;  // If-Match: this version is there
  bool absent = false;                               // If-None-Match: *
  bool folder = false;                               // and no file, whatever its version
};

/// Asked first in each transaction of what may take hours: whether who began it still may.
using Still = std::function<base::Result<void>(store::Reader&)>;

/// A file on its way in.
class Upload {
 public:
  /// Code::full where it is more than the account may keep (see is_over_quota) or the disk takes.
  base::Result<void> write(base::View bytes);
  std::uint64_t size() const { return content_->size(); }

 private:
  friend class Workspace;
  using MoreRoom = std::function<base::Result<Room::Taken>(std::uint64_t bytes)>;
  Upload(base::AccountId account, Path path, Name media_type,
         std::unique_ptr<vault::ContentWriter> content, MoreRoom more_room)
      : account_(account),
        path_(std::move(path)),
        media_type_(std::move(media_type)),
        content_(std::move(content)),
        more_room_(std::move(more_room)) {}
  base::Result<void> reserve(std::uint64_t bytes);
  base::AccountId account_;
  Path path_;
  Name media_type_;
  std::unique_ptr<vault::ContentWriter> content_;
  MoreRoom more_room_;
  // Nobody else has it while this comes in: many at once are no more than the plan allows.
  std::vector<Room::Taken> room_;
  std::uint64_t room_left_ = 0;
};

enum class Stored : std::uint8_t { created, replaced };
/// What happens where a file is at the place already.
enum class Taken : std::uint8_t { refuse, replace };
struct Receipt {
  Stored stored = Stored::created;
  Entry entry;
};

/// That are copied at a time: each holds one of the threads that serve everybody.
inline constexpr std::size_t folder_copies_max = 4;

/// Safe from any thread.
class Workspace {
 public:
  static std::vector<vault::Collection> collections();

  struct Parts {
    vault::Vault& vault;
    base::Wait& wait;
    base::Clock& clock;
    base::Entropy& entropy;
    Room& room;
  };
  /// Code::invalid where the notice lacks a category or the purpose.
  static base::Result<std::unique_ptr<Workspace>> open(const Parts& parts);
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  /// Code::denied where nothing of the account's may be used now: the notice does not allow it, or
  /// its processing is restricted.
  base::Result<void> open_to(base::AccountId account);
  /// The entry at `path`; Code::missing where there is none. The root is a folder.
  base::Result<Entry> find(base::AccountId account, const Path& path);
  /// A folder's entries after `after` (a cursor), in no order that tells anything.
  base::Result<std::vector<Entry>> list(base::AccountId account, const Path& folder,
                                        base::RecordId after, std::size_t entries_max);
  base::Result<std::unique_ptr<vault::ContentReader>> read(base::AccountId account,
                                                           const Entry& file);

  base::Result<Room::Used> usage(base::AccountId account);

  /// Begins a file of so many bytes, where that is known. Nothing is visible before keep();
  /// dropped, it leaves nothing behind. Code::full where the account has no room for it.
  base::Result<Upload> begin(base::AccountId account, Path path, Name media_type,
                             std::optional<std::uint64_t> bytes = {});
  /// Makes the file permanent at its path, with the folders that it needs; what it replaces becomes
  /// an earlier version. Code::stale where the condition does not hold, Code::conflict where a
  /// folder stands at the path or a file in it, Code::full where there is no room any more.
  base::Result<Receipt> keep(Upload upload, const Condition& condition, const Still& still = {});
  /// Makes an empty folder, and those above it. Code::conflict where something else is there,
  /// Code::full where there is no room.
  base::Result<void> make_folder(base::AccountId account, const Path& path);
  /// Moves a file or a folder with all that is in it, which is one step however much that is; also
  /// to another name. Code::missing where nothing is at `from`, Code::conflict where `to` is taken
  /// (a folder is never replaced), Code::stale where the condition does not hold of `from`.
  base::Result<Receipt> move(base::AccountId account, const Path& from, const Path& to,
                             const Condition& condition, Taken taken, const Still& still = {});
  /// The same, leaving what is there. A folder is copied where there is room for all of it, file by
  /// file, and asks of each: cut off in the middle, there is a part of it. Code::unavailable where
  /// another folder of the account is being copied, or as many of all as may be at a time.
  base::Result<Receipt> copy(base::AccountId account, const Path& from, const Path& to,
                             const Condition& condition, Taken taken, const Still& still = {});
  /// Moves a file, or a folder with all that is in it, into the trash, in one step. Code::missing
  /// where there is none.
  base::Result<void> remove(base::AccountId account, const Path& path, const Condition& condition);
  Trash& trash() { return trash_; }
  Uploads& uploads() { return *uploads_; }
  Links& links() { return *links_; }

  /// A file's earlier versions, the newest first.
  base::Result<std::vector<Version>> versions(base::AccountId account, const Path& path);
  /// One of them. Code::missing where there is no such.
  base::Result<Version> version(base::AccountId account, const Path& path, base::ContentId id);
  base::Result<std::unique_ptr<vault::ContentReader>> read(base::AccountId account,
                                                           const Version& version);
  /// Makes it the file again; what the file was is an earlier version then.
  base::Result<Receipt> bring_back(base::AccountId account, const Path& path, base::ContentId id,
                                   const Condition& condition);
  base::Result<void> remove_version(base::AccountId account, const Path& path, base::ContentId id);

 private:
  friend class Uploads;
  Workspace(Tree tree, base::Wait& wait);

  /// The file at a path, with its folder's group. Code::missing where there is none.
  struct Placed {
    base::RecordId folder;
    Entry entry;
  };
  base::Result<Placed> placed(store::Reader& reader, const gate::Permit& permit, const Path& path);
  base::Result<Placed> placed_file(store::Reader& reader, const gate::Permit& permit,
                                   const Path& path);
  /// Makes a file of what was written at a place, and what was there a version of it.
  base::Result<Stored> put_file(store::Tx& tx, const Permits& permits, base::RecordId folder,
                                Entry& file, const Condition& condition);
  /// Makes room for an entry at a place: nothing is there after.
  base::Result<Stored> make_room(store::Tx& tx, const Permits& permits, base::RecordId folder,
                                 const Entry& coming, const Path& to, Taken taken);
  base::Result<Receipt> copy_file(base::AccountId account, const Entry& file, const Path& to,
                                  Taken taken, const Still& still);
  /// What a copy of the folder takes, with all that is in it.
  base::Result<Load> load_of(const gate::Permit& permit, const Entry& folder);
  base::Result<Receipt> copy_folder(base::AccountId account, const Entry& folder, const Path& to,
                                    const Still& still);

  Tree tree_;
  vault::Vault& vault_;
  Room& room_;
  Versions versions_;
  Passage passage_;
  std::unique_ptr<Links> links_;
  Trash trash_;
  std::unique_ptr<Uploads> uploads_;
  Busy<base::AccountId> copies_;  // of folders
};

}  // namespace workspace

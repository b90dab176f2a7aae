// The tree of names: which sealed record says what stands in which folder, and the leave to touch
// it. Internal to the workspace: owns no content and decides about no conflict of names beyond one
// file standing where a folder is needed.
#pragma once

#include <array>
#include <optional>

#include "base/clock.h"
#include "base/entropy.h"
#include "vault/vault.h"
#include "workspace/entry.h"
#include "workspace/path.h"
#include "workspace/room.h"

namespace workspace {

/// What is kept, each with a category of its own in the notice.
enum class Kept : std::uint8_t { files, trash, versions, uploads, links };
inline constexpr std::size_t kept_kinds = 5;

/// The leave to change files: what is removed or replaced goes elsewhere.
struct Permits {
  gate::Permit files;
  gate::Permit trash;
  gate::Permit versions;
  gate::Permit links;
};

/// Safe from any thread.
class Tree {
 public:
  /// Code::invalid where the notice lacks a category or the purpose.
  static base::Result<Tree> open(vault::Vault& vault, base::Clock& clock, base::Entropy& entropy,
                                 Room& room);

  base::Result<gate::Permit> ask(base::AccountId account, Kept kept);
  base::Result<Permits> ask_to_change(base::AccountId account);

  /// The entry of that name in a folder (its group), or nothing.
  base::Result<std::optional<Entry>> child(store::Reader& reader, const gate::Permit& permit,
                                           base::RecordId folder, const Name& name);
  /// Code::missing where nothing is at the path.
  base::Result<Entry> walk(store::Reader& reader, const gate::Permit& permit, const Path& path);
  /// The same from an entry on: the entry itself where the path is empty.
  base::Result<Entry> walk_from(store::Reader& reader, const gate::Permit& permit,
                                const Entry& from, const Path& path);
  /// Code::conflict where something is at the path, or a file where it needs a folder.
  base::Result<void> untaken(store::Reader& reader, const gate::Permit& permit, const Path& path);
  /// Makes the folders that are not there; answers the group of the last. Code::conflict where a
  /// file stands in the way, Code::invalid where the path leads through `never`.
  base::Result<base::RecordId> ensure_folders(store::Tx& tx, const gate::Permit& permit,
                                              const Path& path,
                                              std::optional<base::RecordId> never = {});
  /// Room for what is to come in that folder, and for those on the way to it that are not there
  /// yet. Of one that somebody makes or removes meanwhile, the next count says so.
  base::Result<Room::Taken> take_room(const gate::Permit& permit, base::AccountId account,
                                      const Path& folder, Load load);
  /// The next entries of a group behind `after`, in a read of its own: a piece at most, fewer at
  /// the end.
  base::Result<std::vector<Entry>> piece(const gate::Permit& permit, const vault::Key& after);
  base::Result<void> put(store::Tx& tx, const gate::Permit& permit, base::RecordId folder,
                         const Entry& entry);
  /// Takes the entry's record out of the folder, and nothing else.
  base::Result<void> take_out(store::Tx& tx, const gate::Permit& permit, base::RecordId folder,
                              const Entry& entry);
  base::Result<std::vector<Entry>> list(store::Reader& reader, const gate::Permit& permit,
                                        base::RecordId folder, base::RecordId after,
                                        std::size_t entries_max);

  base::Result<bool> empty(store::Reader& reader, const gate::Permit& permit,
                           base::RecordId folder);

  vault::Vault& vault() const { return vault_; }
  base::Clock& clock() const { return clock_; }
  base::Entropy& entropy() const { return entropy_; }
  Room& room() const { return room_; }

 private:
  struct Leave {
    notice::PurposeId purpose;
    std::array<notice::CategoryId, kept_kinds> categories;  // by Kept
  };
  Tree(vault::Vault& vault, base::Clock& clock, base::Entropy& entropy, Room& room,
       const Leave& leave)
      : vault_(vault), clock_(clock), entropy_(entropy), room_(room), leave_(leave) {}

  vault::Vault& vault_;
  base::Clock& clock_;
  base::Entropy& entropy_;
  Room& room_;
  Leave leave_;
};

}  // namespace workspace

// The workspace: files and folders of an account (DATA-3). Owns the tree of names, all of it sealed
// under the account's key: no path, name or type stands in a plain column. Content streams through
// in constant memory. Never decides who may come in: callers bring an account they have checked.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "vault/vault.h"
#include "workspace/path.h"

namespace workspace {

enum class Kind : std::uint8_t { file, folder };

struct Entry {
  Kind kind = Kind::file;
  Name name;
  base::RecordId id;             // of the entry; the cursor of a listing
  std::uint64_t size_bytes = 0;  // of a file
  base::Time changed;
  base::ContentId content;  // of a file; another one for every version
  Name media_type;          // as the client said, of a file
  base::RecordId folder;    // of a folder: the group that its entries stand in
};

/// What must be true of a file for a change to happen (RFC 9110, 13.1).
struct Condition {
  std::optional<base::ContentId> is = std::nullopt;  // If-Match: this version is there
  bool absent = false;                               // If-None-Match: *
};

/// A file on its way in.
class Upload {
 public:
  base::Result<void> write(base::View bytes) { return content_->write(bytes); }
  std::uint64_t size() const { return content_->size(); }

 private:
  friend class Workspace;
  Upload(base::AccountId account, Path path, Name media_type,
         std::unique_ptr<vault::ContentWriter> content)
      : account_(account),
        path_(std::move(path)),
        media_type_(std::move(media_type)),
        content_(std::move(content)) {}
  base::AccountId account_;
  Path path_;
  Name media_type_;
  std::unique_ptr<vault::ContentWriter> content_;
};

enum class Stored : std::uint8_t { created, replaced };
struct Receipt {
  Stored stored = Stored::created;
  Entry entry;
};

/// Safe from any thread.
class Workspace {
 public:
  static std::vector<vault::Collection> collections();
  /// Code::invalid where the notice lacks the category or purpose.
  static base::Result<std::unique_ptr<Workspace>> open(vault::Vault& vault, base::Clock& clock,
                                                       base::Entropy& entropy);

  /// The entry at `path`; Code::missing where there is none. The root is a folder.
  base::Result<Entry> find(base::AccountId account, const Path& path);
  /// A folder's entries after `after` (a cursor), in no order that tells anything.
  base::Result<std::vector<Entry>> list(base::AccountId account, const Path& folder,
                                        base::RecordId after, std::size_t entries_max);
  base::Result<std::unique_ptr<vault::ContentReader>> read(base::AccountId account,
                                                           const Entry& file);

  base::Result<vault::Usage> usage(base::AccountId account);

  /// Begins a file. Nothing is visible before keep(); dropped, it leaves nothing behind.
  base::Result<Upload> begin(base::AccountId account, Path path, Name media_type);
  /// Makes the file permanent at its path, with the folders that it needs. Code::stale where the
  /// condition does not hold, Code::conflict where a folder stands at the path or a file in it.
  base::Result<Receipt> keep(Upload upload, const Condition& condition);
  /// Makes an empty folder, and those above it. Code::conflict where something else is there.
  base::Result<void> make_folder(base::AccountId account, const Path& path);
  /// Removes a file, or a folder with all that is in it. Code::missing where there is none.
  base::Result<void> remove(base::AccountId account, const Path& path, const Condition& condition);

 private:
  Workspace(vault::Vault& vault, base::Clock& clock, base::Entropy& entropy,
            notice::CategoryId category, notice::PurposeId purpose)
      : vault_(vault), clock_(clock), entropy_(entropy), category_(category), purpose_(purpose) {}

  base::Result<gate::Permit> ask(base::AccountId account);
  base::Result<std::optional<Entry>> child(store::Reader& reader, const gate::Permit& permit,
                                           base::RecordId folder, const Name& name);
  base::Result<Entry> walk(store::Reader& reader, const gate::Permit& permit, const Path& path);
  base::Result<base::RecordId> ensure_folders(store::Tx& tx, const gate::Permit& permit,
                                              const Path& path);
  base::Result<void> put(store::Tx& tx, const gate::Permit& permit, base::RecordId folder,
                         const Entry& entry);
  base::Result<bool> empty(store::Reader& reader, const gate::Permit& permit,
                           base::RecordId folder);
  base::Result<bool> remove_some(base::AccountId account, base::RecordId folder);
  base::Result<void> remove_entry(store::Tx& tx, const gate::Permit& permit, base::RecordId folder,
                                  const Entry& entry);

  vault::Vault& vault_;
  base::Clock& clock_;
  base::Entropy& entropy_;
  notice::CategoryId category_;
  notice::PurposeId purpose_;
};

}  // namespace workspace

// A file or folder as it stands in the tree, and how a sealed record holds it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "vault/collection.h"
#include "vault/fields.h"
#include "workspace/path.h"

namespace workspace {

constexpr base::Literal kEntries = "workspace_entry";
constexpr base::Literal kContent = "workspace_content";
constexpr base::Literal kLeaving = "workspace_leaving";
constexpr base::Literal kTrash = "workspace_trash";
constexpr base::Literal kTrashContent = "workspace_trash_content";
constexpr base::Literal kVersions = "workspace_version";
constexpr base::Literal kUploads = "unfinished_upload";
constexpr base::Literal kVersionContent = "workspace_version_content";

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
  base::RecordId file;      // of a file: the group that its earlier versions stand in
};

/// What a record of an entry holds, for its collection's declaration.
std::vector<vault::Field> entry_schema();

vault::Fields to_fields(const Entry& entry);
base::Result<Entry> to_entry(const vault::Record& record);

}  // namespace workspace

#include "workspace/entry.h"

namespace workspace {

std::vector<vault::Field> entry_schema() {
  using vault::FieldKind;
  using vault::Presence;
  return {
      {"kind", FieldKind::integer, "0: a file; 1: a folder"},
      {"name", FieldKind::text, "Name"},
      {"changed", FieldKind::time, "When it was changed last"},
      {"folder", FieldKind::id, "Group in which the folder's entries stand", Presence::optional},
      {"file", FieldKind::id, "Group in which the file's earlier versions stand",
       Presence::optional},
      {"size", FieldKind::integer, "Size in bytes", Presence::optional},
      {"content", FieldKind::content, "The file's bytes", Presence::optional},
      {"media_type", FieldKind::text, "Kind of file, as it was said when it came in",
       Presence::optional}};
}

vault::Fields to_fields(const Entry& entry) {
  vault::Fields fields;
  fields.set("kind", static_cast<std::int64_t>(entry.kind))
      .set("name", entry.name)
      .set("changed", entry.changed);
  if (entry.kind == Kind::folder) return fields.set("folder", entry.folder);
  // One that was made before there were versions has no group for them yet.
  if (entry.file != base::RecordId()) fields.set("file", entry.file);
  return fields.set("size", static_cast<std::int64_t>(entry.size_bytes))
      .set("content", entry.content)
      .set("media_type", entry.media_type);
}

base::Result<Entry> to_entry(const vault::Record& record) {
  const vault::Fields& fields = record.fields;
  Entry entry;
  const std::int64_t kind = TRY(fields.integer("kind"));
  entry.kind = kind == static_cast<std::int64_t>(Kind::folder) ? Kind::folder : Kind::file;
  entry.name = TRY(fields.text("name"));
  entry.changed = TRY(fields.time("changed"));
  entry.id = record.id;
  if (entry.kind == Kind::folder) {
    entry.folder = TRY(fields.id<base::RecordId>("folder"));
    return entry;
  }
  if (fields.has("file")) entry.file = TRY(fields.id<base::RecordId>("file"));
  entry.size_bytes = static_cast<std::uint64_t>(TRY(fields.integer("size")));
  entry.content = TRY(fields.id<base::ContentId>("content"));
  entry.media_type = TRY(fields.text("media_type"));
  return entry;
}

}  // namespace workspace

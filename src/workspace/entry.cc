#include "workspace/entry.h"

namespace workspace {

vault::Fields to_fields(const Entry& entry) {
  vault::Fields fields;
  fields.set("kind", static_cast<std::int64_t>(entry.kind))
      .set("name", entry.name)
      .set("changed", entry.changed);
  if (entry.kind == Kind::folder) return fields.set("folder", entry.folder);
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
  entry.size_bytes = static_cast<std::uint64_t>(TRY(fields.integer("size")));
  entry.content = TRY(fields.id<base::ContentId>("content"));
  entry.media_type = TRY(fields.text("media_type"));
  return entry;
}

}  // namespace workspace

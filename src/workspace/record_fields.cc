#include "workspace/record_fields.h"

namespace workspace {
namespace {

/// The plain columns of a row, and those once more in the index: measured.
constexpr std::uint64_t kColumns = 160;
/// With what is sealed beside the text (salt, tag, ids, times): what a row takes beside it, about.
constexpr std::uint64_t kRow = 320;

}  // namespace

std::uint64_t bytes_taken(std::uint64_t document_bytes, bool about_somebody) {
  return document_bytes + kRow + (about_somebody ? kRow : 0);
}

std::uint64_t bytes_counted(const vault::Usage& records) {
  return records.bytes + records.pieces * kColumns;
}

std::string entity_tag(base::RecordId tag) { return "\"" + tag.str() + "\""; }

base::Result<Name> parse_record_name(std::string_view text) {
  if (text.empty() || text.size() > record_name_bytes_max)
    return base::Error{base::Code::invalid, "a name has 1 to 200 bytes"};
  if (text == "." || text == "..")
    return base::Error{base::Code::invalid, "a name is not a dot segment"};
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/' || c == '\\')
      return base::Error{base::Code::invalid, "a name has no slash and no control characters"};
  return Name(std::string(text));
}

vault::Fields to_fields(const RecordCollection& collection) {
  vault::Fields fields;
  fields.set("name", collection.name)
      .set("tag", collection.tag)
      .set("changed", collection.changed)
      .set("closing", static_cast<std::int64_t>(collection.closing));
  if (!collection.schema.empty()) fields.set("schema", collection.schema);
  return fields;
}

base::Result<RecordCollection> to_collection(const vault::Record& record) {
  const vault::Fields& fields = record.fields;
  RecordCollection collection;
  collection.id = record.id;
  collection.name = TRY(fields.text("name"));
  collection.tag = TRY(fields.id<base::RecordId>("tag"));
  collection.changed = TRY(fields.time("changed"));
  const std::int64_t closing = TRY(fields.integer("closing"));
  collection.closing = closing != 0;
  if (fields.has("schema")) collection.schema = TRY(fields.bytes("schema"));
  return collection;
}

base::Result<StoredRecord> to_stored(const vault::Record& record) {
  const vault::Fields& fields = record.fields;
  StoredRecord stored;
  stored.place = record.id;
  stored.id = TRY(fields.text("id"));
  stored.tag = TRY(fields.id<base::RecordId>("tag"));
  stored.changed = TRY(fields.time("changed"));
  stored.document = TRY(fields.text("document"));
  stored.document_bytes = static_cast<std::uint64_t>(TRY(fields.integer("size")));
  if (fields.has("subject")) stored.subject = TRY(fields.text("subject"));
  if (record.expires > 0) stored.expires = base::Time(base::Duration(record.expires));
  return stored;
}

}  // namespace workspace

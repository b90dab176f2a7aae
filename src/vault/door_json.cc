#include <algorithm>
#include <nlohmann/json.hpp>

#include "vault/door.h"

// A record: {"id", "group", "version", "expires"?, "fields": {…}}; a secret is said to be withheld.
// Content: {"id", "bytes", "expires"?}; its bytes go beside the JSON.

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Json = nlohmann::ordered_json;

constexpr const char* kWithheld = "withheld";
// Text that is not UTF-8 was never text of anybody's; it is told with marks in its place.
constexpr auto kReplace = Json::error_handler_t::replace;

enum class Stored : std::uint8_t { integer, bytes, text };

bool fits(FieldKind kind, Stored stored) {
  switch (kind) {
    case FieldKind::integer:
    case FieldKind::time:
      return stored == Stored::integer;
    case FieldKind::text:
      return stored == Stored::text;
    case FieldKind::secret:
      return stored != Stored::integer;
    case FieldKind::bytes:
    case FieldKind::words:
    case FieldKind::id:
    case FieldKind::content:
      return stored == Stored::bytes;
  }
  return false;
}

std::string time_text(std::int64_t since_epoch_us) {
  return base::rfc3339(base::Time(base::Duration(since_epoch_us)));
}

Json bytes_json(FieldKind kind, const base::Bytes& bytes) {
  if (kind == FieldKind::words) return std::string(base::text(bytes));
  if (kind == FieldKind::id || kind == FieldKind::content) {
    const auto id = base::RecordId::from(bytes);
    if (id.ok()) return id->str();
  }
  return base::base64url(bytes);
}

Json schema_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::integer:
      return {{"type", "integer"}};
    case FieldKind::time:
      return {{"type", "string"}, {"format", "date-time"}};
    case FieldKind::bytes:
      return {{"type", "string"}, {"contentEncoding", "base64url"}};
    case FieldKind::id:
    case FieldKind::content:
      return {{"type", "string"}, {"pattern", "^[a-z2-7]{26}$"}};
    case FieldKind::secret:
      return {{"const", kWithheld}};
    case FieldKind::text:
    case FieldKind::words:
      break;
  }
  return {{"type", "string"}};
}

Json common(const Collection& collection) {
  const Json id = schema_of(FieldKind::id);
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", collection.export_name.c_str()},
                 {"type", "object"},
                 {"required", {"id"}},
                 {"additionalProperties", false}};
  schema["properties"] = {{"id", id}, {"expires", schema_of(FieldKind::time)}};
  return schema;
}

}  // namespace

Result<void> Door::check(const Collection& collection, const Fields& fields) {
  std::size_t declared = 0;
  for (const Field& field : collection.schema) {
    const auto found = fields.values_.find(field.name.c_str());
    if (found == fields.values_.end()) {
      if (field.presence == Presence::optional) continue;
      return Error{Code::invalid, "a record lacks a field that its collection declares",
                   Error{Code::invalid, field.name}};
    }
    if (!fits(field.kind, static_cast<Stored>(found->second.index())))
      return Error{Code::invalid, "a record's field is of another kind than declared",
                   Error{Code::invalid, field.name}};
    ++declared;
  }
  if (declared != fields.values_.size())
    return Error{Code::invalid, "a record has a field that its collection does not declare"};
  return {};
}

base::Personal<std::string> Door::to_json(const Collection& collection, const Ids& ids,
                                          const Fields* fields) {
  Json json = {{"id", ids.id.str()}, {"group", ids.group.str()}, {"version", ids.version}};
  if (ids.expires > 0) json["expires"] = time_text(ids.expires);
  if (fields == nullptr) {
    json["damaged"] = true;
    return base::Personal<std::string>(json.dump());
  }
  Json& told = json["fields"] = Json::object();
  for (const auto& [name, value] : fields->values_) {
    const auto declared = std::ranges::find(collection.schema, std::string_view(name),
                                            [](const Field& field) { return field.name.c_str(); });
    // One that an older program declared is told as well, as what it is.
    const bool known = declared != collection.schema.end();
    const FieldKind kind = known ? declared->kind : FieldKind::bytes;
    if (kind == FieldKind::secret)
      told[name] = kWithheld;
    else if (const auto* number = std::get_if<std::int64_t>(&value))
      told[name] = kind == FieldKind::time ? Json(time_text(*number)) : Json(*number);
    else if (const auto* bytes = std::get_if<base::Bytes>(&value))
      told[name] = bytes_json(kind, *bytes);
    else
      told[name] = open(std::get<Fields::Text>(value));
  }
  return base::Personal<std::string>(json.dump(-1, ' ', false, kReplace));
}

base::Personal<std::string> Door::content_to_json(base::ContentId id, std::uint64_t bytes,
                                                  std::int64_t expires) {
  Json json = {{"id", id.str()}, {"bytes", bytes}};
  if (expires > 0) json["expires"] = time_text(expires);
  return base::Personal<std::string>(json.dump());
}

std::string json_schema(const Collection& collection) {
  Json schema = common(collection);
  Json& properties = schema["properties"];
  if (collection.holds_content()) {
    properties["bytes"] = schema_of(FieldKind::integer);
    return schema.dump();
  }
  properties["group"] = schema_of(FieldKind::id);
  properties["version"] = schema_of(FieldKind::integer);
  properties["damaged"] = {{"const", true}};
  Json& fields = properties["fields"] = {{"type", "object"}};
  fields["required"] = Json::array();
  for (const Field& field : collection.schema) {
    Json one = schema_of(field.kind);
    one["title"] = field.title.c_str();
    fields["properties"][field.name.c_str()] = std::move(one);
    if (field.presence == Presence::required) fields["required"].push_back(field.name.c_str());
  }
  return schema.dump();
}

}  // namespace vault

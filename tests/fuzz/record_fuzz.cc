// Records on their way in: drafts, batches, schemas, and the documents that are checked against
// them. What is taken as it stands is JSON to another parser too, and says the same there.
#include <nlohmann/json.hpp>

#include "api/record_body.h"
#include "base/bytes.h"
#include "workspace/json_schema.h"

namespace {

using workspace::Document;
using workspace::JsonSchema;

/// A schema and a document, with a zero between them.
void check(std::string_view text) {
  const auto between = text.find('\0');
  if (between == std::string_view::npos) return;
  const auto rules = Document::parse(text.substr(0, between));
  const auto document = Document::parse(text.substr(between + 1));
  if (!rules.ok() || !document.ok()) return;
  const auto schema = JsonSchema::parse(*rules);
  if (!schema.ok()) return;
  workspace::JsonSchema::Steps steps;
  const auto outcome = (*schema)->check(*document, steps);
  CHECK(outcome.ok() || outcome.code() == base::Code::too_large);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto other = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (Document::parse(text).ok()) CHECK(other.is_object());
  const auto draft = api::parse_draft(text);
  if (draft.ok()) CHECK(other.is_object() && other.at("document").is_object());
  std::optional<std::size_t> at;
  const auto changes = api::parse_changes(text, at);
  if (changes.ok()) CHECK(other.at("changes").size() == changes->size());
  if (!changes.ok() && at) CHECK(*at < workspace::changes_max);
  const auto collection = api::parse_collection(text);
  if (collection.ok()) CHECK(collection->has_value() == other.contains("schema"));
  (void)workspace::parse_record_name(text).ok();
  check(text);
  return 0;
}

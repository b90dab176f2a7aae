#include "client/listing.h"

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "client/printable.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::size_t kShownBytes = 2000;

Error odd() { return {Code::corrupt, "the server's answer is not what it should be"}; }

/// A text member; nothing where it is not there or something else.
const std::string* text_in(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : found->get_ptr<const std::string*>();
}

/// A strong entity tag, which goes back to the server in a header.
bool entity_tag(std::string_view text) {
  if (text.size() < 3 || text.size() > 130 || text.front() != '"' || text.back() != '"')
    return false;
  for (const char c : text.substr(1, text.size() - 2))
    if (c <= 0x20 || c > 0x7e || c == '"') return false;
  return true;
}

Result<RemoteEntry> read_entry(const json& object) {
  if (!object.is_object()) return odd();
  const std::string* name = text_in(object, "name");
  const std::string* kind = text_in(object, "kind");
  const std::string* changed = text_in(object, "changed");
  if (name == nullptr || kind == nullptr || changed == nullptr) return odd();
  if (!base::parse_rfc3339(*changed).ok()) return odd();
  RemoteEntry entry;
  entry.name = *name;
  entry.changed = *changed;
  if (*kind == "folder") {
    entry.kind = Kind::folder;
    return entry;
  }
  const auto size = object.find("size");
  const std::string* type = text_in(object, "type");
  const std::string* etag = text_in(object, "etag");
  if (*kind != "file" || size == object.end() || !size->is_number_unsigned() || type == nullptr ||
      etag == nullptr || !entity_tag(*etag))
    return odd();
  entry.size = size->get<std::uint64_t>();
  entry.type = *type;
  entry.etag = *etag;
  return entry;
}

std::string shown(std::string_view text) { return printable(text.substr(0, kShownBytes)); }

}  // namespace

Result<RemoteEntry> parse_entry(std::string_view text) {
  return read_entry(json::parse(text, nullptr, false));
}

Result<Listing> parse_listing(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return odd();
  const auto entries = object.find("entries");
  if (entries == object.end() || !entries->is_array()) return odd();
  Listing listing;
  for (const json& entry : *entries) {
    RemoteEntry read = TRY(read_entry(entry));
    listing.entries.push_back(std::move(read));
  }
  if (object.contains("next")) {
    const std::string* next = text_in(object, "next");
    if (next == nullptr || next->empty()) return odd();
    listing.next = *next;
  }
  return listing;
}

std::string Problem::text() const {
  if (title.empty()) return shown(detail);
  if (detail.empty()) return shown(title);
  return shown(title) + ": " + shown(detail);
}

Problem parse_problem(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  Problem problem;
  if (!object.is_object()) return problem;
  for (auto [name, member] : {std::pair{"type", &problem.type}, std::pair{"title", &problem.title},
                              std::pair{"detail", &problem.detail}})
    if (const std::string* found = text_in(object, name)) *member = *found;
  return problem;
}

}  // namespace client

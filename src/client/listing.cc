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
constexpr std::size_t kUrlBytes = 1000;

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

/// Letters and digits: what may stand in a URL as it is.
bool plain_id(std::string_view text) {
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  return !text.empty() && text.size() <= 64;
}

Result<Trashed> read_trashed(const json& object) {
  if (!object.is_object()) return odd();
  const std::string* id = text_in(object, "id");
  const std::string* kind = text_in(object, "kind");
  const std::string* path = text_in(object, "path");
  const std::string* removed = text_in(object, "removed");
  const std::string* expires = text_in(object, "expires");
  if (id == nullptr || kind == nullptr || path == nullptr || removed == nullptr ||
      expires == nullptr || !plain_id(*id))
    return odd();
  if (!base::parse_rfc3339(*removed).ok() || !base::parse_rfc3339(*expires).ok()) return odd();
  Trashed item{*id, *kind == "folder" ? Kind::folder : Kind::file, *path, 0, *removed, *expires};
  if (item.kind == Kind::folder) return item;
  const auto size = object.find("size");
  if (*kind != "file" || size == object.end() || !size->is_number_unsigned()) return odd();
  item.size = size->get<std::uint64_t>();
  return item;
}

Result<SharedLink> read_link(const json& object) {
  if (!object.is_object()) return odd();
  const std::string* id = text_in(object, "id");
  const std::string* kind = text_in(object, "kind");
  const std::string* path = text_in(object, "path");
  const std::string* created = text_in(object, "created");
  const std::string* expires = text_in(object, "expires");
  const auto password = object.find("password");
  if (id == nullptr || kind == nullptr || path == nullptr || created == nullptr ||
      expires == nullptr || password == object.end() || !password->is_boolean() || !plain_id(*id))
    return odd();
  if (!base::parse_rfc3339(*created).ok() || !base::parse_rfc3339(*expires).ok()) return odd();
  if (*kind != "file" && *kind != "folder") return odd();
  return SharedLink{*id,      *kind == "folder" ? Kind::folder : Kind::file,
                    *path,    *created,
                    *expires, password->get<bool>(),
                    ""};
}

/// What a person can hand on, and a shell or a terminal takes for nothing else.
bool plain_url(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
          std::string_view("-._~:/[]").contains(c)))
      return false;
  return text.size() <= kUrlBytes;
}

/// The cursor of what comes after; empty where nothing does.
Result<std::string> next_in(const json& object) {
  if (!object.contains("next")) return std::string();
  const std::string* next = text_in(object, "next");
  if (next == nullptr || next->empty()) return odd();
  return *next;
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
  listing.next = TRY(next_in(object));
  return listing;
}

Result<TrashListing> parse_trash(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return odd();
  const auto items = object.find("items");
  if (items == object.end() || !items->is_array()) return odd();
  TrashListing listing;
  for (const json& item : *items) {
    Trashed read = TRY(read_trashed(item));
    listing.items.push_back(std::move(read));
  }
  listing.next = TRY(next_in(object));
  return listing;
}

Result<SharedLink> parse_made_link(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  SharedLink link = TRY(read_link(object));
  const std::string* url = text_in(object, "url");
  if (url == nullptr || !plain_url(*url)) return odd();
  link.url = *url;
  return link;
}

Result<std::vector<SharedLink>> parse_links(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return odd();
  const auto links = object.find("links");
  if (links == object.end() || !links->is_array()) return odd();
  std::vector<SharedLink> all;
  for (const json& link : *links) {
    SharedLink read = TRY(read_link(link));
    all.push_back(std::move(read));
  }
  return all;
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

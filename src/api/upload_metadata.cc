#include "api/upload_metadata.h"

#include "base/bytes.h"

namespace api {
namespace {

base::Error malformed() {
  return {base::Code::invalid,
          "Upload-Metadata: names with a base64 value each, a comma between, and `path` one of "
          "them"};
}

}  // namespace

base::Result<UploadMetadata> parse_upload_metadata(std::string_view header) {
  std::optional<std::string> path;
  std::optional<std::string> filename;
  std::optional<std::string> type;
  std::optional<std::string> modified;
  while (!header.empty()) {
    const auto comma = header.find(',');
    if (comma + 1 == header.size()) return malformed();  // nothing comes behind it
    std::string_view pair = header.substr(0, comma);
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    while (pair.ends_with(' ')) pair.remove_suffix(1);
    if (pair.empty()) return malformed();
    const auto space = pair.find(' ');
    const std::string_view name = pair.substr(0, space);
    std::string value;
    if (space != std::string_view::npos) {
      const auto bytes = base::parse_base64(pair.substr(space + 1));
      if (!bytes.ok()) return malformed();
      value = base::text(*bytes);
    }
    auto* known = name == "path"       ? &path
                  : name == "filename" ? &filename
                  : name == "filetype" ? &type
                  : name == "modified" ? &modified
                                       : nullptr;
    if (known == nullptr) continue;
    if (known->has_value()) return malformed();
    *known = std::move(value);
  }
  if (!path) path = std::move(filename);
  if (!path || path->empty()) return malformed();
  UploadMetadata metadata{std::move(*path), std::move(type).value_or(""), {}};
  if (modified) {
    const auto time = base::parse_rfc3339(*modified);
    if (!time.ok()) return malformed();
    metadata.modified = *time;
  }
  return metadata;
}

}  // namespace api

// What a client sends of records, taken apart: one draft, or a list of changes. Strict: a member
// that is not known, given twice or of another kind is refused. A document within is taken as it
// stands, byte for byte (workspace/document.h). Owns nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/http.h"
#include "workspace/records.h"

namespace api {

inline constexpr std::size_t draft_bytes_max = workspace::document_bytes_max + (16UL << 10);
inline constexpr std::size_t batch_bytes_max = 4UL << 20;

/// `{"document": {…}, "subject"?: "…", "expires"?: "…"}`
base::Result<workspace::Draft> parse_draft(const std::string& text);
/// `{"changes": [{"collection": "…", "id"?: "…", "document": {…}, …, "if_match"?: "…",
/// "if_none_match"?: "*"}, {"collection": "…", "id": "…", "delete": true, …}]}`. `at`: which change
/// is wrong, where one is.
base::Result<std::vector<workspace::Change>> parse_changes(const std::string& text,
                                                           std::optional<std::size_t>& at);
/// `{"schema"?: {…}}`
base::Result<std::optional<workspace::Document>> parse_collection(const std::string& text);

}  // namespace api

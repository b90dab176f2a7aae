// Holds the tree against the JSON Schema: keys, types, words, forms. Says each fault at its line and
// in our words, with what would be right from the schema's own descriptions. Knows no meaning beyond
// the schema.
#pragma once

#include <string_view>

#include "notice/diagnostic.h"
#include "notice/node.h"

namespace notice {

/// Reports every fault of shape. `schema` is JSON Schema draft 7, ours and therefore sound.
void check_schema(const Node& root, std::string_view schema, Findings& findings);

}  // namespace notice

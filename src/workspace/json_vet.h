// Whether a JSON object is a JSON Schema (draft 7) as it is taken here: every keyword known and of
// its kind, every reference to a definition of its own. Internal to the workspace. Owns nothing;
// what passes, the check of documents trusts.
#pragma once

#include <string_view>

#include "workspace/json_patterns.h"

namespace workspace {

/// How a reference to a definition begins.
inline constexpr std::string_view kDefinition = "#/definitions/";

/// Adds the schema's patterns to `patterns`. Code::invalid for what is no such schema.
base::Result<void> vet_schema(std::string_view text, Patterns& patterns);

}  // namespace workspace

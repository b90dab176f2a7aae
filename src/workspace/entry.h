// Between an Entry and the sealed record that holds it. Internal to the workspace.
#pragma once

#include "workspace/workspace.h"

namespace workspace {

constexpr base::Literal kEntries = "workspace_entry";
constexpr base::Literal kContent = "workspace_content";

vault::Fields to_fields(const Entry& entry);
base::Result<Entry> to_entry(const vault::Record& record);

}  // namespace workspace

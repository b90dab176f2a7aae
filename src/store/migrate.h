// Bringing a database up to this program's schemas, forward only. Owns the table `schema_version`;
// never alters what a newer program has written.
#pragma once

#include <span>

#include "store/connection.h"

namespace store {

/// Runs the steps that each module's tables lack, each module's in one transaction. Code::conflict,
/// with nothing changed, where one of them is newer than this program.
base::Result<void> migrate(Connection& connection, std::span<const Schema> schemas);

}  // namespace store

// The root record as bytes: what a holder keeps in a slot. Owns nothing.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "keys/root_holder.h"

namespace keys {

constexpr std::size_t kRootRecordSize = 80;

/// epoch u64 | root key 32 | root page u64 | SHA-256 of these.
base::SecretBytes encode_root(const Root& root);
/// Nothing where `record` is empty, destroyed or torn.
std::optional<Root> parse_root(base::View record);

}  // namespace keys

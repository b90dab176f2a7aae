// Whether bytes are CBOR (RFC 8949) that may be given to a library: definite lengths that lie
// within the bytes, nesting that is shallow. Reads headers alone; owns nothing, allocates nothing.
#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.h"

namespace accounts {

/// How many items the bytes are, one behind the other; nothing where they are anything else. As
/// CTAP2 has it (8, message encoding): no indefinite lengths, four levels deep at most.
std::optional<std::size_t> cbor_items(base::View bytes);

}  // namespace accounts

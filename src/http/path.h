// A request's path, from the form on the wire to the one that routes and handlers see. Owns
// nothing; never repairs: a path that could mean two things is refused, so that no two spellings
// reach the same thing by surprise.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace http {

inline constexpr std::size_t path_bytes_max = 4096;  // as decoded

/// Decodes once. Code::invalid for what does not begin with a slash; broken percent-encoding; an
/// encoded slash; a backslash, plain or encoded; NUL and control characters; bytes that are not
/// UTF-8; `.` and `..` segments, plain or encoded; an empty segment before the end; a raw character
/// that a URI may not hold. Code::too_large where it is too long.
base::Result<std::string> decode_path(std::string_view raw);

}  // namespace http

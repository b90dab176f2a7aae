// Conditional requests (RFC 9110, 13) by entity tag. Owns nothing; never looks at dates: everything
// here has a tag, and a tag decides before a date does.
#pragma once

#include <optional>
#include <string_view>

#include "http/http.h"
#include "http/range.h"

namespace http {

enum class Condition : std::uint8_t {
  proceed,
  not_modified,  // answer 304 with the ETag, for GET and HEAD
  failed,        // answer 412
};

/// If-Match and If-None-Match against the current tag, quotes included (`"abc"` or `W/"abc"`);
/// nothing where there is no representation now.
Condition check_conditions(const Request& request, std::optional<std::string_view> etag);

/// The Range header, as far as If-Range lets it hold for this tag. Only GET has ranges.
Range requested_range(const Request& request, std::string_view etag, std::uint64_t size);

/// The answer where the request is not to proceed: 304 with the tag, or 412. Nothing where it is.
std::optional<Response> refused_by_conditions(const Request& request, std::string_view etag);
/// 416.
Response range_unsatisfiable(std::uint64_t size);

}  // namespace http

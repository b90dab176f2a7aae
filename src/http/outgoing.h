// The last steps of every response: the page of an error, the caller's Finish, the security
// headers, the request id, and the bytes of the head. Owns nothing; never sends a header that
// could be read as two.
#pragma once

#include <string>

#include "http/service.h"

namespace http {

/// Makes the response ready to send. One that cannot be sent becomes a 500.
void complete(const Service& service, const Request& request, Response& response);

/// Whether a body follows the head; a HEAD request's response says how large it would be.
enum class Body : std::uint8_t { none, follows };
Body body_of(const Request& request, const Response& response);

/// Status line and headers, with the empty line.
std::string serialize_head(const Service& service, const Request& request, const Response& response,
                           Head::After after);

}  // namespace http

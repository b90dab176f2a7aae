// The Host of a request: syntax, normal form, and which names mean this machine. Owns nothing;
// never asks a resolver.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace http {

enum class Scheme : std::uint8_t { http, https };

/// Lower case, without the scheme's own port. Code::invalid for what is not `name`, `name:port`,
/// an IPv4 address or a bracketed IPv6 address.
base::Result<std::string> parse_authority(std::string_view raw, Scheme scheme);
/// The name or address of a parsed authority, without port, brackets kept.
std::string_view host_of(std::string_view authority);
/// localhost, names under it, 127.0.0.0/8 and [::1].
bool is_loopback_name(std::string_view host);

}  // namespace http

// The account that a request says it means, by a header or, where it can have none (a link, a
// picture), by a parameter: a session can have moved to another since its page was loaded. Owns the
// two names and the refusal; never knows which account a session is in.
#pragma once

#include <string_view>

#include "http/http.h"

namespace http {

/// Nothing where `account` is the one that the request means, or it names none; else
/// other_account().
base::Result<void> means(const Request& request, std::string_view account);

/// Code::conflict; told apart from others, as a problem of its own, by is_other_account().
base::Error other_account();
bool is_other_account(const base::Error& error);

}  // namespace http
